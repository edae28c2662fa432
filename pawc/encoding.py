"""A target's encoder as the compiler uses it: texts to vectors, and the tokens of a text to states."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pawformats.errors import PawError
from pawformats.values import FloatArray, Joint, Target
from pawllama.closing import Closing

from . import joint as joints
from . import lm, reader

if TYPE_CHECKING:
    from pawllama.encoder import Encoder
    from pawllama.joint import JointEncoder
    from pawllama.model import Model

    from .reader import Reader

#: A fixed number, so that a sum never depends on how many cores a machine has.
THREADS = 1


class TextEncoder(Closing):
    """Opened at the first use, after its digest was checked, and kept for the next. Close it.

    Raises PawError as a file is missing or damaged.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._model: Model | None = None
        self._contexts: dict[bool, Encoder] = {}
        self._reader: Reader | None = None
        self._vectors: dict[str, FloatArray] = {}

    @property
    def model(self) -> Model:
        if self._model is None:
            from pawllama.model import Model

            if self.target.lm_path is None or self.target.lm_sha256 is None:
                raise PawError("no-compiler", f"the target {self.target.name!r} has no trained compiler")
            lm.verify(self.target.lm_path, self.target.lm_sha256, "encoder")
            self._model = Model(self.target.lm_path)
        return self._model

    @property
    def reader(self) -> Reader:
        """What finds answers in this encoder's states."""
        if self._reader is None:
            if self.target.reader_path is None or self.target.reader_sha256 is None:
                raise PawError("no-compiler", f"the target {self.target.name!r} has no trained compiler")
            lm.verify(self.target.reader_path, self.target.reader_sha256, "reader")
            self._reader = reader.load(self.target.reader_path)
        return self._reader

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        """(n, d): the encodings of texts, each cut to what can be read. A text is encoded once: -O2 and
        `pawc explain` come back to the same ones."""
        before, suffix = self.around
        fresh = list(dict.fromkeys(text for text in texts if text not in self._vectors))
        plain = map(self.tokens, fresh)
        made = self._context(pooled=True).encode([[*before, *ids, *suffix] for ids in plain])
        self._vectors.update(zip(fresh, made, strict=True))
        return np.array([self._vectors[text] for text in texts], np.float32).reshape(-1, made.shape[1])

    def tokens(self, text: str) -> list[int]:
        """A text's, cut to what can be read."""
        return self.model.tokenize(text, special=False)[: self.room]

    def joint(self, joint: Joint) -> JointEncoder:
        """What reads records together with the labels of a spec; close it."""
        from pawllama.joint import JointEncoder

        assert self.target.joint is not None
        adapter = joints.adapter(self.target.joint, "f16")
        return JointEncoder(self.model, joint, adapter, *self.around, THREADS)

    def states(self, ids: Sequence[int]) -> FloatArray:
        """(n, d): the states of the tokens of one text, of `room` at most, for the reader."""
        before, suffix = self.around
        found = self._context(pooled=False).states([*before, *ids, *suffix])
        return found[len(before) : len(before) + len(ids)]

    @cached_property
    def around(self) -> tuple[list[int], list[int]]:
        """The tokens before and after every text."""
        prompt = self.target.prompt
        return self.model.tokenize(prompt.before, special=True), self.model.tokenize(
            prompt.suffix, special=True
        )

    @property
    def room(self) -> int:
        """Most tokens of a text."""
        return min(self.target.base.context, self.model.n_ctx_train) - sum(map(len, self.around))

    def _context(self, pooled: bool) -> Encoder:
        if pooled not in self._contexts:
            from pawllama.encoder import Encoder

            # one sequence at a time: the same text has the same vector, whatever else is compiled
            worn = None if pooled else self.reader.lora
            self._contexts[pooled] = Encoder(self.model, THREADS, together=1, pooled=pooled, adapter=worn)
        return self._contexts[pooled]

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()
        self._contexts = {}
        if self._model is not None:
            self._model.close()
        self._model = None
