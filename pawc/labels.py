"""Inferring a closed set of answers from the prose of a spec.

A wrong set breaks a program; a missing one loses a guarantee and leaves the spec to a target that is weaker
at labels (targets.default). There are two steps. First each word gets the odds of being an answer, from the
places where it stands (`mentions`). Then the sets that `readings` finds, and those that the strongest words
make, are weighed against each other and against there being none: what speaks for and against each is named,
and `label_weights`, fitted by `pawtrainer.fit_labels`, says how much it counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .label_weights import AGAIN, SETS, WORDS
from .lexis import JOINS, is_quoted, shape
from .mentions import LIMIT, Mentions, clipped, find_mentions, kind_of, probability, strengths
from .readings import Reading, find
from .rests import find_rests, find_said

#: More answers than this are a vocabulary, not a contract.
MOST_LABELS = 32
#: A set is taken if it is so likely, beside all others and none. Of held-out functions with labels that finds
#: almost four in five; of the sets found 92 % are right (trainer/LOG.md).
ENOUGH = 0.65
#: Log odds: weaker words are no part of a set; strong ones complete one; a place's own words may be weaker.
_FAINT, _STRONG, _WEAK, _HOPELESS = -3.0, 0.0, -1.0, -4.5
#: Sets of words from one place have no more members; assembled ones stand out from the next word so far.
_MOST_MEMBERS, _MOST_ASSEMBLED, _GAP = 10, 15, 0.2
#: Words that only a list or a quotation may call answers.
_NEVER = JOINS | {"a", "an", "the", "is", "are", "of", "with", "by", "than", "as", "if", "when"}
#: Forms of lists, to which a clause may add an answer.
_LIST = frozenset(("pipes", "slashes", "commas", "ranks", "explained"))

#: Outputs that are built, copied or collected rather than chosen.
_COMPOSED = re.compile(
    r"""comma[- +]separated|separated?\ (?:by|with|them)|\ball\ (?:that|which)\ appl|one\ per\ line
      |multi-?label|joined\ (?:by|with)|\blist\ (?:every|all|each|the)\b|\barray\b|\bminified\b
      |\beach\ once\b|\balphabetic|\bcorrected\b|\brewrit|\btranslat|\bverbatim\b|\bkey=value
      |\bwith\ \S+\ between|\b(?:those|ones|tags)\ (?:that|which)\ apply|\b(?:fixed|that|this)\ order\b[:,)]
      |\bseparate\ \w+\ (?:with|by)|\bcomma\ ?(?:\+|and)\ ?(?:space|blank)|\bin\ that\ order\b
      |\bstarts?\ (?:the\ answer\ )?with\b[^.]*:|\blooks?\ like\ \w+:
      |\{\s*"|":|<\w+>|…\s*\}""",
    re.VERBOSE | re.IGNORECASE,
)
#: Beyond doubt: several answers at once, or pairs that only show what is meant.
_OPEN = re.compile(
    r"\ball\ (?:that|which)\ appl|\b(?:those|ones|tags)\ (?:that|which)\ apply"
    r"|(?:\be\.g\.|\bfor example|\bsuch as)[^.\n]*(?:->|→|=>)",
    re.IGNORECASE,
)
_INSTANCES = re.compile(r"\be\.g\.|\bfor (?:example|instance)|\bsuch as", re.IGNORECASE)
_TASK_WORDS = """
    alphabetical amount array as assign category change classify code comma convert copy correct count counts
    date decide digit digits does drop each exactly expand extract field fields fill first fix flag form
    format go grade how into is join json judge key keys kind label labels leave level line list lower
    lowercase map mask name names normalise number numbers object one order otherwise output print rate remove
    replace
    result return rewrite say separator should shorten sort spelling split strip summarise tell text time
    title translate turn unchanged upper uppercase value values verdict what when where whether which who
    word words write yes
