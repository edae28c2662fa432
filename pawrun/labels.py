"""Deciding between labels: a trie over their tokens, and an exact best-first walk through it.

At each node that branches, the model's distribution is renormalised over the children; a label's
probability is the product along its path, so that the probabilities sum to one whatever the lengths.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pawformats.values import FloatArray


@dataclass(frozen=True)
class Branch:
    """A place where labels part: `path` leads there from the answer's start, one of `tokens` follows.

    A choice leads to `targets[i]`: label i if it is >= 0, else to branch ~target. Tokens that leave no
    choice are part of the next branch's path and cost no decision.
    """

    path: tuple[int, ...]
    tokens: npt.NDArray[np.int64]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Trie:
    """`branches[0]` is the first decision; there is none if there is only one label."""

    size: int
    branches: tuple[Branch, ...]


def build(sequences: Sequence[Sequence[int]]) -> Trie:
    """The trie of token sequences, each ended by the end token, so that none begins another."""
    branches: list[Branch | None] = []

    def grow(members: list[int], depth: int) -> int:
        """Target of a set of labels that share their first `depth` tokens."""
        if len(members) == 1:
            return members[0]
        groups: dict[int, list[int]] = {}
        for member in members:
            groups.setdefault(sequences[member][depth], []).append(member)
        if len(groups) == 1:
            return grow(members, depth + 1)
        at = len(branches)
        branches.append(None)  # keeps the place: parents come before children
        targets = tuple(grow(group, depth + 1) for group in groups.values())
        path = tuple(sequences[members[0]][:depth])
        branches[at] = Branch(path, np.array(list(groups), np.int64), targets)
        return ~at

    grow(list(range(len(sequences))), 0)
    return Trie(len(sequences), tuple(branch for branch in branches if branch is not None))


class Walk:
    """One record's way through a trie. Ask `next`, show it the logits there with `learn`, repeat."""

    def __init__(self, trie: Trie) -> None:
        self.trie = trie
        #: Log-probabilities of the labels reached so far.
        self.scores = np.full(trie.size, -np.inf)
        self._open: list[tuple[float, int]] = []
        if trie.branches:
            self._open.append((0.0, 0))
        else:
            self.scores[:] = 0.0

    def next(self, everything: bool = False) -> int | None:
        """The branch to look at next; None once the best label is certain, or with `everything` once
        every label has its score."""
        if not self._open:
            return None
        best_open = -self._open[0][0]
        return self._open[0][1] if everything or best_open >= self.scores.max() else None

    def learn(self, logits: FloatArray) -> None:
        """Take the logits after the path of the branch that `next` named."""
        cost, at = heapq.heappop(self._open)
        branch = self.trie.branches[at]
        chosen = logits[branch.tokens].astype(np.float64)
        chosen -= chosen.max()
        log_probabilities = chosen - np.log(np.exp(chosen).sum())
        for target, value in zip(branch.targets, log_probabilities, strict=True):
            if target >= 0:
                self.scores[target] = value - cost
            else:
                heapq.heappush(self._open, (cost - float(value), ~target))

    def chances(self) -> list[float]:
        """The probability of each label, 0 for those not reached."""
        found: list[float] = np.exp(self.scores).tolist()
        return found

    def best(self) -> tuple[int, float]:
        """The likeliest label, the first declared among equals, and its probability."""
        index = int(self.scores.argmax())
        return index, self.chances()[index]
