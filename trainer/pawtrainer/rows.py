"""Tasks to rows of token ids, laid out so that many pairs share one pseudo-program.

A row holds a prefix and then its pairs; a pair attends to the prefix and to itself and its positions
start where the prefix ends, so that each pair sees exactly what the runtime shows the interpreter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from .corpus import Corpus, front
from .families.base import Task
from .shape import OWN_MARKS, Marks

#: Loss weight of a token that is read and not answered, relative to an answer of one token.
READ_WEIGHT = 0.1
TEXT_WEIGHT = 0.2

Ints = npt.NDArray[np.int64]


@dataclass
class Rows:
    """A batch, all arrays (S, T): `part` is -1 for padding, 0 for a prefix, else the pair's number;
    `target` is the next token and `weight` its share in the loss; `answer` numbers the answers of a row
    from 1 at the positions that predict them, 0 elsewhere."""

    tokens: Ints
    positions: Ints
    document: Ints
    part: Ints
    target: Ints
    weight: npt.NDArray[np.float32]
    answer: Ints

    @staticmethod
    def empty(rows: int, length: int) -> Rows:
        def zeros() -> Ints:
            return np.zeros((rows, length), np.int64)

        part = np.full((rows, length), -1, np.int64)
        return Rows(zeros(), zeros(), zeros(), part, zeros(), np.zeros((rows, length), np.float32), zeros())


@dataclass(frozen=True)
class Encoded:
    """A task in token ids: what the compiler reads, what the interpreter reads, and the pairs."""

    source: list[int]
    prefix: list[int]
    pairs: list[tuple[list[int], list[int]]]


def encode(tokenizer: Tokenizer, task: Task, longest: int, marks: Marks = OWN_MARKS) -> Encoded | None:
    """Ids segment by segment, as pawc and pawrun tokenise; None if the spec is no source or too long."""
    texts = front(task.spec, task.labels)
    if texts is None:
        return None
    description, pseudo = texts
    parts = [description, pseudo, *(text for pair in task.pairs for text in pair)]
    ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(parts)]
    source = [marks.spec, *ids[0], marks.program, *ids[1], marks.end, *marks.tau]
    prefix = [marks.program, *ids[1], marks.input]
    pairs = [
        ([*given, marks.output], [*answer, marks.end])
        for given, answer in zip(ids[2::2], ids[3::2], strict=True)
        if len(given) + len(answer) + 2 <= longest
    ]
    return Encoded(source, prefix, pairs) if pairs else None


def _place(rows: Rows, row: int, at: int, ids: list[int], first: int, document: int, part: int) -> int:
    end = at + len(ids)
    rows.tokens[row, at:end] = ids
    rows.positions[row, at:end] = np.arange(first, first + len(ids))
    rows.document[row, at:end] = document
    rows.part[row, at:end] = part
    rows.target[row, at : end - 1] = ids[1:]
    return end


def place_task(rows: Rows, row: int, at: int, task: Encoded, document: int, read_weight: float) -> int:
    """Lay a task into a row from `at`; returns the new end, `at` itself if no pair fits."""
    room = rows.tokens.shape[1] - at - len(task.prefix)
    if not task.pairs or len(task.pairs[0][0]) + len(task.pairs[0][1]) > room:
        return at
    begin, at = at, _place(rows, row, at, task.prefix, 0, document, 0)
    rows.weight[row, begin : at - 1] = read_weight
    numbers = int(rows.answer[row].max())
    for part, (given, answer) in enumerate(task.pairs, 1):
        size = len(given) + len(answer)
        if at + size > rows.tokens.shape[1]:
            break
        start, at = at, _place(rows, row, at, given + answer, len(task.prefix), document, part)
        rows.weight[row, start : start + len(given) - 1] = read_weight
        asked = slice(start + len(given) - 1, at - 1)
        rows.weight[row, asked] = (
            len(answer) ** -0.5
        )  # a long answer counts more than a short one, but less than its length
        rows.answer[row, asked] = numbers + part
    return at


def packed(
    corpus: Corpus, tokenizer: Tokenizer, seed: str, count: int, length: int, marks: Marks = OWN_MARKS
) -> Rows:
    """Stage 1: rows filled with tasks and documents, several a row."""
    rng = random.Random(seed)
    rows = Rows.empty(count, length)
    for row in range(count):
        at = document = misses = 0
        while length - at > 48 and misses < 3:
            drawn = corpus.draw(rng, 6)
            document += 1
            before = at
            if isinstance(drawn, str):
                begin = rng.randrange(max(1, len(drawn) - 600))
                size = min(length - at, rng.randint(64, 192))
                ids = tokenizer.encode(drawn[begin : begin + 5 * size]).ids[:size]
                if len(ids) > 1:
                    at = _place(rows, row, at, ids, 0, document, 0)
                    rows.weight[row, before : at - 1] = TEXT_WEIGHT
            else:
                task = encode(tokenizer, drawn, 160, marks)
                if task is not None:
                    at = place_task(rows, row, at, task, document, READ_WEIGHT)
            misses = 0 if at > before else misses + 1
    return rows


@dataclass
class Specs:
    """Stage 2: `rows` has one spec a row; `source` (S, Tc) is what the compiler LM reads and `last` (S,)
    the index of its last prefix token."""

    rows: Rows
    source: Ints
    last: Ints


def by_spec(
    corpus: Corpus,
    tokenizer: Tokenizer,
    seed: str,
    count: int,
    length: int,
    source_length: int,
    drop: float,
    marks: Marks = OWN_MARKS,
) -> Specs:
    """One spec a row with its compiler input. With probability `drop` the interpreter gets no
    pseudo-program, so that the adapter alone must carry the function."""
    rng = random.Random(seed)
    rows = Rows.empty(count, length)
    source = np.zeros((count, source_length), np.int64)
    last = np.zeros(count, np.int64)
    row = 0
    while row < count:
        drawn = corpus.draw(rng, 12)
        task = encode(tokenizer, drawn, 160, marks) if isinstance(drawn, Task) else None
        if task is None or len(task.source) > source_length:
            continue
        if rng.random() < drop:
            task = Encoded(task.source, [marks.program, marks.input], task.pairs)
        if place_task(rows, row, 0, task, 1, 0.0):
            source[row, : len(task.source)] = task.source
            last[row] = len(task.source) - 1
            row += 1
    return Specs(rows, source, last)
