"""How much speaks for each word of a spec being one of its answers, wherever the text puts it.

A reading sees one list or one run of definitions; answers are just as often strewn over sentences, as in
`Databases go to DBA. … Anything about packets goes to NETOPS.` So each word that a text uses gets the names
of the places where it stands: what comes before and after, its shape, and which readings hold it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .lexis import JOINS, KIND, VERB, Token, is_prose, shape, tokenise
from .readings import Reading

_BEFORE = {
    **dict.fromkeys(("is", "it's", "that's", "be"), "is"),
    **dict.fromkeys(("are", "were"), "are"),
    **dict.fromkeys(("means", "mean", "becomes", "become", "makes", "make", "counts", "count"), "means"),
    **dict.fromkeys(("get", "gets", "deserves", "earns", "wins", "called", "named"), "gets"),
    **dict.fromkeys(("to", "into", "under", "in"), "to"),
    **dict.fromkeys(("otherwise", "else", "then", "always", "still", "just", "simply"), "else"),
    **dict.fromkeys(("either", "between", "among", "of", "from"), "of"),
    **{word: word for word in ("as", "with", "for", "not", "no", "the", "a", "an", "if", "when", "than")},
    "by": "by",
}
_AFTER = {
    **dict.fromkeys(("if", "when", "whenever", "where", "wherever", "unless", "once", "whatever"), "if"),
    **dict.fromkeys(("means", "is", "are", "covers", "holds", "concerns"), "is"),
    **dict.fromkeys(("otherwise", "else", "elsewhere"), "else"),
    **{word: word for word in ("for", "only", "beats", "before", "that", "of", "in", "to")},
}
_TELLING = re.compile(rf"(?:{VERB}|{KIND}|one|classif\w+|labels?|call|sort|decide|tell|name)", re.IGNORECASE)
_INPUT = frozenset(("format", "form", "input", "inputs", "given", "separated", "split", "between"))
_LONG = 12
#: Log odds beyond these count no more.
LIMIT = 6.0


@dataclass(frozen=True)
class Mentions:
    """What speaks for and against each unit: a word of the text, or a longer label of some reading.

    `groups` has the units of one shape that stand in like places, at least two each.
    """

    about: dict[str, set[str]]
    groups: dict[tuple[str, str], list[str]]


def find_mentions(
    text: str, readings: Iterable[Reading], outputs: Sequence[str], named: Mapping[str, Iterable[str]]
) -> Mentions:
    """Every unit of the text, in the order of its first mention."""
    tokens = _flat(tokenise(text))
    found = _places(tokens, {label for one in readings for label in one.labels} | set(outputs))
    held = _held(readings)
    about: dict[str, set[str]] = {}
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit, places in found.items():
        its = shape(unit)
        about[unit] = set(places) | held.get(unit, set()) | _about(unit, its, places)
        if outputs:
            about[unit].add("shown" if unit in outputs else "unshown")
        about[unit] |= {kind for kind, some in named.items() if unit in some}
        if family := _family(unit):
            groups[family, "family"].append(unit)
        for place in dict.fromkeys(places):
            if "_" in place or ":" in place:
                groups[its, place].append(unit)
    groups = {key: members for key, members in groups.items() if len(members) > 1}
    fellows: dict[str, int] = defaultdict(int)
    for (_, place), members in groups.items():
        for unit in members if "_" in place else ():
            fellows[unit] = max(fellows[unit], len(members))
    for unit, evidence in about.items():
        evidence.add(f"fellows-{min(fellows[unit], 4)}")
    return Mentions(about, groups)


def strengths(mentions: Mentions, words: Mapping[str, float], again: Mapping[str, float]) -> dict[str, float]:
    """The log odds that each unit is an answer: by its own evidence first, then beside its fellows."""
    rows = beside(mentions, first_strengths(mentions, words))
    return {
        unit: math.fsum(again.get(name, 0.0) * amount for name, amount in row.items())
        for unit, row in rows.items()
    }


def first_strengths(mentions: Mentions, words: Mapping[str, float]) -> dict[str, float]:
    return {
        unit: math.fsum(words.get(name, 0.0) for name in ("", *evidence))
        for unit, evidence in mentions.about.items()
    }


def kind_of(place: str) -> str:
    """pair: what stands on both sides; side: on one; family: no place, but a like spelling."""
    return "pair" if "_" in place else "side" if ":" in place else place


def beside(mentions: Mentions, first: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """What the first opinion on others says about each unit."""
    seen: dict[str, dict[str, float]] = {unit: {} for unit in first}
    for (_, place), members in mentions.groups.items():
        name = kind_of(place)
        ranked = sorted((first[unit] for unit in members), reverse=True)
        for unit in members:
            others = ranked[:3]
            if first[unit] in others:
                others.remove(first[unit])
            for rank, strength in zip(("1", "2"), others, strict=False):
                key = name + rank
                seen[unit][key] = max(seen[unit].get(key, -LIMIT), clipped(strength))
    shapes: dict[str, list[float]] = defaultdict(list)
    for unit, strength in first.items():
        shapes[shape(unit)].append(strength)
    total = math.fsum(map(probability, first.values()))
    alike = {its: math.fsum(map(probability, some)) for its, some in shapes.items()}
    for unit, evidence in seen.items():
        own, its = first[unit], shape(unit)
        for name in ("pair1", "pair2", "side1", "side2", "family1", "family2"):
            evidence.setdefault(name, -LIMIT)
        evidence["own"] = clipped(own)
        evidence["likely"] = probability(own)
        evidence["alike"] = min(4.0, alike[its] - probability(own))
        evidence["others"] = min(4.0, total - alike[its])
        evidence["pair-likely"] = probability(evidence["pair1"]) + probability(evidence["pair2"])
        evidence["side-likely"] = probability(evidence["side1"]) + probability(evidence["side2"])
        evidence["family-likely"] = probability(evidence["family1"]) + probability(evidence["family2"])
        evidence["own*pair-likely"] = evidence["own"] * evidence["pair-likely"]
        evidence[f"is-{its}"] = evidence[""] = 1.0
    return seen


def clipped(strength: float) -> float:
    return max(-LIMIT, min(LIMIT, strength))


def probability(strength: float) -> float:
    return 1 / (1 + math.exp(-clipped(strength)))


def _family(unit: str) -> str | None:
    """What labels such as `K101` and `K102`, or `tone:warm` and `tone:cool`, have in common."""
    if match := re.fullmatch(r"([A-Za-z][A-Za-z_-]*)\d+|([a-z]+:)[a-z]+|(-)[a-zA-Z]|([a-z]+_)[a-z]+", unit):
        return match[match.lastindex or 0]
    return "CAPS" if re.fullmatch(r"[A-Z][A-Z_-]+", unit) else None


def _flat(tokens: Iterable[Token]) -> list[Token]:
    """The tokens, with those of a note between a mark for its beginning and one for its end."""
    flat: list[Token] = []
    for token in tokens:
        if token.kind != "note":
            flat.append(token)
            continue
        flat.append(Token("mark", "(", token.start, token.start + 1))
        flat += _flat(tokenise(token.text[1:-1], token.start + 1))
        flat.append(Token("mark", ")", token.end - 1, token.end))
    return flat


def _places(tokens: Sequence[Token], longer: set[str]) -> dict[str, list[str]]:
    """The places of each word and quoted text, and of the `longer` ones, each with both its neighbours."""
    starts: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for label in sorted(longer):
        words = label.split()
        if len(words) > 1:
            starts[words[0]].append((label, words))
    found: dict[str, list[str]] = defaultdict(list)
    telling = input_told = False
    for at, token in enumerate(tokens):
        if token.kind in ("stop", "newline"):
            telling = input_told = False
        if token.kind not in ("word", "quoted", "other"):
            continue
        before = _before(tokens[at - 1] if at else None)
        if before in (":", "=") and tokens[at - 1].end == token.start:
            before = "glued" if before == ":" else before
        spans = [(token.text.strip("\"'“”`"), 1)]
        for label, words in starts.get(token.text, ()):
            if [one.text for one in tokens[at : at + len(words)]] == words:
                spans.append((label, len(words)))
        within = len(spans) > 1
        for unit, length in spans:
            after = _after(tokens[at + length] if at + length < len(tokens) else None)
            places = [f"{before}_{after}", f"before:{after}", f"after:{before}"]
            places += ["told"] if telling else []
            places += ["of-input"] if input_told else []
            if length == 1 and token.text in starts:
                places.append("begins-longer" if within else "begins-none")
            places += ["in-quotes"] if token.kind == "quoted" else []
            found[unit] += [*places, "again"] if unit in found else places
        input_told = input_told or token.text.lower() in _INPUT
        telling = telling or _TELLING.fullmatch(token.text) is not None
    return found


def _before(token: Token | None) -> str:
    if token is None or token.kind in ("newline", "stop", "bullet"):
        return "start"
    if token.kind == "word":
        word = token.text.lower()
        if word in JOINS:
            return "or"
        if re.fullmatch(VERB, word):
            return "tell"
        return _BEFORE.get(word, "word")
    return token.kind if token.kind in ("arrow", "dash", "quoted") else token.text


def _after(token: Token | None) -> str:
    if token is None or token.kind in ("newline", "stop"):
        return "end"
    if token.kind == "word":
        word = token.text.lower()
        if word in JOINS:
            return "or"
        third = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
        return _AFTER.get(word, "verb" if third else "word")
    return token.kind if token.kind in ("arrow", "dash", "quoted") else token.text


def _held(readings: Iterable[Reading]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    for one in readings:
        names = {f"in:{name}" for name in one.evidence}
        for label in one.labels:
            held[label] |= names
    return held


def _about(unit: str, its: str, places: Sequence[str]) -> set[str]:
    """Its shape and frequency."""
    evidence = {f"is-{its}", f"used-{min(1 + places.count('again'), 3)}"}
    if is_prose(unit):
        evidence.add("is-prose")
    if len(unit) == 1:
        evidence.add("one-letter")
    if len(unit) > _LONG:
        evidence.add("long")
    if " " in unit:
        evidence.add("words")
    if its == "capital" and all(place.startswith(("start", "before", "told")) for place in places):
        evidence.add("begins-sentence")
    return evidence

