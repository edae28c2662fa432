"""What is to be evaluated: runs of tokens, what they begin with alike, and how batches are packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Tokens that continue sequence `seq` at position `start`, and `others` just as well.

    `behind` says that `seq` has had nothing of its own yet, and shares all that it has with that sequence.
    """

    seq: int
    start: int
    tokens: Sequence[int]
    behind: int | None = None
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A run as it is evaluated; `ends` are the numbers of the runs asked for that end with it."""

    run: Run
    ends: tuple[int, ...]


def shared(runs: Sequence[Run]) -> list[Piece]:
    """Pieces that make up the runs, each before those that continue it.

    Runs behind the same sequence share what they begin with alike, as lines of a log do their date: a token
    of a llama_batch may belong to several sequences. In a batch the sets of sequences may only get smaller,
    and all of a set must have come equally far (llama.cpp, llama_batch_allocr), which is so in a tree.
    """
    kin: dict[object, list[int]] = {}
    for number, run in enumerate(runs):
        alone = run.behind is None
        kin.setdefault(number if alone else (run.behind, run.start), []).append(number)
    return [piece for group in kin.values() for piece in _tree(runs, group, 0)]


def _tree(runs: Sequence[Run], group: list[int], begin: int) -> Iterator[Piece]:
    """The pieces of runs whose tokens are the same before `begin`."""
    first = runs[group[0]]
    end = begin + _alike([runs[number].tokens[begin:] for number in group])
    if end > begin:
        ends = tuple(number for number in group if len(runs[number].tokens) == end)
        others = tuple(runs[number].seq for number in group[1:])
        yield Piece(Run(first.seq, first.start + begin, first.tokens[begin:end], others=others), ends)
    parts: dict[int, list[int]] = {}
    for number in group:
        if len(runs[number].tokens) > end:
            parts.setdefault(runs[number].tokens[end], []).append(number)
    for part in parts.values():
        yield from _tree(runs, part, end)


def _alike(every: Sequence[Sequence[int]]) -> int:
    """How many tokens all begin with: what the first and the last in order do."""
    low, high = min(map(tuple, every)), max(map(tuple, every))
    return next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))


def pack(pieces: Sequence[Piece], size: int) -> list[list[tuple[int, int, int]]]:
    """Slices (piece, from, to) of all pieces in order, in groups of at most `size` tokens."""
    groups: list[list[tuple[int, int, int]]] = []
    room = 0
    for index, piece in enumerate(pieces):
        begin, length = 0, len(piece.run.tokens)
        while begin < length:
            if not room:
                groups.append([])
                room = size
            end = min(length, begin + room)
            groups[-1].append((index, begin, end))
            room -= end - begin
            begin = end
    return groups


def count(runs: Sequence[Run]) -> int:
    """Tokens that are evaluated for runs."""
    return sum(len(piece.run.tokens) for piece in shared(runs))
