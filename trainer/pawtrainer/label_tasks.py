"""Label functions in token ids: what is said of each label, examples, records and their answers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from pawformats import paw
from pawformats.errors import PawError
from pawformats.values import Spec
from tokenizers import Tokenizer
from torch import Tensor

from pawc.definitions import label_texts

from . import noise
from .corpus import Corpus
from .families.base import Task
from .words import CLS, SEP, token_id

MOST_LABELS, MOST_SHOWN = 16, 5
#: How authors are careless; the noise of the benchmarks' `all` comes as often as all others together.
AXES = ("typos", "grammar", "terse", "casual", "formatting", "paraphrase", *("all",) * 6)


@dataclass(frozen=True)
class LabelTask:
    """Sequences to encode, and which label each example (`places`) and each record (`answers`) has."""

    labels: list[list[int]]
    shown: list[list[int]]
    places: list[int]
    records: list[list[int]]
    answers: list[int]

    @property
    def sequences(self) -> list[list[int]]:
        return [*self.labels, *self.shown, *self.records]


def labelled(loaded: Corpus) -> Corpus:
    """The recorded functions with labels alone."""
    kept = {name: [task for task in tasks if task.labels] for name, tasks in loaded.recorded.items()}
    return replace(loaded, recorded=kept)


def source(task: Task) -> Spec | None:
    """The spec of a function with labels; None if it has no label contract, too many, or is no source."""
    if task.labels is None or not 2 <= len(task.labels) <= MOST_LABELS:
        return None
    try:
        return paw.parse(task.spec.encode(), "spec")
    except PawError:
        return None


def encode(task: Task, words: Tokenizer, longest: int) -> LabelTask | None:
    """A task as pawc and pawrun would tokenise it; None if it has no label contract or is no source."""
    spec, labels = source(task), task.labels
    if spec is None or labels is None:
        return None
    shown = [e for e in spec.examples if e.output in labels][:MOST_SHOWN]
    pairs = [(given, labels.index(answer)) for given, answer in task.pairs if answer in labels]
    if not pairs:
        return None
    said = label_texts(spec.description, labels)
    texts = [*said, *(example.input for example in shown), *(given for given, _ in pairs)]
    cls, sep = token_id(words, CLS), token_id(words, SEP)
    ids = [
        [cls, *encoding.ids[: longest - 2], sep]
        for encoding in words.encode_batch_fast(texts, add_special_tokens=False)
    ]
    first = len(labels) + len(shown)
    return LabelTask(
        ids[: len(labels)],
        ids[len(labels) : first],
        [labels.index(e.output) for e in shown],
        ids[first:],
        [answer for _, answer in pairs],
    )


def careless(task: Task, rng: random.Random) -> Task:
    """The function as a careless author would have described it: on one axis or on all, however strongly."""
    answers = (*(task.labels or ()), *(answer for _, answer in task.pairs))
    spec = noise.noisy(task.spec, rng.choice(AXES), rng.choice(noise.INTENSITIES), rng, answers)
    return replace(task, spec=spec)


def draw(
    corpus: Corpus, words: Tokenizer, seed: str, count: int, records: int, longest: int, noisy: float
) -> list[LabelTask]:
    """`count` label functions with up to `records` records each, a share of `noisy` carelessly worded; a pure
    function of the seed."""
    rng = random.Random(seed)
    found: list[LabelTask] = []
    while len(found) < count:
        drawn = corpus.draw(rng, records)
        if not isinstance(drawn, Task):
            continue
        if rng.random() < noisy:
            drawn = careless(drawn, rng)
        task = encode(drawn, words, longest)
        if task is not None:
            found.append(task)
    return found


def groups(sequences: Sequence[Sequence[int]], tokens: int) -> list[list[int]]:
    """Indices, shortest sequence first, in groups that hold at most `tokens` once padded."""
    made: list[list[int]] = [[]]
    for index in sorted(range(len(sequences)), key=lambda i: len(sequences[i])):
        if made[-1] and (len(made[-1]) + 1) * len(sequences[index]) > tokens:
            made.append([])
        made[-1].append(index)
    return made


def padded(sequences: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """ids (n, t), zeros behind; lengths (n,)."""
    ids = torch.zeros(len(sequences), max(map(len, sequences)), dtype=torch.long)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
    return ids, torch.tensor([len(sequence) for sequence in sequences])
