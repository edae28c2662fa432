"""Joint reading: a record and what is said of each label in one sequence, by an encoder that wears a LoRA
(formats/pawbin.md §10).

A label head compares encodings that know nothing of each other. Here every token sees all others, so that
the same words of a record can count for one label or for another: what a cross-encoder has over a bi-encoder
(Humeau et al. 2020), for all labels at once (GLiClass, Stepanov et al. 2025). It costs the tokens of all
labels, and so is for doubts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pawformats.errors import PawError
from pawformats.head import TOGETHER
from pawformats.values import FloatArray, Joint

from .closing import Closing
from .encoder import Encoder
from .model import Model


class JointEncoder(Closing):
    """Reads records with the texts of a Joint; `before` and `suffix` are the prompt's tokens. One sequence
    at a time, so that a record's numbers never depend on others. Without `adapter` the model wears it
    already (worn.py).

    Raises PawError as `prepared` and Encoder do.
    """

    def __init__(
        self,
        model: Model,
        joint: Joint,
        adapter: bytes | None,
        before: Sequence[int],
        suffix: Sequence[int],
        threads: int | None = None,
    ) -> None:
        self._joint, self._before, self._suffix = joint, list(before), list(suffix)
        self._texts = prepared(model, joint, before, suffix)
        self._encoder = Encoder(model, threads, together=1, pooled=False, adapter=adapter)

    def close(self) -> None:
        """May be called twice."""
        self._encoder.close()

    def log_odds(self, record: Sequence[int], labels: Sequence[int]) -> FloatArray:
        """(all labels,): the log-odds of each of `labels` for a record's tokens, of which the first ones are
        read; of the others minus infinity."""
        sequence = [*self._before, *record[: self._joint.record]]
        spans = [(len(self._before), len(sequence))]
        sequence += self._suffix
        for text in (self._texts[label] for label in labels):
            spans.append((len(sequence), len(sequence) + len(text)))
            sequence += [*text, *self._suffix]
        states = self._encoder.states(sequence)
        means = np.stack([_mean(states[begin:end]) for begin, end in spans])
        found = np.full(len(self._texts), -np.inf, np.float32)
        found[list(labels)] = self._joint.scale * (means[1:] @ means[0])
        return found


def prepared(model: Model, joint: Joint, before: Sequence[int], suffix: Sequence[int]) -> list[list[int]]:
    """The tokens of each label's text.

    Raises PawError `joint-refused` if they leave the encoder no room for a record.
    """
    texts = [model.tokenize(text, special=False)[: joint.label] for text in joint.texts]
    longest = sorted(map(len, texts))[-TOGETHER:]
    most = len(before) + joint.record + len(suffix) + sum(size + len(suffix) for size in longest)
    if most > model.n_ctx_train:
        message = f"joint reading takes up to {most} tokens, {model.path} reads {model.n_ctx_train}"
        raise PawError("joint-refused", message)
    return texts


def _mean(states: FloatArray) -> FloatArray:
    """The mean of states (n, d), scaled to length 1; 0 of none."""
    total = states.sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), np.float32)
