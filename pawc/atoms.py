"""The atoms of a text: what an encoder's vocabulary can't split further, and what it loses of their looks.

An atom is a run of letters and digits, or any other single character that is not white space: BERT's
own first cut. A label is a span of atoms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_ATOM = re.compile(r"[^\W_]+|[^\w\s]|_")
#: Classes of an atom's letters.
SHAPES = ("lower", "Capital", "CAPITALS", "C", "miXed", "number", "mark")
#: Combinations of: joined to the atom before, joined to the one after, first of its line.
EDGES = 8
#: How often the text has the atom: once, twice, more.
COUNTS = 3


@dataclass(frozen=True)
class Atom:
    """A piece of a text, from `start` to `end`."""

    text: str
    start: int
    end: int


def split(text: str) -> list[Atom]:
    return [Atom(match.group(), match.start(), match.end()) for match in _ATOM.finditer(text)]


def shape(atom: str) -> int:
    """An index of SHAPES."""
    if not atom[0].isalnum():
        return 6
    if atom.isdigit():
        return 5
    if atom.islower():
        return 0
    if atom.isupper():
        return 2 if len(atom) > 1 else 3
    return 1 if atom.istitle() else 4


def looks(text: str, atoms: Sequence[Atom]) -> list[tuple[int, int, int]]:
    """For each atom: its shape, its edges and its count, as indices below those numbers."""
    seen = Counter(atom.text for atom in atoms)
    found = []
    for index, atom in enumerate(atoms):
        before = atoms[index - 1].end if index else 0
        after = atoms[index + 1].start if index + 1 < len(atoms) else -1
        first = not index or "\n" in text[before : atom.start]
        edges = (before == atom.start and index > 0) + 2 * (after == atom.end) + 4 * first
        found.append((shape(atom.text), edges, min(seen[atom.text], COUNTS) - 1))
    return found
