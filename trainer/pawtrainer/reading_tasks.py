"""Specs for the reader: tokens, atoms and the spans that are answers."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from pawformats import paw
from pawformats.errors import PawError
from tokenizers import Tokenizer
from torch import Tensor

from pawc import atoms
from pawc.reader import source

from .corpus import Corpus
from .families.base import Task
from .families.phrasing import either
from .label_tasks import careless
from .words import CLS, SEP, token_id

#: Most atoms of a label.
LONGEST_SPAN = 7
#: A text function with so few different answers, all of them named, may be a closed set by another name.
MOST_CLOSED = 12
#: Share of the specs that get other names for their labels.
RENAMED = 0.35
#: Share of the specs without all of their labels that get a sentence with them, if these are so few.
TOLD, MOST_TOLD = 0.5, 8
#: What is said of `{all}` labels at the end of a spec, or before it.
CONTRACTS = (
    *("Answer with {all}.", "Reply with {all} only.", "Output {all}.", "Return {all}."),
    *(
        "Respond with {all}.",
        "Say {all}.",
        "Possible answers: {all}.",
        "Labels: {all}.",
        "Your answer must be one of {all}.",
    ),
    *("The output is one of: {all}", "Give exactly one of {all}.", "Print {all}, nothing else.", "({all})"),
    *("Use one of the labels {all}.", "Choose from {all}.", "answer: {all}", "-> {all}"),
    "Classify as {all}.",
    *("Pick one: {all}", "One word: {all}.", "I want {all} and no other text.", "The label should be {all}."),
    *("Answer only {all}.", "Respond using exactly one of these: {all}.", "Mark it as {all}."),
)


@dataclass(frozen=True)
class Reading:
    """A spec's prose in token ids; for each atom its first and its number of tokens, and its looks;
    `answers` has the spans (atom, index of the span) of each label; `shown` those that an example answers."""

    ids: list[int]
    places: list[tuple[int, int]]
    looks: list[tuple[int, int, int]]
    answers: list[list[tuple[int, int]]]
    shown: list[tuple[int, int]]


def encode(task: Task, words: Tokenizer, longest: int) -> Reading | None:
    """None if it is no source, too long, or not clear: a set that the prose doesn't name entirely."""
    try:
        spec = paw.parse(task.spec.encode(), "spec")
    except PawError:
        return None
    outputs = tuple(dict.fromkeys(example.output for example in spec.examples))
    return reading(spec.description, outputs, task.labels or (), words, longest, [a for _, a in task.pairs])


def reading(
    description: str,
    outputs: Sequence[str],
    labels: Sequence[str],
    words: Tokenizer,
    longest: int,
    answers: Sequence[str] = (),
) -> Reading | None:
    text = source(description, outputs)
    found = atoms.split(text)
    spans: dict[str, list[tuple[int, int]]] = {}
    for index in range(len(found)):
        for size, last in enumerate(found[index : index + LONGEST_SPAN]):
            spans.setdefault(text[found[index].start : last.end], []).append((index, size))
    if not all(label in spans for label in labels):
        return None
    if not labels and 0 < len(set(answers)) <= MOST_CLOSED and all(answer in spans for answer in answers):
        return None
    pieces = [e.ids for e in words.encode_batch_fast([a.text for a in found], add_special_tokens=False)]
    ids, places = [token_id(words, CLS)], []
    for piece in pieces:
        places.append((len(ids), len(piece)))
        ids += piece
    if len(ids) >= longest or not all(pieces):
        return None
    shown = [place for output in outputs for place in spans.get(output, ())]
    ids.append(token_id(words, SEP))
    return Reading(ids, places, atoms.looks(text, found), [spans[label] for label in labels], shown)


def names_of(words: Tokenizer) -> list[str]:
    """Words of the vocabulary that may be names of labels."""
    return sorted(w for w in words.get_vocab() if w.isascii() and w.isalpha() and 3 <= len(w) <= 9)


