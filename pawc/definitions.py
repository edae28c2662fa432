"""What a spec's prose says about each of its labels.

Where labels are defined as in a list (`FROST = cold`, `ALERT: a crash …`), the definition is what follows.
Else a clause that names one label speaks of it; where it names several, a label's part reaches from the
label before to the label after it, and what follows a label (`ALERT if …`) is preferred to what precedes
it (`cold things are FROST`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Longest definition, in characters.
LONGEST = 300
_CLAUSE = re.compile(r"(?<=[.;!?])\s+")
#: What follows a label that an entry of a list defines.
_ENTRY = re.compile(r"[\"'”)*_`]*\s*(?:[:=–—]|-+>?\s|→)\s*\S")
_BULLET = re.compile(r"\s*(?:[-*•+]|\(?\w{1,2}[.)])\s")
#: A line of fewer characters was broken by its author and not by a margin.
_MARGIN = 60
_EDGES = " ,;:-–—=()\"'/|.→>"
_WORD = re.compile(r"\w+")
_EMPTY = re.compile(r"(?:or|and|nor|either|the|a|an|\W)*", re.IGNORECASE)


def label_texts(description: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """For each label, what its encoding is made from: `label: definition`, or the label alone."""
    entries, after, before = _mentions(description, labels)
    texts = []
    for label in labels:
        parts = entries[label] or after[label] or before[label]
        texts.append(f"{label}: {'. '.join(parts)[:LONGEST]}" if parts else label)
    return tuple(texts)


Parts = dict[str, list[str]]


def _mentions(description: str, labels: tuple[str, ...]) -> tuple[Parts, Parts, Parts]:
    """For each label: what defines it in a list, else the text after and the text before its mentions.

    `after` counts from one word, `before` from two: a word alone (`say FROST`) defines nothing.
    """
    entries, after, before = ({label: list[str]() for label in labels} for _ in range(3))
    exact = _exactly(labels)
    loose = re.compile(exact.pattern, re.IGNORECASE)
    for line in _lines(description, exact):
        open_entry: str | None = None  # goes on in the line's later clauses
        for clause in _CLAUSE.split(line):
            found = list(exact.finditer(clause)) or list(loose.finditer(clause))
            listed = [match for match in found if _ENTRY.match(clause[match.end() :])]
            if not listed and open_entry is not None:
                entries[open_entry].append(clause.strip(_EDGES))
                continue
            found = listed or found
            for index, match in enumerate(found):
                label = _label(match.group(), labels)
                if label is None:
                    continue
                begin = found[index - 1].end() if index else 0
                end = found[index + 1].start() if index + 1 < len(found) else len(clause)
                behind = clause[begin : match.start()].strip(_EDGES)
                ahead = clause[match.end() : end].strip(_EDGES)
                enumerated = _EMPTY.fullmatch(ahead) and index + 1 < len(
                    found
                )  # `Reply with one of FROST, GLOW`
                if not _EMPTY.fullmatch(ahead):
                    (entries if listed else after)[label].append(ahead)
                if not listed and not enumerated and len(_WORD.findall(behind)) > 1:
                    before[label].append(behind)
                open_entry = label if listed and begin == 0 and not behind else None
    return entries, after, before


def clauses(description: str, labels: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Where each clause of a description begins, and where the next one or the line's end is: the pieces
    that a definition is made of."""
    for begin, end in _line_spans(description, _exactly(labels)):
        at = begin
        for gap in _CLAUSE.finditer(description, begin, end):
            yield at, gap.end()
            at = gap.end()
        if description[at:end].strip():
            yield at, end


def _lines(description: str, names: re.Pattern[str]) -> list[str]:
    """Lines as the author meant them: one that goes on where the margin broke it is joined again."""
    joined = []
    for begin, end in _line_spans(description, names):
        first, *rest = description[begin:end].split("\n")
        joined.append(" ".join([first, *(line.strip() for line in rest)]))
    return joined


def _line_spans(description: str, names: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where each of those lines begins and ends."""
    spans: list[tuple[int, int]] = []
    ended, at = True, 0
    for line in description.split("\n"):
        starts = _BULLET.match(line) or names.match(line.lstrip())
        begin = at if ended or starts or not line.strip() else spans.pop()[0]
        spans.append((begin, at + len(line)))
        at += len(line) + 1
        ended = not line.strip() or len(line) < _MARGIN or line.rstrip().endswith((".", ":", ";", "!", "?"))
    return spans


def _exactly(labels: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the labels as words; without labels, for nothing."""
    names = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)" if names else r"(?!)")


def _label(found: str, labels: tuple[str, ...]) -> str | None:
    if found in labels:
        return found
    return next((label for label in labels if label.lower() == found.lower()), None)
