"""The label compiler: a spec with labels in, a label head for an encoder out.

A label's vector is the encoding of what the spec says about it, moved by `example_weight` towards the mean
encoding of its examples; `scale` turns cosines into log-odds. Both were trained with the encoder. At -O2 that
head is where the fit to examples begins.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pawformats import head
from pawformats.errors import PawError
from pawformats.values import Example, FloatArray, Spec

from . import joint, refine
from .definitions import label_texts

if TYPE_CHECKING:
    from .encoding import TextEncoder


def emit(spec: Spec, encoder: TextEncoder) -> bytes:
    """The head of a spec's labels. Raises PawError `no-labels` for a spec without a label contract."""
    target, labels = encoder.target, _labels(spec, encoder)
    vectors = encoder.vectors(label_texts(spec.description, labels))
    shown = encoder.vectors([example.input for example in spec.examples])
    places = [labels.index(example.output) for example in spec.examples]
    return head.dump(combine(vectors, shown, places, target.scale, target.example_weight))


def refined(spec: Spec, rows: Sequence[Example], encoder: TextEncoder) -> refine.Refined:
    """What -O2 makes of a spec with labels, its examples and further rows. Raises as `emit` does."""
    target, labels = encoder.target, _labels(spec, encoder)
    vectors = encoder.vectors(label_texts(spec.description, labels))
    pairs = (*spec.examples, *rows)
    shown = encoder.vectors([pair.input for pair in pairs])
    places = np.array([labels.index(pair.output) for pair in pairs])

    def prior(some: refine.Places) -> FloatArray:
        return combine(vectors, shown[some], places[some].tolist(), target.scale, target.example_weight)

    def start(some: refine.Places) -> FloatArray:
        return prior(some[some < len(spec.examples)])

    texts = [pair.input for pair in pairs]
    again = joint.emit(spec, target)
    if again is None:
        return refine.refine(shown, places, texts, start, prior)
    with encoder.joint(again) as reading:

        @functools.cache
        def log_odds(place: int, labels: tuple[int, ...]) -> FloatArray:
            return reading.log_odds(encoder.tokens(texts[place]), labels)

        def read(some: refine.Places, odds: FloatArray) -> FloatArray:
            which = (tuple(head.together(row)) for row in odds)
            return np.stack([log_odds(int(place), those) for place, those in zip(some, which, strict=True)])

        doubts = refine.Doubts(again, read)
        return refine.refine(shown, places, texts, start, prior, doubts)


def _labels(spec: Spec, encoder: TextEncoder) -> tuple[str, ...]:
    if not spec.contract.labels:
        raise PawError(
            "no-labels",
            f"programs for {encoder.target.name} answer with labels, and this spec names none",
            position=spec.positions.get("description"),
            hint='name the answers in the front matter, as in: labels = ["yes", "no"]',
        )
    return spec.contract.labels


def combine(
    vectors: FloatArray, shown: FloatArray, places: list[int], scale: float, example_weight: float
) -> FloatArray:
    """(labels, d + 1): the head of label vectors (labels, d) and of the examples' (n, d), the i-th of
    which has label `places[i]`. The biases are 0."""
    total = vectors.astype(np.float32)
    for label in range(len(vectors)):
        own = shown[[place == label for place in places]] if places else shown
        if len(own):
            total[label] += np.float32(example_weight) * own.mean(axis=0, dtype=np.float32)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), np.float32(1e-12))
    biases = np.zeros((len(total), 1), np.float32)
    return np.concatenate([total * np.float32(scale), biases], axis=1)
