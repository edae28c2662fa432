"""The label compiler: a spec with labels in, a label head for an encoder out.

A label's vector is the encoding of what the spec says about it, moved by `example_weight` towards the mean
encoding of its examples; `scale` turns cosines into log-odds. Both were trained with the encoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pawformats import head
from pawformats.errors import PawError
from pawformats.values import FloatArray, Spec, Target
from pawllama.closing import Closing

from .definitions import label_texts

if TYPE_CHECKING:
    from pawllama.encoder import Encoder
    from pawllama.model import Model

#: A fixed number, so that a sum never depends on how many cores a machine has.
THREADS = 1


class HeadCompiler(Closing):
    """A target's encoder: its digest checked and loaded at the first use, kept for the next. Close it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._loaded: tuple[Model, Encoder] | None = None

    def load(self) -> tuple[Model, Encoder]:
        """Raises PawError as the encoder is missing or damaged."""
        if self._loaded is None:
            from pawllama.encoder import Encoder
            from pawllama.model import Model

            from . import lm

            if self.target.lm_path is None or self.target.lm_sha256 is None:
                raise PawError("no-compiler", f"the target {self.target.name!r} has no trained compiler")
            lm.verify(self.target.lm_path, self.target.lm_sha256, "encoder")
            model = Model(self.target.lm_path)
            try:
                # one sequence at a time: the same text has the same vector, whatever else is compiled
                self._loaded = model, Encoder(model, THREADS, together=1)
            except BaseException:
                model.close()
                raise
        return self._loaded

    def close(self) -> None:
        if self._loaded is not None:
            model, encoder = self._loaded
            encoder.close()
            model.close()
        self._loaded = None


def emit(spec: Spec, compiler: HeadCompiler) -> bytes:
    """The head of a spec's labels. Raises PawError `no-labels` for a spec without a label contract."""
    target, labels = compiler.target, spec.contract.labels
    if not labels:
        raise PawError(
            "no-labels",
            f"programs for {target.name} answer with labels, and this spec names none",
            position=spec.positions.get("description"),
            hint='name the answers in the front matter, as in: labels = ["yes", "no"]',
        )
    model, encoder = compiler.load()
    before = model.tokenize(target.prompt.before, special=True)
    suffix = model.tokenize(target.prompt.suffix, special=True)
    room = min(target.base.context, encoder.longest) - len(before) - len(suffix)

    def encode(texts: list[str]) -> FloatArray:
        plain = (model.tokenize(text, special=False)[:room] for text in texts)
        return encoder.encode([[*before, *ids, *suffix] for ids in plain])

    vectors = encode(list(label_texts(spec.description, labels)))
    shown = encode([example.input for example in spec.examples])
    places = [labels.index(example.output) for example in spec.examples]
    return head.dump(combine(vectors, shown, places, target.scale, target.example_weight))


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
