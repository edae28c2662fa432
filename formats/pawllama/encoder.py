"""Encoding texts by a bidirectional model: a vector for each token sequence, or for each token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from pawformats.errors import PawError
from pawformats.values import FloatArray

from . import library
from .closing import Closing
from .context import Batch, attach
from .model import Model
from .pace import Paces
from .runs import Run

#: Tokens that are encoded together. More would cost: llama.cpp lets every token of a batch look at every
#: other and then masks those of other sequences.
TOGETHER = 256
#: Tokens from which on flash attention is the faster one: llama.cpp computes it in tiles of 64 then, and
#: without it a map over a head's 32 numbers at a time.
TILED = 64
#: Tokens from which on it costs less to fill a batch up to TILED, by a sequence that nobody asks for.
FILLED = 44
_MOST_SEQUENCES = 32
_POOLING_NONE, _POOLING_MEAN = 0, 1  # llama_pooling_type
_FLASH_OFF, _FLASH_ON = 0, 1  # llama_flash_attn_type


class Encoder(Closing):
    """An encoder at work. With `pooled`, the mean of the last layer's states over a sequence, scaled to
    length 1 (`encode`); else the states themselves (`states`). It wears a LoRA, if one is given.

    `together` bounds the tokens of a batch; a sequence of more is a batch of its own. A sequence that is
    encoded alone always gives the same numbers. Beside others they may differ in the third decimal: flash
    attention, which a batch of `FILLED` tokens and more has, rounds keys and values to 16 bits.

    Raises PawError `not-an-encoder` for a causal model, `out-of-memory` if llama.cpp has none left,
    `adapter-refused` for a LoRA that doesn't fit. Close it before the model.
    """

    def __init__(
        self,
        model: Model,
        threads: int | None = None,
        together: int = TOGETHER,
        pooled: bool = True,
        adapter: bytes | None = None,
    ) -> None:
        self.model, self.api, self.together, self.pooled = model, model.api, together, pooled
        self.longest = model.n_ctx_train
        self._paces = Paces(threads, library.threads(model.file_size))
        self.threads = self._paces.most
        if model.architecture() != "bert":
            raise PawError("not-an-encoder", f"{model.path} is {model.architecture()}, which is no encoder")
        self._batch = Batch(self.api, max(self.longest, together))
        self._contexts: dict[int, Any] = {}
        self._adapter: Any = None
        try:
            self._adapter = None if adapter is None else model.adapter(adapter)
            self._context(_FLASH_OFF)
        except BaseException:
            self.close()
            raise

    def _context(self, flash: int) -> Any:
        """The llama_context with or without flash attention, opened at its first use."""
        if flash not in self._contexts:
            params = self.api.llama_context_default_params()
            params.n_ctx = params.n_batch = params.n_ubatch = max(self.longest, self.together)
            params.n_seq_max = _MOST_SEQUENCES
            params.n_threads = params.n_threads_batch = self.threads
            params.kv_unified = True
            params.embeddings = True
            params.pooling_type = _POOLING_MEAN if self.pooled else _POOLING_NONE
            params.flash_attn_type = flash
            params.no_perf = True
            library.complaint()
            pointer = self.api.llama_init_from_model(self.model.pointer, params)
            if not pointer:
                raise PawError("out-of-memory", f"cannot open an encoder: {library.complaint()}")
            self._contexts[flash] = pointer
            if self._adapter is not None:
                attach(self.api, pointer, self._adapter)
        return self._contexts[flash]

    def close(self) -> None:
        """May be called twice."""
        for pointer in self._contexts.values():
            self.api.llama_free(pointer)
        if self._adapter is not None:
            self.model.forget(self._adapter)
        self._contexts, self._adapter = {}, None

    def encode(self, sequences: Sequence[Sequence[int]]) -> FloatArray:
        """(n, d): one row of length 1 for each sequence, none of which is empty or exceeds `longest`.

        Raises PawError as llama_encode fails.
        """
        rows = np.empty((len(sequences), self.model.n_embd), np.float32)
        for begin, end in _groups(sequences, self.together):
            group = sequences[begin:end]
            context = self._run(group)
            for seq in range(end - begin):
                pointer = self.api.llama_get_embeddings_seq(context, seq)
                if not pointer:
                    raise PawError("encode-failed", "llama.cpp has no encoding of a sequence")
                rows[begin + seq] = np.ctypeslib.as_array(pointer, shape=(rows.shape[1],))
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return rows

    def states(self, ids: Sequence[int]) -> FloatArray:
        """(n, d): the last layer's states of one sequence, of `longest` tokens at most.

        Raises PawError as llama_encode fails.
        """
        pointer = self.api.llama_get_embeddings(self._run([ids]))  # of all tokens, in their order
        if not pointer:
            raise PawError("encode-failed", "llama.cpp has no states of the tokens")
        return np.ctypeslib.as_array(pointer, shape=(len(ids), self.model.n_embd)).copy()

    def _run(self, group: Sequence[Sequence[int]]) -> Any:
        """Compute all sequences of a group; the context that has their states."""
        missing = TILED - sum(map(len, group))
        if 0 < missing <= TILED - FILLED and len(group) < _MOST_SEQUENCES:
            group = [*group, [group[0][0]] * missing]
        size = self._batch.fill((Run(seq, 0, ids), 0, len(ids)) for seq, ids in enumerate(group))
        self._batch.output[:size] = 1
        context = self._context(_FLASH_ON if size >= TILED else _FLASH_OFF)
        self._paces.run(size, lambda threads: self._encode(context, threads))
        return context

    def _encode(self, context: Any, threads: int) -> None:
        self.api.llama_set_n_threads(context, threads, threads)
        library.complaint()
        code = self.api.llama_encode(context, self._batch.batch)
        if code:
            raise PawError("encode-failed", f"llama.cpp returned {code}: {library.complaint()}")


def _groups(sequences: Sequence[Sequence[int]], size: int) -> Iterator[tuple[int, int]]:
    """Neighbours (from, to) of at most `size` tokens together, each group of at least one."""
    begin = total = 0
    for at, ids in enumerate(sequences):
        if at > begin and (total + len(ids) > size or at - begin == _MOST_SEQUENCES):
            yield begin, at
            begin, total = at, 0
        total += len(ids)
    if len(sequences) > begin:
        yield begin, len(sequences)
