"""Inferring a closed set of answers from the prose of a spec.

A wrong set breaks a program and a missing one only loses a guarantee, so a set needs much evidence
and is dropped when another reading of the text contradicts it. `readings.find` gives the candidates;
here what speaks for and against each is named, and `_WEIGHTS` says how much it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .readings import Reading, find, is_prose, is_quoted, shape, unquoted

#: More answers than this are a vocabulary, not a contract.
MOST_LABELS = 32

#: Outputs that are built, copied or collected rather than chosen.
_COMPOSED = re.compile(
    r"""comma[- +]separated|separated?\ (?:by|with|them)|\ball\ (?:that|which)\ appl|one\ per\ line
      |multi-?label|joined\ (?:by|with)|\blist\ (?:every|all|each|the)\b|\barray\b|\bminified\b
      |\beach\ once\b|\balphabetic|\bcorrected\b|\brewrit|\btranslat|\bverbatim\b|\bkey=value
      |\bwith\ \S+\ between|\b(?:those|ones|tags)\ (?:that|which)\ apply|\b(?:fixed|that|this)\ order\b[:,)]
      |\bseparate\ \w+\ (?:with|by)|\bcomma\ ?(?:\+|and)\ ?(?:space|blank)|\bin\ that\ order\b
      |\{\s*"|":|<\w+>|…\s*\}""",
    re.VERBOSE | re.IGNORECASE,
)
_REST = (
    r"(?:(?:any|every)(?:thing|body|one|where)(?: else)?|nothing(?: else)?|no one|none|neither"
    r"|(?:all |any )?(?:the )?others?|(?:all |for )?the (?:rest|remainder)"
    r"|(?:all |any |every )(?:else|other|remaining)|rest|no \w+"
    r"|if (?:none|nothing|no|not|unsure|unclear|in doubt))"
)
_ELSE = r"(?:otherwise|or else|else|in (?:all|any) (?:other|remaining) cases?)"
_TELL = r"(?:answer|say|print|output|reply|return|use|give|write|it is|it's|is|with|then)"
_LABEL = r"[\"'“`]?(\w[\w+-]*)[\"'”`]?"
_CLAUSE = re.compile(r"[.!?](?=\s|$)|[;,\n()]|\s[–—-]+\s")
#: Places where a text says an answer, whatever the reading.
_QUOTE = r"[\"“]([^\"“”\n]{1,30})[\"”]"
_SAID = re.compile(
    rf"""\b(?i:say|print|output|answer|reply|return|write|give|report|use)s?
        \ (?:with\ |just\ |only\ |it\ is\ )?
          (?:{_QUOTE}|([\w?~-][\w+.~-]*?))(?=\ (?:if|when|where|unless)\b|[.;,\n)]|$)
      | \bor\ (?:{_QUOTE}|([\w?~-][\w+-]*))(?=\ (?:if|when|where|unless)\b)
      | (?:\w:|->|→|=>)\ (?:{_QUOTE}|([\w~+-]+|\?))(?=[.;\n]|$)
      | {_QUOTE}\ (?:if|when)\b""",
    re.VERBOSE,
)
#: The inputs that no other answer fits, and the answer named for them, in one clause.
_RESTS = (
    re.compile(
        rf"(?:and |or |but |in |for |with )*{_REST}\b(?: [\w'-]+){{0,4}}?"
        rf"(?: ?(?:->|→|=>|=|:)| is| are| gets?| becomes?| means?| as| to| under)(?: {_TELL})? ?{_LABEL}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:.* )?{_ELSE}(?: it)?(?: {_TELL})?[ :]{{1,2}}{_LABEL}", re.IGNORECASE),
    re.compile(rf"(?:.*\b(?:or|and|{_TELL}|->|→) )?{_LABEL} {_ELSE}", re.IGNORECASE),
    re.compile(
        rf"(?:.*\b(?:or|and|{_TELL}) )?{_LABEL} ?(?:=|:|for|if|when|is|->|→|in|means|covers) ?"
        rf"(?:for |in |if |it's |it is )?{_REST}\b(?: [\w'-]+){{0,4}}",
        re.IGNORECASE,
    ),
)
#: A sentence that concludes with an answer: `If none of these: none`, `If all hold print FINE`.
_IF = re.compile(
    rf"""(?:^|[.;\n]\ ?)(?:if|when|no|nothing|none|real|in\ all|in\ any)\b[^.;:\n]*?(?:[,:]|->|→)?
      \ (?:then\ |{_TELL.replace(" ", "[ ]")}\ )*
      (?:(?<=[,:]\ )|(?<=→\ )|(?<=print\ )|(?<=say\ )|(?<=output\ )|(?<=answer\ )|(?<=write\ ))
      {_LABEL}(?=[.;\n]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST = frozenset(("pipes", "slashes", "commas", "ranks", "explained"))
#: How much each kind of evidence counts. Fitted by logistic regression over the readings of the training
#: split of FuzzyBench, so that e to the power of a sum is the odds of a right set; kinds near 0 left out.
# fmt: off
_WEIGHTS: dict[str, float] = {
    "to-the-end": 2.1, "defined-when": 1.7, "said-all": 1.7, "defined-dash": 1.7, "rest-known": 1.6,
    "defined-:": 1.5, "shown+2-labels": 1.4, "shown": 1.3, "shown-several": 1.2, "defined-=": 1.2,
    "agrees": 1.1, "shown+quoted": 1, "all-caps": 1, "cut-first": 1, "joined/tells": 1,
    "clean+several+said-all": 1, "clean+closed+shown": 0.9, "4-labels": 0.9, "joined": 0.9,
    "rest-added-beside": 0.9, "pipes": 0.9, "clean+several+defined-:": 0.9, "tells/to-the-end": 0.8,
    "slashes/after-arrow": 0.8, "ranks/mid-sentence": 0.8, "shown+agrees": 0.7, "rest-added/clauses":
    0.7, "slashes": 0.7, "after-arrow/to-a-mark": 0.7, "joined/after-colon": 0.7, "concluded-arrow":
    0.7, "tells": 0.6, "after-arrow/to-the-end": 0.6, "pipes/after-arrow": 0.6, "all-number": 0.6,
    "after-colon/runs-on": 0.6, "pipes/mid-sentence": 0.6, "clean": 0.5, "no-rest": 0.5, "said-inside":
    0.5, "clean+agrees": 0.5, "names": 0.5, "defined-when-quoted": 0.5, "clean+several+concluded-:":
    0.5, "all-again": 0.4, "names/to-the-end": 0.4, "8-labels": 0.4, "joined/sentence-start": 0.4,
    "names/to-a-mark": 0.4, "sentence-start/to-the-end": 0.3, "to-a-mark": -0.3, "sentence-start": -0.3,
    "sentence-start/to-a-mark": -0.3, "cut-last": -0.4, "names/runs-on": -0.4, "slashes/names": -0.4,
    "concluded-:": -0.4, "joined/names": -0.4, "commas": -0.5, "in-note": -0.5, "line-starts": -0.5,
    "mid-sentence": -0.6, "commas/mid-sentence": -0.6, "clean+several+said-outside": -0.6,
    "slashes/mid-sentence": -0.6, "all-code": -0.6, "defined-note": -0.7, "explained": -0.7,
    "joined/mid-sentence": -0.7, "clean+several+said-outside-often": -0.7, "quoted": -0.8, "rest-added":
    -0.8, "clean+all-again": -0.8, "runs-on": -0.9, "clean+shown": -0.9, "all-capital": -0.9,
    "after-colon/to-a-mark": -0.9, "composed": -1, "commas/sentence-start": -1.1, "after-arrow/runs-on":
    -1.1, "blanks": -1.1, "asks-other": -1.2, "odd-characters": -1.2, "mixed-shapes": -1.3,
    "long-first": -1.3, "said-outside": -1.4, "speaks-of-json": -1.4, "2-labels": -1.5,
    "defined-:-quoted": -1.5, "said-outside-often": -1.8, "half-quoted": -2.1, "one-shape-only": -2.1,
    "many-words": -2.3, "bare-clause": -2.3, "rest-missed": -2.6, "long-label": -2.7,
}
# fmt: on
_BIAS = -1.9
#: A set is taken if it is this likely by itself (log odds), and by so much likelier than a rival. On
#: training data that leaves one wrong set in fifty.
_ENOUGH = 1.0
_MARGIN = 3.0


def infer(description: str, outputs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The closed set of answers that `description` names, in its order; empty unless it is plain.

    `outputs` are the answers of the spec's examples: a set that lacks one of them is refused, and
    one that holds them gains weight.
    """
    weighed = [(_score(one), one.labels) for one in candidates(description.strip(), outputs)]
    if not weighed:
        return ()
    score, labels = max(weighed, key=lambda one: (one[0], len(one[1])))
    rival = max((other for other, theirs in weighed if not set(theirs) <= set(labels)), default=-9.0)
    return labels if score >= _ENOUGH and score - rival >= _MARGIN else ()


def _score(reading: Reading) -> float:
    return _BIAS + sum(_WEIGHTS.get(name, 0.0) for name in reading.evidence)


def candidates(text: str, outputs: tuple[str, ...]) -> list[Reading]:
    """The readings that the examples allow, equal ones merged, with all their evidence."""
    rests = list(_rests(text))
    said = {next(filter(None, match.groups()), "") for match in _SAID.finditer(text)}
    said = {word for word in said if word and not is_prose(word)}
    common = _about_text(text) | _about_outputs(outputs)
    merged: dict[tuple[str, ...], frozenset[str]] = {}
    for one in find(text):
        for labels, rest in _with_rest(one.labels, rests):
            distinct = 2 <= len(labels) <= MOST_LABELS and len(set(labels)) == len(labels)
            if not distinct or not all(output in labels for output in outputs):
                continue
            evidence = one.evidence | common | _about_labels(labels, text, said) | {rest}
            if rest.startswith("rest-added"):
                evidence |= {f"{rest}/list" if evidence & _LIST else f"{rest}/clauses"}
            if labels in merged:
                evidence |= merged[labels] | {"agrees"}
            merged[labels] = evidence
    return [Reading(labels, _combined(evidence)) for labels, evidence in merged.items()]


def _about_text(text: str) -> set[str]:
    evidence = {"composed"} if _COMPOSED.search(text) else set()
    return evidence | ({"speaks-of-json"} if re.search(r"\bjson\b", text, re.IGNORECASE) else set())


def _about_outputs(outputs: tuple[str, ...]) -> set[str]:
    return {"shown", "shown-several"} if len(set(outputs)) > 1 else {"shown"} if outputs else set()


def _about_labels(labels: tuple[str, ...], text: str, said: set[str]) -> set[str]:
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
    doubts = {"composed", "speaks-of-json", "asks-other", "odd-characters", "half-quoted", "long-label"}
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


def _rests(text: str) -> Iterator[str]:
    """The answers named for all other inputs."""
    for clause in _CLAUSE.split(text):
        for pattern in _RESTS:
            match = pattern.fullmatch(clause.strip())
            if match and not is_prose(match[1]):
                yield unquoted(match[1])
                break
    for match in _IF.finditer(text):
        if not is_prose(match[1]):
            yield unquoted(match[1])


def _with_rest(labels: tuple[str, ...], rests: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The labels as read, and with an answer for all other inputs that they lack."""
    shapes = {shape(label) for label in labels}
    missing = tuple(dict.fromkeys(rest for rest in rests if rest not in labels and shape(rest) in shapes))
    known = any(rest in labels for rest in rests)
    yield labels, "rest-missed" if missing else "rest-known" if known else "no-rest"
    if len(missing) == 1:
        yield (*labels, *missing), "rest-added-beside" if known else "rest-added"