def draw(
    corpus: Corpus, words: Tokenizer, names: Sequence[str], seed: str, count: int, longest: int, noisy: float
) -> list[Reading]:
    """`count` specs, some with other names for labels, a share of `noisy` carelessly worded; a pure function
    of the seed."""
    rng = random.Random(seed)
    found: list[Reading] = []
    while len(found) < count:
        drawn = corpus.draw(rng, 6)
        if not isinstance(drawn, Task):
            continue
        if drawn.labels and len(drawn.labels) <= MOST_TOLD and rng.random() < TOLD:
            drawn = told(drawn, rng)
        if drawn.labels and rng.random() < RENAMED:
            drawn = renamed(drawn, names, rng)
        if rng.random() < noisy:
            drawn = careless(drawn, rng)
        made = encode(drawn, words, longest)
        if made is not None:
            found.append(made)
    return found


def told(task: Task, rng: random.Random) -> Task:
    """The function with a sentence that names its labels, if its spec doesn't name them all."""
    labels = task.labels or ()
    if all(label in task.spec for label in labels):
        return task
    sentence = rng.choice(CONTRACTS).format(all=either(rng, rng.sample(labels, len(labels))))
    prose, gap, examples = task.spec.partition("\n\nInput:")
    if rng.random() < 0.15:
        prose = sentence + rng.choice((" ", "\n")) + prose
    else:
        prose = prose.rstrip() + rng.choice((" ", " ", " ", "\n", "\n\n")) + sentence
    return replace(task, spec=prose + gap + examples)


def renamed(task: Task, names: Sequence[str], rng: random.Random) -> Task:
    """The function with other words, codes or numbers for its labels, all in the manner of the first."""
    assert task.labels is not None
    labels = task.labels
    if any(len(label) < 2 for label in labels):
        return task
    kind = rng.choice(("word", "word", "CAPS", "two", "code", "snake", "Capital"))
    made: dict[str, str] = {}
    while len(made) < len(labels):
        name = rng.choice(names)
        if kind == "two":
            name += rng.choice((" ", "-")) + rng.choice(names)
        elif kind == "snake":
            name += "_" + rng.choice(names)
        elif kind == "code":
            name = rng.choice("ABCDEFGHKMPRSTXZ") + str(rng.randint(0, 99))
        name = name.upper() if kind == "CAPS" else name.capitalize() if kind == "Capital" else name
        if name not in made.values() and name not in task.spec:
            made[labels[len(made)]] = name
    ordered = sorted(labels, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(label)}(?![\w-])" for label in ordered))
    spec = pattern.sub(lambda match: made[match.group()], task.spec)
    return replace(task, spec=spec, labels=tuple(made.values()))


@dataclass
class ReadingBatch:
    """ids (n, t), lengths (n,); pool (n, a, t) means tokens to atoms; looks (n, a, 3); there (n, a);
    shown (n, a, spans) bool; answer (n, a, spans): 0, or the label's number from 1, unique over the batch;
    owner (labels,): the row of each label."""

    ids: Tensor
    lengths: Tensor
    pool: Tensor
    looks: Tensor
    there: Tensor
    shown: Tensor
    answer: Tensor
    owner: Tensor

    def to(self, device: torch.device) -> ReadingBatch:
        return ReadingBatch(*(value.to(device) for value in vars(self).values()))


def batch(readings: Sequence[Reading]) -> ReadingBatch:
    rows, size = len(readings), max(len(one.places) for one in readings)
    longest = max(len(one.ids) for one in readings)
    ids = torch.zeros(rows, longest, dtype=torch.long)
    pool = torch.zeros(rows, size, longest)
    looks = torch.zeros(rows, size, 3, dtype=torch.long)
    there = torch.zeros(rows, size, dtype=torch.bool)
    shown = torch.zeros(rows, size, LONGEST_SPAN, dtype=torch.bool)
    answer = torch.zeros(rows, size, LONGEST_SPAN, dtype=torch.long)
    owner = []
    for row, one in enumerate(readings):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        for atom, (begin, count) in enumerate(one.places):
            pool[row, atom, begin : begin + count] = 1 / count
        looks[row, : len(one.looks)] = torch.tensor(one.looks)
        there[row, : len(one.looks)] = True
        for place in one.shown:
            shown[(row, *place)] = True
        for spans in one.answers:
            owner.append(row)
            for place in spans:
                answer[(row, *place)] = len(owner)
    lengths = torch.tensor([len(one.ids) for one in readings])
    return ReadingBatch(
        ids, lengths, pool, looks, there, shown, answer, torch.tensor(owner, dtype=torch.long)
    )
