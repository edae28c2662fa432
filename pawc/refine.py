"""Fitting a label head to examples by gradient steps, held back towards the head that a spec alone gives.

The encodings stay as they are, so the loss has one minimum, and what is chosen is only how strongly the prior
holds the head back, and whether records that leave it in doubt are read again: by cross-validation, in which
the program of -O1 takes part and wins a tie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pawformats import head
from pawformats.values import FloatArray, Joint

Doubles = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
#: A head (labels, d + 1) from the examples at some places alone.
Made = Callable[[Places], FloatArray]

#: Folds of the cross-validation, and how many judged examples are enough: of many, few folds are held out.
FOLDS, JUDGED = 5, 200
#: What is tried: factors of the prior's odds, which the encoder may hold for surer than they are, and
#: strengths that hold a head to it (the inverse variance of a weight).
SHARES = (0.3, 1.0)
STRENGTHS = (10.0, 3.0, 1.0, 0.3, 0.1)
#: Gradient steps of one fit at most, and the gradient's size, as a share of its first, that ends it.
STEPS, SETTLED = 400, 1e-5
#: Weights are rounded to this, finer than any answer needs: libraries of linear algebra differ in last bits.
GRAIN = 2.0**-12


class Score(NamedTuple):
    """Of held-out examples: the share answered wrongly, then their mean negative log-likelihood."""

    wrong: float
    loss: float


@dataclass(frozen=True)
class Refined:
    """What came of it: held-out scores of -O1's program and of the best other, over `judged` examples; and
    the head (labels, d + 1) that was then fitted to all examples, None if it is not better than -O1's, with
    or without reading doubtful records `again`."""

    before: Score
    after: Score
    judged: int
    head: FloatArray | None
    again: bool = False


@dataclass(frozen=True)
class Doubts:
    """How a program settles them, and what it then reads: log-odds (n, labels) of examples at n places, where
    a head gave probabilities (n, labels)."""

    joint: Joint
    read: Callable[[Places, FloatArray], FloatArray]


def refine(
    encodings: FloatArray,
    places: Places,
    texts: Sequence[str],
    start: Made,
    prior: Made,
    doubts: Doubts | None = None,
) -> Refined:
    """Of n examples, two at least, the encodings (n, d), the numbers of their labels, and their inputs, of
    which equal ones are held out together. `start` makes the head of -O1, `prior` the one to hold on to;
    `doubts` are those of -O1's program, if it reads records again. With more labels than are read together a
    new head never does: which ones are read is the head's to say, so each would read every example anew."""
    x, y = encodings.astype(np.float64), places
    fold = folds(texts, places)
    held: dict[tuple[float, float, bool], list[Score]] = {}
    before: list[Score] = []
    sizes: list[int] = []
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(outside) or not len(inside):
            continue
        first = start(inside)
        settling = [None, doubts] if doubts and len(first) <= head.TOGETHER else [None]
        before.append(_score(_answered(first, x, outside, doubts), y[outside]))
        for choice, fitted in _heads(x[inside], y[inside], prior(inside)):
            for used in settling:
                found = _score(_answered(fitted, x, outside, used), y[outside])
                held.setdefault((*choice, used is not None), []).append(found)
        sizes.append(len(outside))
        if sum(sizes) >= JUDGED:
            break
    if not before:  # one input, however often
        return Refined(Score(0.0, 0.0), Score(0.0, 0.0), 0, None, True)
    whole = mean(before, sizes)
    scores = {choice: mean(found, sizes) for choice, found in held.items()}
    best = min(scores, key=lambda choice: scores[choice])
    made: FloatArray | None = None
    if scores[best] < whole:
        every = np.arange(len(x))
        made = next(fitted for choice, fitted in _heads(x, y, prior(every)) if choice == best[:2])
    return Refined(whole, scores[best], sum(sizes), made, best[2])


def folds(texts: Sequence[str], places: Places) -> Places:
    """A fold for each example: equal inputs in one, each label spread over all, whatever the order."""
    fold: dict[str, int] = {}
    following = 0
    for _, text in sorted(zip(places, texts, strict=True), key=lambda one: (one[0], _shuffled(one[1]))):
        if text not in fold:
            fold[text] = following % FOLDS
            following += 1
    return np.array([fold[text] for text in texts])


def _shuffled(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _heads(x: Doubles, y: Places, prior: FloatArray) -> Iterator[tuple[tuple[float, float], FloatArray]]:
    """The head of each choice of share and strength. A prior's biases are not used: what a label's odds are
    on the whole is for the examples to say."""
    middle = x.mean(axis=0)
    inputs = np.concatenate([x - middle, np.ones((len(x), 1))], axis=1)
    width = np.linalg.norm(inputs.T @ inputs if len(x) > inputs.shape[1] else inputs @ inputs.T, 2)
    for share in SHARES:
        weights = np.concatenate([share * prior[:, :-1], np.zeros((len(prior), 1))], axis=1)
        pulled = weights
        for strength in STRENGTHS:  # each fit begins at the one before it, which is near
            pulled = _fit(inputs, y, weights, pulled, strength, float(width))
            bias = pulled[:, -1:] - pulled[:, :-1] @ middle[:, None]
            fitted = np.concatenate([pulled[:, :-1], bias], axis=1)
            yield (share, strength), np.asarray(np.round(fitted / GRAIN) * GRAIN, np.float32)


def _fit(x: Doubles, y: Places, prior: Doubles, begin: Doubles, strength: float, width: float) -> Doubles:
    """The least of Σ -log p(y) + strength / 2 · |weights - prior|², by accelerated gradient steps. `width` is
    the largest eigenvalue of xᵀx."""
    wanted = np.eye(len(prior))[y]
    bend = width / 2 + strength  # no direction curves more
    push = (1 - (strength / bend) ** 0.5) / (1 + (strength / bend) ** 0.5)
    weights = ahead = begin
    first = 0.0
    for step in range(STEPS):
        slope = (head.softmax(x @ ahead.T) - wanted).T @ x + strength * (ahead - prior)
        size = float(np.abs(slope).max())
        first = first if step else size
        if size <= SETTLED * max(first, strength):
            break
        moved = ahead - slope / bend
        ahead, weights = moved + push * (moved - weights), moved
    return weights


def _answered(weights: FloatArray, x: Doubles, some: Places, doubts: Doubts | None) -> FloatArray:
    """Probabilities (n, labels) of the examples at n places, by a program with a head of these weights."""
    odds = head.probabilities(x[some] @ weights[:, :-1].T.astype(np.float64) + weights[:, -1])
    again = head.doubtful(odds, doubts.joint) if doubts else []
    if doubts and again:
        odds[again] = head.settled(odds[again], doubts.read(some[again], odds[again]), doubts.joint)
    return odds


def _score(odds: FloatArray, y: Places) -> Score:
    right = np.maximum(odds[np.arange(len(y)), y], 1e-9)
    return Score(float((odds.argmax(axis=1) != y).mean()), float(-np.log(right).mean()))


def mean(scores: Sequence[Score], sizes: Sequence[int]) -> Score:
    return Score(*(float(np.average(found, weights=sizes)) for found in zip(*scores, strict=True)))
