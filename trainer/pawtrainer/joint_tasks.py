"""Label functions for joint reading: each record in one sequence with what is said of every label."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from tokenizers import Tokenizer
from torch import Tensor

from pawc.definitions import label_texts
from pawc.joint import of_each

from . import label_tasks, reading_tasks
from .corpus import Corpus
from .families.base import Task
from .words import CLS, SEP, token_id

#: Share of the functions that get other names for their labels, so that a name alone decides nothing.
RENAMED = 0.25


@dataclass(frozen=True)
class Limits:
    """Most tokens of a record, of a label's text, and of all texts together."""

    record: int
    label: int
    labels: int


@dataclass(frozen=True)
class Row:
    """A record read with its labels: token ids; the part of each (0 for none, 1 for the record, 2 and on for
    the labels in this row's order); the number of labels; and the place of the right one among them."""

    ids: list[int]
    parts: list[int]
    labels: int
    answer: int


def rows(
    description: str,
    labels: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    words: Tokenizer,
    limits: Limits,
    rng: random.Random | None = None,
) -> list[Row]:
    """One for each (record, label), as formats/pawbin.md §10 lays it out; with `rng` in any order of labels,
    so that their order means nothing."""
    texts = [*label_texts(description, tuple(labels)), *(given for given, _ in pairs)]
    ids = [one.ids for one in words.encode_batch_fast(texts, add_special_tokens=False)]
    each = of_each(len(labels), limits.label, limits.labels)
    said = [one[:each] for one in ids[: len(labels)]]
    order, made = list(range(len(labels))), []
    for record, (_, answer) in zip(ids[len(labels) :], pairs, strict=True):
        if rng is not None:
            rng.shuffle(order)
        parts = [record[: limits.record], *(said[label] for label in order)]
        made.append(_row(parts, words, order.index(labels.index(answer))))
    return made


def _row(parts: list[list[int]], words: Tokenizer, answer: int) -> Row:
    sep = token_id(words, SEP)
    ids, numbers = [token_id(words, CLS)], [0]
    for number, part in enumerate(parts, 1):
        ids += [*part, sep]
        numbers += [*(number for _ in part), 0]
    return Row(ids, numbers, len(parts) - 1, answer)


def encode(task: Task, words: Tokenizer, limits: Limits, rng: random.Random | None = None) -> list[Row]:
    """The rows of a function; none if it has no label contract or is no source."""
    spec = label_tasks.source(task)
    if spec is None or task.labels is None:
        return []
    pairs = [(given, answer) for given, answer in task.pairs if answer in task.labels]
    return rows(spec.description, task.labels, pairs, words, limits, rng)


def renamed(task: Task, names: Sequence[str], rng: random.Random) -> Task:
    """The function with other names for its labels, in spec and answers."""
    other = reading_tasks.renamed(task, names, rng)
    to = dict(zip(task.labels or (), other.labels or (), strict=True))
    return replace(other, pairs=tuple((given, to.get(answer, answer)) for given, answer in task.pairs))


def draw(
    corpus: Corpus,
    words: Tokenizer,
    names: Sequence[str],
    seed: str,
    count: int,
    records: int,
    limits: Limits,
    noisy: float,
) -> list[Row]:
    """The rows of `count` label functions with up to `records` records each, some renamed, a share of `noisy`
    carelessly worded; a pure function of the seed."""
    rng, found, drawn = random.Random(seed), list[Row](), 0
    while drawn < count:
        task = corpus.draw(rng, records)
        if not isinstance(task, Task) or not task.labels:
            continue
        if rng.random() < noisy:
            task = label_tasks.careless(task, rng)
        if rng.random() < RENAMED:
            task = renamed(task, names, rng)
        made = encode(task, words, limits, rng)
        drawn += bool(made)
        found += made
    return found


def padded(some: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """ids (n, t), zeros behind; lengths (n,); pool (n, 1 + labels, t), 1 where a token is of the record or of
    a label; there (n, labels), which labels a row has."""
    ids, lengths = label_tasks.padded([row.ids for row in some])
    parts, _ = label_tasks.padded([row.parts for row in some])
    most = max(row.labels for row in some)
    pool = parts[:, None, :] == torch.arange(1, most + 2)[None, :, None]
    there = torch.arange(most)[None, :] < torch.tensor([row.labels for row in some])[:, None]
    return ids, lengths, pool.float(), there
