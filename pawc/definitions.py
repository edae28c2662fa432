"""What a spec's prose says about each of its labels.

A clause that names one label speaks of it; where it names several, a label's part reaches from the label
before to the label after it. What follows a label (`ALERT if …`, `FROST = cold`) is preferred to what
precedes it (`cold: say FROST`).
"""

from __future__ import annotations

import re

#: Longest definition, in characters.
LONGEST = 300
_CLAUSE = re.compile(r"(?<=[.;!?])\s+|\n+")
_EDGES = " ,;:-–—=()\"'/|.→>"
_WORD = re.compile(r"\w+")


def label_texts(description: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """For each label, what its encoding is made from: `label: definition`, or the label alone."""
    after, before = _mentions(description, labels)
    texts = []
    for label in labels:
        parts = after[label] or before[label]
        texts.append(f"{label}: {'. '.join(parts)[:LONGEST]}" if parts else label)
    return tuple(texts)


def _mentions(description: str, labels: tuple[str, ...]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The text after and the text before every mention of each label; `after` counts from one word,
    `before` from two: a word alone (`say FROST`) defines nothing."""
    after: dict[str, list[str]] = {label: [] for label in labels}
    before: dict[str, list[str]] = {label: [] for label in labels}
    names = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    exact = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    loose = re.compile(exact.pattern, re.IGNORECASE)
    for clause in _CLAUSE.split(description):
        found = list(exact.finditer(clause)) or list(loose.finditer(clause))
        for index, match in enumerate(found):
            label = _label(match.group(), labels)
            if label is None:
                continue
            begin = found[index - 1].end() if index else 0
            end = found[index + 1].start() if index + 1 < len(found) else len(clause)
            behind = clause[begin : match.start()].strip(_EDGES)
            ahead = clause[match.end() : end].strip(_EDGES)
            if ahead:
                after[label].append(ahead)
            if len(_WORD.findall(behind)) > 1:
                before[label].append(behind)
    return after, before


def _label(found: str, labels: tuple[str, ...]) -> str | None:
    if found in labels:
        return found
    return next((label for label in labels if label.lower() == found.lower()), None)