"""
#: Words that tell a choice among answers from an output that is built; each is evidence by its own name.
_TASK = frozenset(_TASK_WORDS.split())


@dataclass(frozen=True)
class Clues:
    """What the whole text has to say, for all sets."""

    text: str
    outputs: tuple[str, ...]
    readings: tuple[Reading, ...]
    rests: tuple[str, ...]
    said: frozenset[str]
    mentions: Mentions


@dataclass(frozen=True)
class Candidate:
    """Possible answers, and how much there is of what speaks for and against them."""

    labels: tuple[str, ...]
    evidence: Mapping[str, float]


def infer(description: str, outputs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The closed set of answers that `description` names, in its order; empty unless it is plain.

    `outputs` are the answers of the spec's examples: a set that lacks one of them is refused, and
    one that holds them gains weight.
    """
    if _OPEN.search(description):
        return ()
    found = candidates(look(description.strip(), outputs))
    odds = [math.exp(min(30.0, score(one.evidence, SETS))) for one in found]
    best = max(range(len(found)), key=odds.__getitem__, default=None)
    if best is None or odds[best] < ENOUGH * (1 + math.fsum(odds)):
        return ()
    return found[best].labels


def score(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.fsum(weights.get(name, 0.0) * amount for name, amount in evidence.items())


def look(text: str, outputs: tuple[str, ...]) -> Clues:
    readings = tuple(find(text))
    rests, said = tuple(dict.fromkeys(find_rests(text))), frozenset(find_said(text))
    mentions = find_mentions(text, readings, outputs, {"rest": rests, "said": said})
    return Clues(text, outputs, readings, rests, said, mentions)


def candidates(
    clues: Clues, words: Mapping[str, float] = WORDS, again: Mapping[str, float] = AGAIN
) -> list[Candidate]:
    """The sets that the examples allow, with all their evidence; sets of the same labels are merged."""
    strength = strengths(clues.mentions, words, again)
    merged: dict[frozenset[str], tuple[tuple[str, ...], frozenset[str]]] = {}
    for labels, evidence in _proposals(clues, strength):
        key = frozenset(labels)
        distinct = 2 <= len(labels) <= MOST_LABELS and len(key) == len(labels)
        if distinct and key.issuperset(clues.outputs):
            first, others = merged.get(key, (labels, None))
            merged[key] = first, evidence if others is None else evidence | others | {"agrees"}
    about = _about_text(clues.text) | _about_outputs(clues.outputs)
    return [
        Candidate(labels, _evidence(labels, found | about, clues, strength))
        for labels, found in merged.values()
    ]


_Proposal = tuple[tuple[str, ...], frozenset[str]]


def _proposals(clues: Clues, strength: Mapping[str, float]) -> Iterator[_Proposal]:
    """Sets that may be the answers: as read, from like places, of strong words, and all of these amended."""
    bases: dict[tuple[str, ...], None] = {}
    for one in clues.readings:
        bases[one.labels] = None
        for labels, rest in _with_rest(one.labels, clues.rests):
            evidence = one.evidence | {rest}
            if rest.startswith("rest-added"):
                evidence |= {f"{rest}/list" if evidence & _LIST else f"{rest}/clauses"}
            yield labels, evidence
    for labels in _assembled(strength, clues.outputs):
        yield labels, frozenset({"assembled"})
    for members in clues.mentions.groups.values():
        some = tuple(unit for unit in members if strength[unit] > _HOPELESS)
        if 1 < len(some) <= _MOST_MEMBERS:
            bases[some] = None
            for labels, rest in _with_rest(some, clues.rests):
                yield labels, frozenset({"assembled", rest})
    for base in (base for base in bases if len(base) <= MOST_LABELS):
        for labels in _amended(base, strength):
            yield labels, frozenset({"amended"})


def _with_rest(labels: tuple[str, ...], rests: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The labels as read, and with an answer for all other inputs that they lack."""
    shapes = {shape(label) for label in labels}
    missing = tuple(dict.fromkeys(rest for rest in rests if rest not in labels and shape(rest) in shapes))
    known = any(rest in labels for rest in rests)
    yield labels, "rest-missed" if missing else "rest-known" if known else "no-rest"
    if len(missing) == 1:
        yield (*labels, *missing), "rest-added-beside" if known else "rest-added"


def _assembled(strength: Mapping[str, float], outputs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The strongest words, as many as stand out from the next: of all words, and of those of one shape."""
    order = {unit: at for at, unit in enumerate(strength)}
    likely = (unit for unit in strength if strength[unit] > _FAINT and unit not in _NEVER)
    ranked = sorted({*likely, *outputs} & strength.keys(), key=lambda unit: (-strength[unit], order[unit]))
    for only in (None, *dict.fromkeys(map(shape, ranked))):
        some = [unit for unit in ranked if only is None or shape(unit) == only]
        taken: list[str] = []
        for unit, after in zip(some, (*some[1:], None), strict=False):
            parts = {part for label in taken for part in label.split()}
            if unit in parts or any(part in taken for part in unit.split()):
                continue
            taken.append(unit)
            stands_out = after is None or strength[unit] - strength[after] > _GAP
            if stands_out and len(taken) > 1:
                yield tuple(sorted(taken, key=order.__getitem__))
            if len(taken) == _MOST_ASSEMBLED:
                break


def _amended(labels: tuple[str, ...], strength: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    """The labels with strong words that they lack, and without weak ones."""
    parts = {part for label in labels for part in label.split()}
    lacking = [unit for unit in strength if not (unit in labels or unit in parts or unit in _NEVER)]
    kept = tuple(label for label in labels if strength.get(label, 0.0) > _WEAK)
    yield kept
    strong = tuple(unit for unit in lacking if strength[unit] > _STRONG)
    if strong:
        shapes = {shape(label) for label in labels}
        yield (*labels, *strong)
        yield (*kept, *strong)
        yield (*labels, *(unit for unit in strong if shape(unit) in shapes))
    best = sorted((unit for unit in lacking if strength[unit] > _FAINT), key=lambda unit: -strength[unit])[:2]
    for some in (best[:1], best[1:], best):
        if some:
            yield (*labels, *some)


def _evidence(
    labels: tuple[str, ...], names: frozenset[str], clues: Clues, strength: Mapping[str, float]
) -> dict[str, float]:
    """Everything named for and against a set, with amounts; `none` is what speaks against any set."""
    key = frozenset(labels)
    names |= _about_labels(labels, clues.text, clues.said) | _lists_beside(key, clues.readings)
    names = _combined(names) | _parallels(key, clues.mentions) | {"none"}
    parts = {part for label in labels for part in label.split()}
    inside = [strength.get(label, _FAINT) for label in labels]
    outside = [s for unit, s in strength.items() if unit not in key and not parts.issuperset(unit.split())]
    weakest, outsider = min(inside), max(outside, default=-LIMIT)
    return dict.fromkeys(names, 1.0) | {
        "weakest": clipped(weakest),
        "weakest-likely": probability(weakest),
        "average": clipped(math.fsum(inside) / len(inside)),
        "outsider": clipped(outsider),
        "outsider-likely": probability(outsider),
        "gap": clipped(clipped(weakest) - clipped(outsider)),
        "doubt-inside": math.fsum(-math.log(probability(s)) for s in inside),
        "doubt-outside": math.fsum(-math.log(probability(-s)) for s in outside),
    }


def _lists_beside(labels: frozenset[str], readings: Sequence[Reading]) -> set[str]:
    """Whether a reading has these labels and more, or some of them."""
    sets = [frozenset(one.labels) for one in readings if not one.evidence & {"many-words", "blanks"}]
    more = min((len(one) - len(labels) for one in sets if one > labels), default=0)
    evidence = {"within-larger" if more > 1 else "within-one-larger"} if more else set()
    return evidence | ({"beyond-smaller"} if any(one < labels for one in sets) else set())


def _parallels(labels: frozenset[str], mentions: Mentions) -> set[str]:
    """The places that all or most labels share, and whether no other word of their shape stands there."""
    evidence = set()
    for (_, place), members in mentions.groups.items():
        kind, common = kind_of(place), len(labels.intersection(members))
        if common == len(labels):
            evidence |= {f"all:{place}", f"{kind}-all"}
            evidence |= {f"{kind}-all-alone"} if len(members) == common else set()
        elif common == len(labels) - 1 > 1:
            evidence |= {f"{kind}-most"}
            evidence |= {f"{kind}-most-alone"} if len(members) == common else set()
    return evidence


def _about_text(text: str) -> set[str]:
    """What kind of answer the text asks for, and how long it is."""
    evidence = {"composed"} if _COMPOSED.search(text) else set()
    evidence |= {"gives-instances"} if _INSTANCES.search(text) else set()
    evidence |= {f"says:{word}" for word in _TASK.intersection(re.findall(r"[a-z]+", text.lower()))}
    size = len(text.split())
    evidence.add("tiny" if size < 8 else "short" if size < 20 else "middling" if size < 45 else "lengthy")
    return evidence


def _about_outputs(outputs: tuple[str, ...]) -> set[str]:
    return {"shown", "shown-several"} if len(set(outputs)) > 1 else {"shown"} if outputs else set()


def _about_labels(labels: tuple[str, ...], text: str, said: frozenset[str]) -> set[str]:
    """Their number and shape, and where else the text uses or says them."""
    size = len(labels)
    evidence = {
        "2-labels" if size == 2 else "3-labels" if size == 3 else "4-labels" if size < 8 else "8-labels"
    }
    shapes = {shape(label) for label in labels}
    evidence.add(f"all-{shapes.pop()}" if len(shapes) == 1 else "mixed-shapes")
    again = [_is_repeated(label, text) for label in labels]
    evidence |= {"all-again"} if all(again) else {"half-again"} if 2 * sum(again) >= size else set()
    quoted = [is_quoted(label, text) for label in labels]
    evidence |= {"quoted"} if all(quoted) else {"half-quoted"} if any(quoted) else set()
    inside, outside = len(said.intersection(labels)), len(said.difference(labels))
    evidence |= {"said-all"} if inside == size else {"said-inside"} if inside else set()
    evidence |= {"said-outside"} if outside == 1 else {"said-outside-often"} if outside else set()
    if any(label.count(" ") > 1 and not marked for label, marked in zip(labels, quoted, strict=True)):
        evidence.add("long-label")
    if any(re.search(r"[^\w +/'-]", label) for label in labels):
        evidence.add("odd-characters")
    return evidence


def _is_repeated(label: str, text: str) -> bool:
    """Whether a text uses the label more than once as a word of its own."""
    count, at = 0, text.find(label)
    while at >= 0 and count < 2:
        before, after = text[at - 1 : at], text[at + len(label) : at + len(label) + 1]
        count += not (before.isalnum() or after.isalnum() or before in ("_", "-") or after in ("_", "-"))
        at = text.find(label, at + 1)
    return count > 1


def _combined(evidence: frozenset[str]) -> frozenset[str]:
    """Evidence that only counts together."""
    more = set()
    doubts = {"composed", "says:json", "asks-other", "odd-characters", "half-quoted", "long-label"}
    if not evidence & (doubts | {"mixed-shapes", "many-words"}):
        more.add("clean")
        closed = bool(evidence & {"to-the-end", "to-a-mark"})
        several = "2-labels" not in evidence
        if evidence & {"tells", "names", "after-arrow"} and closed:
            more.add("clean+asked+closed")
        if closed and "shown" in evidence:
            more.add("clean+closed+shown")
        more |= {
            f"clean+{name}" for name in evidence & {"agrees", "quoted", "all-again", "rest-known", "shown"}
        }
        if several:
            kinds = {name for name in evidence if name.startswith(("defined", "concluded", "said"))}
            more |= {f"clean+several+{name}" for name in kinds}
    if "shown" in evidence:
        more |= {f"shown+{name}" for name in evidence & {"agrees", "quoted", "2-labels", "to-the-end"}}
    return evidence | more
