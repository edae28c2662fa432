"""Evaluating tokens: many sequences over one key/value pool, and hidden states."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from pawformats.errors import PawError
from pawformats.values import FloatArray

from . import library
from .closing import Closing
from .model import Model
from .pace import Paces
from .runs import Run, pack, shared

_POOLING_NONE = 0  # llama_pooling_type
_FLASH_OFF, _FLASH_ON = 0, 1  # llama_flash_attn_type
_TYPE_F32 = 0  # ggml_type

#: What llama_decode returns beside 0 (llama.h and field reports): the kind of error and what it means.
_DECODE = {
    1: ("context-full", "no room is left in the key/value pool"),
    2: ("decode-aborted", "llama.cpp was interrupted"),
    -1: ("decode-refused", "llama.cpp refused a batch as invalid"),
    -2: ("out-of-memory", "llama.cpp could not allocate memory for a batch"),
    -3: ("decode-failed", "llama.cpp failed to compute a batch"),
}


class Batch:
    """A llama_batch over numpy memory, filled by slices; each token belongs to one sequence or to several."""

    def __init__(self, api: Any, size: int) -> None:
        self.token = np.zeros(size, np.int32)
        self.pos = np.zeros(size, np.int32)
        self.seq = np.zeros(size, np.int32)
        self.output = np.zeros(size, np.int8)
        self._own = self.seq.ctypes.data + 4 * np.arange(size, dtype=np.uintp)
        self._count, self._pointer = np.ones(size, np.int32), self._own.copy()
        self._sets: list[npt.NDArray[np.int32]] = []
        batch = api.llama_batch()
        fields = (("token", self.token), ("pos", self.pos), ("n_seq_id", self._count))
        for name, array in (*fields, ("seq_id", self._pointer), ("logits", self.output)):
            pointer_type = type(getattr(batch, name))
            setattr(batch, name, ctypes.cast(ctypes.c_void_p(array.ctypes.data), pointer_type))
        self.batch = batch

    def fill(self, runs: Iterable[tuple[Run, int, int]]) -> int:
        """Set the batch to slices (run, from, to) of runs, no output wanted yet; returns its length."""
        at = 0
        self._sets.clear()
        for run, begin, end in runs:
            place = slice(at, at + end - begin)
            self.token[place] = run.tokens[begin:end]
            self.pos[place] = np.arange(run.start + begin, run.start + end)
            self.seq[place] = run.seq
            self._count[place] = 1 + len(run.others)
            self._pointer[place] = self._own[place]
            if run.others:
                self._sets.append(np.array([run.seq, *run.others], np.int32))
                self._pointer[place] = self._sets[-1].ctypes.data
            at = place.stop
        self.output[:at] = 0
        self.batch.n_tokens = at
        return at


class Context(Closing):
    """Evaluation state of a model: one key/value pool that `sequences` sequences share.

    `pool` is the number of cells. A token takes one, however many sequences it belongs to: through `share`,
    or because it was evaluated for all of them. `batch` is the most tokens that are evaluated together,
    at least one for each sequence. Flash attention is off by default: for prefills of fewer than 64 tokens,
    which is what lines of a log are, it takes almost twice as long on a CPU, and longer ones gain nothing.
    Raises PawError `too-many-sequences` (llama.cpp has a constant for them) or `out-of-memory`.
    """

    def __init__(
        self,
        model: Model,
        *,
        pool: int,
        sequences: int = 1,
        batch: int = 512,
        threads: int | None = None,
        flash_attention: bool = False,
        hidden: bool = False,
    ) -> None:
        self.model = model
        self.api = api = model.api
        self._paces = Paces(threads, library.threads(model.file_size))
        self.threads = self._paces.most
        if sequences > (most := api.llama_max_parallel_sequences()):
            raise PawError(
                "too-many-sequences", f"llama.cpp keeps {most} sequences, {sequences} were asked for"
            )
        self.pool, self.sequences, self.batch = pool, sequences, min(max(batch, sequences), pool)
        self.flash_attention, self.hidden = flash_attention, hidden
        params = api.llama_context_default_params()
        params.n_ctx = pool
        params.n_batch = params.n_ubatch = self.batch
        params.n_seq_max = sequences
        params.n_threads = params.n_threads_batch = self.threads
        params.kv_unified = True
        params.flash_attn_type = _FLASH_ON if flash_attention else _FLASH_OFF
        params.no_perf = True
        if hidden:
            params.embeddings = True
            params.pooling_type = _POOLING_NONE
            params.type_k = params.type_v = _TYPE_F32
        library.complaint()
        self.pointer: Any = api.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            self.pointer = None
            raise PawError("out-of-memory", f"cannot open a context of {pool} tokens: {library.complaint()}")
        self._memory: Any = api.llama_get_memory(self.pointer)
        self._batch = Batch(api, self.batch)
        #: Whether a token may belong to several sequences: a recurrent state is one sequence's own.
        self._shares = not (
            api.llama_model_is_recurrent(model.pointer) or api.llama_model_is_hybrid(model.pointer)
        )

    def close(self) -> None:
        """Free the pool. May be called twice."""
        if self.pointer:
            self.api.llama_free(self.pointer)
        self.pointer = None

    def adapt(self, adapter: Any | None, scale: float = 1.0) -> None:
        """Attach one LoRA (`Model.adapter`) to every sequence, or none. What was evaluated under
        another adapter must be forgotten by the caller."""
        attach(self.api, self.pointer, adapter, scale)

    def share(self, source: int, target: int) -> None:
        """Let sequence `target` begin with all of `source`; the cells are shared, not copied."""
        self.api.llama_memory_seq_cp(self._memory, source, target, 0, -1)

    def forget(self, seq: int, start: int = 0) -> None:
        """Drop a sequence from position `start` on. Raises PawError `no-rewind` if the architecture
        (a recurrent state) can only drop whole sequences."""
        if not self.api.llama_memory_seq_rm(self._memory, seq, start, -1):
            raise PawError("no-rewind", f"{self.model.architecture()} cannot rewind a sequence")

    def layout(self) -> list[object]:
        """What decides how a state looks and which numbers it holds, beside weights and tokens."""
        model = self.model
        return [self.flash_attention, self.hidden, self.batch, model.extra_buffers, model.gpu_layers]

    def state(self, seq: int) -> bytes:
        """The keys and values of a sequence, in llama.cpp's format."""
        size = self.api.llama_state_seq_get_size(self.pointer, seq)
        buffer = (ctypes.c_uint8 * size)()
        return ctypes.string_at(buffer, self.api.llama_state_seq_get_data(self.pointer, buffer, size, seq))

    def restore(self, seq: int, state: bytes) -> bool:
        """Let an empty sequence hold what `state` gave, of a context of the same layout, model and adapter.
        False, and nothing is held, if llama.cpp refuses it."""
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if self.api.llama_state_seq_set_data(self.pointer, buffer, len(state), seq) == len(state):
            return True
        self.forget(seq)
        return False

    def _decode(self) -> None:
        self._paces.run(self._batch.batch.n_tokens, self._decode_with)

    def _decode_with(self, threads: int) -> None:
        self.api.llama_set_n_threads(self.pointer, threads, threads)
        library.complaint()
        code = self.api.llama_decode(self.pointer, self._batch.batch)
        if code:
            kind, meaning = _DECODE.get(code, ("decode-failed", f"llama.cpp returned {code}"))
            raise PawError(kind, f"{meaning}: {library.complaint()}")

    def _row(self, function: Any, index: int, width: int) -> FloatArray:
        """A copy of one output row; llama.cpp overwrites its own at the next decode."""
        pointer = function(self.pointer, index)
        if not pointer:
            raise PawError("decode-failed", "llama.cpp has no output for a token that asked for one")
        return np.ctypeslib.as_array(pointer, shape=(width,)).astype(np.float32, copy=True)

    def evaluate(self, runs: Sequence[Run]) -> list[FloatArray]:
        """Evaluate runs, packed into full batches; what runs behind one sequence begin with alike is
        evaluated once. Returns the logits (n_vocab) after each run's last token, in the order of the runs;
        those that end with the same token get the same array. No run may be empty.

        Raises PawError as llama_decode fails; the pool then holds what was evaluated before.
        """
        logits: list[FloatArray] = [np.empty(0, np.float32)] * len(runs)
        pieces = shared(runs if self._shares else [replace(run, behind=None) for run in runs])
        for slices in pack(pieces, self.batch):
            self._batch.fill((pieces[index].run, begin, end) for index, begin, end in slices)
            at, wanted = 0, []
            for index, begin, end in slices:
                at += end - begin
                if pieces[index].ends and end == len(pieces[index].run.tokens):
                    self._batch.output[at - 1] = 1
                    wanted.append((pieces[index].ends, at - 1))
            self._decode()
            for ends, row in wanted:
                found = self._row(self.api.llama_get_logits_ith, row, self.model.n_vocab)
                for number in ends:
                    logits[number] = found
        return logits

    def states(self, tokens: Sequence[int]) -> FloatArray:
        """Hidden states (n, n_embd) of sequence 0 over `tokens`; the context must be made `hidden`."""
        rows: list[FloatArray] = []
        run = Run(0, 0, tokens)
        for begin in range(0, len(tokens), self.batch):
            size = self._batch.fill([(run, begin, min(begin + self.batch, len(tokens)))])
            self._batch.output[:size] = 1
            self._decode()
            function = self.api.llama_get_embeddings_ith
            rows += [self._row(function, index, self.model.n_embd) for index in range(size)]
        return np.stack(rows)


