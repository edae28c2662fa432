"""-O2 for adapters: a LoRA moved by gradient steps through the frozen base to what examples say.

It begins at the adapter that it is given, and the number of passes over the examples is chosen on some that
are held out. All of it runs on one core in float32, so that the same examples give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import torch
import torch.nn.functional as F
from pawformats.errors import PawError
from pawformats.values import Adapter, Target
from torch import Tensor

from pawc.refine import FOLDS, Places, Score, folds, mean

from . import restart, rows
from .model import Decoder, Lora
from .shape import MODULES
from .steps import Batch, predict, to_batch

#: Passes over the examples at most, and how many without a better one on held-out examples end it.
PASSES, PATIENCE = 10, 3
#: Held-out examples that are enough: each fold costs as much as the final fit.
JUDGED = 16
RATE = 1e-3
#: Pairs of a step, and tokens of its row at most, beside the pseudo-program that they share.
PAIRS, ROW = 8, 512

#: The tokens that may follow each beginning of an answer, itself without its first.
Follow = dict[tuple[int, ...], list[int]]


@dataclass(frozen=True)
class Refined:
    """Held-out scores of the adapter at its start, and after the best number of passes, over `judged`
    examples; and the adapter after as many passes over all of them, None if its start is no worse."""

    before: Score
    after: Score
    judged: int
    adapter: Adapter | None


@dataclass(frozen=True)
class Task:
    """A base, what it reads before each record, inputs and answers in tokens, and what may follow what in an
    answer: anything, if `follow` is empty."""

    base: Decoder
    prefix: list[int]
    pairs: list[tuple[list[int], list[int]]]
    follow: Follow = field(default_factory=dict)


def refine(
    target: Target, text: str, pairs: Sequence[tuple[str, str]], labels: Sequence[str], start: Adapter
) -> Refined:
    """Fit an adapter of a target to inputs and answers below the pseudo-program `text`. With `labels` every
    answer is one of them. Pairs that the base can't read whole are left out.

    Raises PawError `no-refinement` for a target whose base or prompt this trainer doesn't know.
    """
    with _one_core():
        path = restart.base(target)
        try:
            words, marks, base = restart.words(path), restart.marks(target), restart.decoder(path)
        except PawError as error:
            raise PawError(
                "no-refinement",
                f"adapters for {target.name} can't be refined: {error.message}",
                hint="compile with -O1",
            ) from error

        def ids(piece: str) -> list[int]:
            return list(words.encode(piece).ids)

        prefix = [marks.program, *ids(text), marks.input]
        room = min(ROW, target.base.context - len(prefix))
        encoded = [([*ids(given), marks.output], [*ids(answer), marks.end]) for given, answer in pairs]
        kept = [index for index, (given, answer) in enumerate(encoded) if len(given) + len(answer) <= room]
        follow = _follow([[*ids(label), marks.end] for label in labels])
        task = Task(base, prefix, [encoded[index] for index in kept], follow)
        numbers = np.array([labels.index(pairs[index][1]) if labels else 0 for index in kept], np.int64)
        return _chosen(task, folds([pairs[index][0] for index in kept], numbers), start)


def _chosen(task: Task, fold: Places, start: Adapter) -> Refined:
    """The adapter after the number of passes that is best on held-out folds."""
    held: list[list[Score]] = []
    sizes: list[int] = []
    for number in range(FOLDS):
        inside, outside = (replace(task, pairs=_some(task, fold == number, want)) for want in (False, True))
        if inside.pairs and outside.pairs:
            held.append(_course(inside, outside, start))
            sizes.append(len(outside.pairs))
        if sum(sizes) >= JUDGED:
            break
    if not held:
        return Refined(Score(0, 0), Score(0, 0), 0, None)
    scores = [mean(course, sizes) for course in zip(*held, strict=True)]
    best = min(range(1, len(scores)), key=lambda count: scores[count])
    adapter = None
    if scores[best] < scores[0]:
        halves = _halves(start)
        for _ in _passes(task, halves, best):
            pass
        adapter = replace(start, modules=_numpy(halves))
    return Refined(scores[0], scores[best], sum(sizes), adapter)


def _some(task: Task, held: Places, want: bool) -> list[tuple[list[int], list[int]]]:
    return [pair for pair, out in zip(task.pairs, held, strict=True) if bool(out) == want]


def _course(inside: Task, outside: Task, start: Adapter) -> list[Score]:
    """Scores on `outside` at the start and after each pass over `inside`, until they stop getting better."""
    halves = _halves(start)
    scores = [_score(outside, halves)]
    for _ in _passes(inside, halves, PASSES):
        scores.append(_score(outside, halves))
        if len(scores) - 1 - scores.index(min(scores)) >= PATIENCE:
            break
    return scores + [max(scores)] * (PASSES + 1 - len(scores))  # other folds may go on


Halves = dict[str, tuple[Tensor, Tensor]]


def _halves(adapter: Adapter) -> Halves:
    """A and B of each module, to be trained; B holds alpha / rank."""
    scale = adapter.alpha / adapter.rank
    return {
        name: (torch.from_numpy(a.copy()).requires_grad_(), torch.from_numpy(b * scale).requires_grad_())
        for name, (a, b) in adapter.modules.items()
    }


def _numpy(halves: Halves) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """As an adapter whose alpha is its rank."""
    return {name: (a.detach().numpy(), b.detach().numpy()) for name, (a, b) in halves.items()}


def _lora(base: Decoder, halves: Halves) -> Lora:
    """Layers stacked, one row for all."""
    stacked: Lora = {}
    for module in MODULES:
        pairs = [halves[f"blk.{layer}.{module}"] for layer in range(base.shape.layers)]
        stacked[module] = (torch.stack([a for a, _ in pairs])[None], torch.stack([b for _, b in pairs])[None])
    return stacked


def _passes(task: Task, halves: Halves, count: int) -> Iterator[None]:
    """Train the halves in place, for `count` passes over the pairs in an order drawn anew each time."""
    trained = [tensor for pair in halves.values() for tensor in pair]
    optimizer = torch.optim.AdamW(trained, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    rng = np.random.default_rng(0)
    for _ in range(count):
        for batch, allowed in _batches(task, rng.permutation(len(task.pairs))):
            losses, _ = _judged(task, batch, allowed, halves)
            torch.autograd.backward((losses * batch.weight).sum() / batch.weight.sum())
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        yield


@torch.no_grad()
def _score(task: Task, halves: Halves) -> Score:
    """Of whole answers: the share of which some token is not the likeliest, and the mean loss."""
    wrong, loss = 0, 0.0
    for batch, allowed in _batches(task, np.arange(len(task.pairs))):
        losses, right = _judged(task, batch, allowed, halves)
        wrong += len(set(batch.answer[~right].tolist()))
        loss += float(losses.sum())
    return Score(wrong / len(task.pairs), loss / len(task.pairs))


def _judged(task: Task, batch: Batch, allowed: Tensor | None, halves: Halves) -> tuple[Tensor, Tensor]:
    """Of each token of an answer, its loss in nats and whether it is the likeliest; both (K,)."""
    logits = predict(task.base, batch, _lora(task.base, halves))
    if allowed is not None:
        logits = logits.masked_fill(~allowed, -torch.inf)
    return F.cross_entropy(logits, batch.target, reduction="none"), logits.argmax(-1) == batch.target


def _batches(task: Task, order: Places) -> Iterator[tuple[Batch, Tensor | None]]:
    """A row of pairs each, with the tokens that are permitted where an answer's are predicted."""
    at = 0
    while at < len(order):
        end, size = at, 0
        while end < len(order) and end - at < PAIRS:
            size += sum(map(len, task.pairs[order[end]]))
            if size > ROW and end > at:
                break
            end += 1
        pairs = [task.pairs[index] for index in order[at:end]]
        length = len(task.prefix) + sum(len(given) + len(answer) for given, answer in pairs)
        row = rows.Rows.empty(1, length)
        rows.place_task(row, 0, 0, rows.Encoded([], task.prefix, pairs), 1, 0.0)
        batch = to_batch(row, sum(len(answer) for _, answer in pairs), np.random.default_rng(0))
        yield batch, _allowed(task, pairs, row, batch)
        at = end


def _allowed(
    task: Task, pairs: Sequence[tuple[list[int], list[int]]], row: rows.Rows, batch: Batch
) -> Tensor | None:
    if not task.follow:
        return None
    allowed = torch.zeros(len(batch.where), task.base.shape.vocab, dtype=torch.bool)
    places = [(part, at) for part, (_, answer) in enumerate(pairs, 1) for at in range(len(answer))]
    flat = np.flatnonzero(row.answer[0])  # in the order of `places`
    found = {int(where): place for where, place in zip(flat, places, strict=True)}
    for line, where in enumerate(batch.where.tolist()):
        part, at = found[where]
        allowed[line, task.follow[tuple(pairs[part - 1][1][:at])]] = True
    return allowed


def _follow(answers: Sequence[list[int]]) -> Follow:
    found: Follow = {}
    for answer in answers:
        for at, token in enumerate(answer):
            found.setdefault(tuple(answer[:at]), []).append(token)
    return found


@contextmanager
def _one_core() -> Iterator[None]:
    """A sum must not depend on how many cores a machine has."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
