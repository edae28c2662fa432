"""The label head of a program for an encoder (formats/pawbin.md §8): matrix <-> bytes.

A row for each label: the weights of an encoding's d numbers, then the label's bias. The odds of a
record are softmax(W · e + b) over the labels, with e the record's encoding, scaled to length 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import PawError
from .values import FloatArray, Joint

if TYPE_CHECKING:
    import numpy.typing as npt


#: Labels that a record is read again with, at most (§10): of more each would have too few tokens.
TOGETHER = 16


def dump(head: FloatArray) -> bytes:
    """(labels, d + 1) to little-endian float32, row by row."""
    return np.ascontiguousarray(head, "<f4").tobytes()


def load(data: bytes, labels: int) -> FloatArray:
    """The matrix (labels, d + 1). Raises PawError `pawbin-head` unless the bytes make whole rows of at
    least two finite numbers for each of `labels` labels."""
    row = len(data) // (4 * labels) if labels else 0
    if row < 2 or row * 4 * labels != len(data):
        raise PawError("pawbin-head", f"a label head of {len(data)} bytes does not fit {labels} labels")
    head = np.frombuffer(data, "<f4").reshape(labels, row).astype(np.float32)
    if not np.isfinite(head).all():
        raise PawError("pawbin-head", "the label head holds a number that is not finite")
    return head


def softmax(log_odds: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Over the labels of (n, labels), in double precision."""
    odds = np.exp(log_odds.astype(np.float64) - log_odds.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def probabilities(log_odds: npt.NDArray[Any]) -> FloatArray:
    """The same as what answers are chosen by, in single precision."""
    return softmax(log_odds).astype(np.float32)


def doubtful(odds: FloatArray, joint: Joint) -> list[int]:
    """The rows of probabilities (n, labels) that are to be read again."""
    return [int(row) for row in np.flatnonzero(odds.max(axis=-1) < joint.below)]


def together(odds: FloatArray) -> list[int]:
    """The labels that a record with these probabilities (labels,) is read again with, in their order: all, or
    the TOGETHER likeliest, of equal ones the first."""
    return sorted(int(label) for label in np.argsort(-odds, kind="stable")[:TOGETHER])


def settled(odds: FloatArray, again: FloatArray, joint: Joint) -> FloatArray:
    """Probabilities (n, labels) that a head gave and log-odds (n, labels) of joint reading, as one. What was
    not read has log-odds of minus infinity."""
    both = np.log(np.maximum(odds, 1e-30)) + np.float32(joint.weight) * np.log(
        np.maximum(probabilities(again), 1e-30)
    )
    return probabilities(both)