def attach(api: Any, context: Any, adapter: Any | None, scale: float = 1.0) -> None:
    """Let a llama_context wear one LoRA (`Model.adapter`), or none. Raises PawError `adapter-refused`."""
    if hasattr(api, "llama_set_adapters_lora"):
        pointers = (api.llama_adapter_lora_p_ctypes * 1)(adapter)
        scales = (ctypes.c_float * 1)(scale)
        code = api.llama_set_adapters_lora(context, pointers, 0 if adapter is None else 1, scales)
    else:  # llama.cpp before 2026
        api.llama_clear_adapter_lora(context)
        code = 0 if adapter is None else api.llama_set_adapter_lora(context, adapter, scale)
    if code:
        raise PawError("adapter-refused", f"llama.cpp cannot attach the adapter (code {code})")


def hidden_states(model: Model, tokens: Sequence[int], threads: int | None = None) -> npt.NDArray[np.float32]:
    """States (n, n_embd) float32 of a causal LM's last layer after the final norm, one per token.

    llama.cpp's embeddings output without pooling. Keys and values are kept in F32 and flash attention
    is off, which brings it within 1e-5 of torch for F32 weights. Raises PawError `context-full` if the
    tokens exceed the model's context.
    """
    if not tokens:
        return np.empty((0, model.n_embd), np.float32)
    if len(tokens) > model.n_ctx_train:
        name = os.path.basename(model.path)
        raise PawError("context-full", f"{len(tokens)} tokens exceed the {model.n_ctx_train} of {name}")
    with Context(model, pool=len(tokens), threads=threads, hidden=True) as context:
        return context.states(tokens)
