"""Lists in prose: texts that stand side by side, as the answers of a spec do (`FROST, GLOW or NONE`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from .atoms import Atom

_BETWEEN = frozenset((",", ";", "/", "|", ">", "&", "or", "and", "vs", "OR", "AND"))
#: What ends a list, unless letters or digits touch it on both sides (`tone:warm`).
_ENDS = frozenset(".!?:=→⇒")
#: Quotes and the like, which belong to no member.
_AROUND = frozenset("\"'`“”‘’[]{}<«»*")
#: What marks a line as a list's member.
_BULLET = re.compile(r"^[ \t]*(?:[-*•–]|\(?\w{1,2}[.)])(?=[ \t])", re.MULTILINE)
#: More texts side by side than this are data.
_MOST = 32

Item = list[int]


def lists(
    text: str, atoms: Sequence[Atom], longest: int, better: Callable[[Iterable[str]], str | None]
) -> Iterator[tuple[str, ...]]:
    """Every run of two or more different texts of at most `longest` atoms that stand side by side.

    What goes before the first of them and what follows the last is not parted from it: `better` picks one
    of the texts that it may be, or none.
    """
    for items in _rows(text, atoms):
        for start, first in enumerate(items[:-1]):
            begun = better(_texts(text, atoms, ([*first[-size:]] for size in _sizes(first, longest))))
            members = [begun] if begun is not None else []
            for item in items[start + 1 : start + _MOST] if members else ():
                last = better(_texts(text, atoms, ([*item[:size]] for size in _sizes(item, longest))))
                if last is not None and last not in members:
                    yield (*members, last)
                whole = next(_texts(text, atoms, [item] if len(item) <= longest else []), None)
                if whole is None or whole in members:
                    break
                members.append(whole)


def _sizes(item: Item, longest: int) -> range:
    return range(1, min(longest, len(item)) + 1)


def _texts(text: str, atoms: Sequence[Atom], spans: Iterable[Item]) -> Iterator[str]:
    """The texts of spans whose atoms follow each other."""
    return (
        text[atoms[span[0]].start : atoms[span[-1]].end]
        for span in spans
        if span[-1] - span[0] == len(span) - 1
    )


def _rows(text: str, atoms: Sequence[Atom]) -> Iterator[list[Item]]:
    """What stands side by side: for each stretch of text with something between its parts, the parts."""
    bullets = {place for match in _BULLET.finditer(text) for place in range(*match.span())}
    for part in _parts(atoms):
        row: list[Item] = [[]]
        for before, index in zip([None, *part], part, strict=False):
            word = atoms[index].text
            new_line = before is not None and "\n" in text[atoms[before].end : atoms[index].start]
            if word in _BETWEEN or atoms[index].start in bullets:
                row.append([])
            elif word in _ENDS and not _inside(atoms, index):
                yield from _full(row)
                row = [[]]
            elif word not in _AROUND or (word == "'" and _inside(atoms, index)):
                if new_line:
                    row.append([])
                row[-1].append(index)
        yield from _full(row)


def _full(row: list[Item]) -> list[list[Item]]:
    items = [item for item in row if item]
    return [items] if len(items) > 1 else []


def _inside(atoms: Sequence[Atom], index: int) -> bool:
    """Whether letters or digits touch an atom on both sides."""
    if not 0 < index < len(atoms) - 1:
        return False
    before, here, after = atoms[index - 1 : index + 2]
    touched = before.end == here.start and here.end == after.start
    return touched and before.text.isalnum() and after.text.isalnum()


def _parts(atoms: Sequence[Atom]) -> list[list[int]]:
    """The text without what stands in parentheses after a blank, and each of those by itself."""
    done: list[list[int]] = []
    open_parts: list[list[int]] = [[]]
    for index, atom in enumerate(atoms):
        if atom.text == "(" and (index == 0 or atoms[index - 1].end < atom.start):
            open_parts.append([])
        elif atom.text == ")" and len(open_parts) > 1:
            done.append(open_parts.pop())
        else:
            open_parts[-1].append(index)
    return [*done, *open_parts]
