"""The trie of labels, and walks through it against scoring every label by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pawformats.values import FloatArray

from pawrun import labels

END, VOCAB = 0, 6


def logits_after(path: tuple[int, ...], spread: float) -> FloatArray:
    """A model that is a fixed random function of what came before."""
    rng = np.random.default_rng([7, *path])
    return (rng.standard_normal(VOCAB) * spread).astype(np.float32)


def score(sequences: Sequence[tuple[int, ...]], index: int, spread: float) -> float:
    """P(label): at each token, the softmax over what some label has there."""
    chance = 1.0
    for depth, token in enumerate(sequences[index]):
        path = sequences[index][:depth]
        allowed = {s[depth] for s in sequences if s[:depth] == path}
        row = logits_after(path, spread).astype(float)
        chance *= math.exp(row[token]) / sum(math.exp(row[other]) for other in allowed)
    return chance


def walk(trie: labels.Trie, spread: float, everything: bool) -> tuple[labels.Walk, int]:
    way, steps = labels.Walk(trie), 0
    while (branch := way.next(everything)) is not None:
        way.learn(logits_after(trie.branches[branch].path, spread))
        steps += 1
    return way, steps


label_sets = st.lists(
    st.lists(st.integers(1, VOCAB - 1), max_size=4).map(lambda tokens: (*tokens, END)),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(label_sets, st.floats(0.1, 20))
def test_walks_are_exact(sequences: list[tuple[int, ...]], spread: float) -> None:
    trie = labels.build(sequences)
    expected = [score(sequences, index, spread) for index in range(len(sequences))]
    whole, all_steps = walk(trie, spread, everything=True)
    assert np.allclose(np.exp(whole.scores), expected, atol=1e-5)
    assert math.isclose(sum(np.exp(whole.scores)), 1, abs_tol=1e-9)
    best, steps = walk(trie, spread, everything=False)
    assert best.best() == whole.best()
    assert steps <= all_steps == len(trie.branches)


def test_labels_that_part_at_once_cost_one_look() -> None:
    trie = labels.build([(1, 4, 5, END), (2, END), (3, 3, END)])
    assert len(trie.branches) == 1 and trie.branches[0].path == ()


def test_shared_tokens_cost_none() -> None:
    trie = labels.build([(1, 2, 3, END), (1, 2, 4, END)])
    assert [branch.path for branch in trie.branches] == [(1, 2)]


def test_a_label_that_begins_another() -> None:
    trie = labels.build([(1, END), (1, 2, END)])
    (branch,) = trie.branches
    assert set(branch.tokens.tolist()) == {END, 2}


def test_one_label_needs_no_model() -> None:
    way = labels.Walk(labels.build([(1, 2, END)]))
    assert way.next() is None and way.best() == (0, 1.0)


def test_the_first_declared_wins_a_tie() -> None:
    way = labels.Walk(labels.build([(3, END), (1, 2, END), (1, END), (2, END)]))
    while way.next() is not None:
        way.learn(np.array([0, 1, 1, 1, 0, 0], np.float32))
    assert way.best()[0] == 0
