"""A GGUF in memory: its vocabulary, its size, and adapters that fit it."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pawformats.errors import PawError

from . import library, selftest
from .closing import Closing


@contextmanager
def as_path(data: bytes) -> Iterator[str]:
    """A path that llama.cpp can open to read `data`; nothing is visible in the file system on Linux."""
    if hasattr(os, "memfd_create") and os.path.isdir("/proc/self/fd"):
        descriptor = os.memfd_create("paw", os.MFD_CLOEXEC)
        with open(descriptor, "wb", closefd=True) as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{descriptor}"
        return
    with tempfile.TemporaryDirectory(prefix="paw-") as place:
        path = Path(place) / "data.gguf"
        path.write_bytes(data)
        yield str(path)


#: Tokens that a buffer has room for, and more than which is given back.
_ROOM, _SPACIOUS = 1 << 10, 1 << 16


class Model(Closing):
    """A base or compiler LM, mapped read-only. Close it after the contexts that use it.

    Raises PawError `model-unreadable` if llama.cpp refuses the file. `extra_buffers` chooses
    llama.cpp's repacked weights (AMX and others): by default they are used if the self-test of this
    library build has passed (see selftest.py). `gpu_layers` of its layers, the last ones, are computed on a
    GPU; `no-gpu` is raised if this build of llama.cpp, or this machine, has none.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, extra_buffers: bool | None = None, gpu_layers: int = 0
    ) -> None:
        self.path = os.fspath(path)
        self._pointer: Any = None
        self.api = api = library.load()
        try:
            self.file_size = os.stat(self.path).st_size
        except OSError as error:
            raise PawError("model-unreadable", f"cannot read {self.path}: {error.strerror}") from error
        if gpu_layers and not api.llama_supports_gpu_offload():
            raise PawError(
                "no-gpu",
                "--gpu-layers needs a GPU, and a llama.cpp that was built for it",
                hint="leave it out, or name such a build's folder in LLAMA_CPP_LIB_PATH",
            )
        self.gpu_layers = gpu_layers
        self._tokens: Any = (ctypes.c_int32 * _ROOM)()
        self._pieces: dict[int, bytes] = {}
        self.extra_buffers = selftest.trusted() if extra_buffers is None else extra_buffers
        params = api.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.use_extra_bufts = self.extra_buffers
        if hasattr(params, "load_mode"):  # the default may choose to read all of the file
            params.load_mode = api.LLAMA_LOAD_MODE_MMAP
        library.complaint()
        self._pointer = api.llama_model_load_from_file(os.fsencode(self.path), params)
        if not self._pointer:
            raise PawError("model-unreadable", f"cannot load {self.path}: {library.complaint()}")
        self._vocab: Any = api.llama_model_get_vocab(self.pointer)
        self.n_vocab = int(api.llama_vocab_n_tokens(self.vocab))
        self.n_embd = int(api.llama_model_n_embd(self.pointer))
        self.n_layer = int(api.llama_model_n_layer(self.pointer))
        self.n_ctx_train = int(api.llama_model_n_ctx_train(self.pointer))
        self.eos = int(api.llama_vocab_eos(self.vocab))

    def close(self) -> None:
        """Free the weights and every adapter made from them. May be called twice."""
        if self._pointer:
            self.api.llama_model_free(self._pointer)
        self._pointer = self._vocab = None

    @property
    def pointer(self) -> Any:
        """The llama_model. Raises ValueError once it is freed, which llama.cpp would not notice."""
        if not self._pointer:  # a NULL of ctypes is falsy, yet not None
            raise ValueError("the model is closed")
        return self._pointer

    @property
    def vocab(self) -> Any:
        """The llama_vocab, a part of the model. Raises ValueError as `pointer` does."""
        if not self._vocab:
            raise ValueError("the model is closed")
        return self._vocab

    def architecture(self) -> str:
        """`general.architecture` of the file."""
        buffer = ctypes.create_string_buffer(128)
        self.api.llama_model_meta_val_str(self.pointer, b"general.architecture", buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace")

    def tokenize(self, text: str, special: bool) -> list[int]:
        """Token ids of `text`, no BOS or EOS added. Only with `special` may the text name control
        tokens; without it their spelling is ordinary text. Raises PawError `not-utf8` for half a surrogate
        pair, which no bytes can spell."""
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"character {error.start + 1} is half a surrogate pair"
            raise PawError("not-utf8", message) from error
        count = self._tokenized(data, len(data) + 8, special)
        if count < 0:
            count = self._tokenized(data, -count, special)
        if count < 0:
            raise PawError("untokenizable", f"llama.cpp cannot tokenize a text of {len(data)} bytes")
        tokens: list[int] = self._tokens[:count]
        return tokens

    def _tokenized(self, data: bytes, room: int, special: bool) -> int:
        """How many tokens are in the buffer, which has room for so many; less than 0 if it had to have more.

        It is kept, as ctypes makes a new type for each size; one that an odd text needed is not kept long.
        """
        if room > len(self._tokens) or len(self._tokens) > _SPACIOUS > room:
            self._tokens = (ctypes.c_int32 * max(room, _ROOM))()
        size = len(self._tokens)
        return int(self.api.llama_tokenize(self.vocab, data, len(data), self._tokens, size, False, special))

    def special(self, text: str) -> int:
        """The id of the control token spelled `text`. Raises PawError `no-such-token` unless the
        vocabulary has exactly that token."""
        tokens = self.tokenize(text, special=True)
        if len(tokens) != 1 or not self.api.llama_vocab_is_control(self.vocab, tokens[0]):
            raise PawError("no-such-token", f"{text!r} is not a special token of {self.path}")
        return tokens[0]

    def is_eog(self, token: int) -> bool:
        """Whether a generated `token` ends the answer."""
        return bool(self.api.llama_vocab_is_eog(self.vocab, token))

    def piece(self, token: int) -> bytes:
        """The bytes of one token, perhaps a part of a character; empty for control tokens."""
        if token not in self._pieces:
            self._pieces[token] = self._piece(token)
        return self._pieces[token]

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(64)
        size = self.api.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = self.api.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(size, 0)]

    def detokenize(self, tokens: Iterable[int]) -> bytes:
        """The bytes of several tokens."""
        return b"".join(map(self.piece, tokens))

    def adapter(self, data: bytes) -> Any:
        """A LoRA for `Context.adapt`, read from the bytes of its GGUF; freed with the model, or by `forget`.

        Raises PawError `adapter-refused` if a name, shape or architecture does not fit this model.
        """
        library.complaint()
        with as_path(data) as path:
            pointer = self.api.llama_adapter_lora_init(self.pointer, os.fsencode(path))
        if not pointer:
            raise PawError("adapter-refused", f"the adapter does not fit {self.path}: {library.complaint()}")
        return pointer

    def forget(self, adapter: Any) -> None:
        """Free an adapter before the model, once no context uses it; with the model it is freed already."""
        if self._pointer:
            self.api.llama_adapter_lora_free(adapter)
