"""A LoRA as the GGUF that llama.cpp loads (formats/adapter.md): Adapter values <-> bytes.

Writer and reader are our own: the gguf package writes only to paths, and its reader allocates what a
file claims. Its quantisation is used.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .errors import PawError
from .values import Adapter, FloatArray

MAGIC = b"GGUF"
VERSION = 3
ALIGNMENT = 32
MAX_TENSORS = 65_536
MAX_KEYS = 256
MAX_STRING = 65_536
MAX_ELEMENTS = 1 << 28

_STRING, _FLOAT32 = 8, 6
#: GGUF's scalar types (struct codes); arrays (9) have no place in an adapter.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_HALVES = (".weight.lora_a", ".weight.lora_b")

Bytes = npt.NDArray[np.uint8]


class _Type(NamedTuple):
    """A ggml tensor type: its number, and how many values make a block of how many bytes."""

    number: int
    block: int
    size: int


_TYPES = {"f32": _Type(0, 1, 4), "f16": _Type(1, 1, 2), "q4_0": _Type(2, 32, 18), "q8_0": _Type(8, 32, 34)}
_BY_NUMBER = {kind.number: (quant, kind) for quant, kind in _TYPES.items()}
QUANTS = tuple(_TYPES)


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies: `rows` × `columns` values of type `quant`, from byte `offset` of the file."""

    name: str
    rows: int
    columns: int
    quant: str
    offset: int
    size: int


@dataclass(frozen=True)
class Header:
    """What an adapter says about itself; `tensors` holds the pair (lora_a, lora_b) of each module."""

    name: str
    architecture: str
    rank: int
    alpha: float
    tensors: dict[str, tuple[Tensor, Tensor]]


def to_gguf(adapter: Adapter, quant: str) -> bytes:
    """Bytes of the adapter; `quant` is one of QUANTS. Equal adapters give equal bytes.

    Raises PawError when blocks of 32 don't divide a row (B's rows are `rank` long), when a value is not
    finite in that type, and for whatever `read_header` refuses.
    """
    kind = _TYPES[quant]
    infos, payload = b"", bytearray()
    for module in sorted(adapter.modules):
        for suffix, matrix in zip(_HALVES, adapter.modules[module], strict=True):
            rows, columns = matrix.shape
            if columns % kind.block:
                message = (
                    f"{quant} needs rows that 32 divides; those of {module}{suffix} have {columns} values"
                )
                raise PawError("adapter-quant", message, hint="use f16")
            finite = bool(np.isfinite(matrix).all())
            data = _quantise(matrix, quant) if finite else np.empty(0, np.uint8)
            if not finite or not np.isfinite(_dequantise(data, quant)).all():
                raise PawError(
                    "adapter-values", f"{module}{suffix} has values that are not finite in {quant}"
                )
            infos += _string(module + suffix) + struct.pack(
                "<IQQIQ", 2, columns, rows, kind.number, len(payload)
            )
            payload += data.tobytes()
            payload += bytes(-len(payload) % ALIGNMENT)
    strings = {
        "general.architecture": adapter.architecture,
        "general.type": "adapter",
        "adapter.type": "lora",
    }
    strings["general.name"] = adapter.target
    metadata = b"".join(_string(key) + struct.pack("<I", _STRING) + _string(strings[key]) for key in strings)
    metadata += _string("adapter.lora.alpha") + struct.pack("<I", _FLOAT32) + _float32(adapter.alpha)
    header = (
        MAGIC + struct.pack("<IQQ", VERSION, 2 * len(adapter.modules), len(strings) + 1) + metadata + infos
    )
    data_bytes = header + bytes(-len(header) % ALIGNMENT) + bytes(payload)
    written = read_header(data_bytes)
    if written.rank != adapter.rank:
        raise PawError("adapter-rank", f"the adapter's matrices have rank {written.rank}, not {adapter.rank}")
    return data_bytes


def from_gguf(data: bytes) -> Adapter:
    """Read and dequantise an adapter. Raises PawError for anything that llama.cpp would refuse or misread."""
    header = read_header(data)
    modules = {name: (_values(data, a), _values(data, b)) for name, (a, b) in header.tensors.items()}
    return Adapter(header.name, header.architecture, header.rank, header.alpha, modules)


def read_header(data: bytes) -> Header:
    """Check an adapter's structure, every byte but the values, and say what it holds.

    Raises PawError, one kind per way to be wrong.
    """
    cursor = _Cursor(data)
    if data[:4] != MAGIC:
        raise PawError("adapter-magic", "the adapter is not a GGUF file")
    cursor.at = 4
    version = cursor.number("I")
    if version != VERSION:
        raise PawError("adapter-version", f"the adapter is GGUF version {version}, not {VERSION}")
    tensors, keys = cursor.number("Q"), cursor.number("Q")
    if not 2 <= tensors <= MAX_TENSORS or keys > MAX_KEYS:
        raise PawError("adapter-count", f"the adapter declares {tensors} tensors and {keys} keys")
    metadata = _metadata(cursor, keys)
    if metadata.get("general.type") != "adapter" or metadata.get("adapter.type") != "lora":
        raise PawError("adapter-type", "the GGUF is not a LoRA adapter")
    alpha, architecture = metadata.get("adapter.lora.alpha"), metadata.get("general.architecture")
    name = metadata.get("general.name", "")
    if not isinstance(architecture, str) or not architecture or not isinstance(name, str):
        raise PawError("adapter-architecture", "the adapter names no architecture")
    if not isinstance(alpha, float) or not math.isfinite(alpha) or alpha <= 0:
        raise PawError("adapter-alpha", "the adapter has no positive alpha, so its scale would be undefined")
    if metadata.get("general.alignment", ALIGNMENT) != ALIGNMENT:
        raise PawError("adapter-alignment", f"the adapter's tensors are not aligned to {ALIGNMENT} bytes")
    found = _tensors(cursor, tensors)
    pairs = {name.removesuffix(_HALVES[0]): _pair(found, name) for name in found if name.endswith(_HALVES[0])}
    if 2 * len(pairs) != len(found):
        raise PawError("adapter-pair", "the adapter has a lora_b without its lora_a")
    ranks = {a.rows for a, _ in pairs.values()}
    if len(ranks) != 1:
        raise PawError("adapter-rank", f"the adapter has matrices of {len(ranks)} ranks")
    return Header(name, architecture, ranks.pop(), alpha, dict(sorted(pairs.items())))


@dataclass
class _Cursor:
    """A place in the header; never reads beyond the end."""

    data: bytes
    at: int = 0

    def _unpack(self, form: str) -> int | float:
        size = struct.calcsize(form)
        if self.at + size > len(self.data):
            raise PawError("adapter-truncated", "the adapter ends inside its header")
        value: int | float = struct.unpack_from("<" + form, self.data, self.at)[0]
        self.at += size
        return value

    def number(self, form: str) -> int:
        return int(self._unpack(form))

    def string(self) -> str:
        size = self.number("Q")
        if size > MAX_STRING:
            raise PawError("adapter-string", f"the adapter's header has a string of {size} bytes")
        if self.at + size > len(self.data):
            raise PawError("adapter-truncated", "the adapter ends inside its header")
        raw = self.data[self.at : self.at + size]
        self.at += size
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PawError("adapter-string", "a string of the adapter's header is not UTF-8") from error

    def value(self, key: str) -> str | int | float:
        kind = self.number("I")
        if kind == _STRING:
            return self.string()
        if kind not in _SCALARS:
            message = f"the adapter's key {key!r} has a type that adapters don't use"
            raise PawError("adapter-key-type", message)
        return self._unpack(_SCALARS[kind])


def _metadata(cursor: _Cursor, count: int) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for _ in range(count):
        key = cursor.string()
        if key in found:
            raise PawError("adapter-key-twice", f"the adapter's header has {key!r} twice")
        found[key] = cursor.value(key)
    return found


def _tensors(cursor: _Cursor, count: int) -> dict[str, Tensor]:
    """The tensors as declared, each one right behind the one before it, up to the end of the file."""
    declared = [_declaration(cursor) for _ in range(count)]
    start = _aligned(cursor.data, cursor.at)
    found: dict[str, Tensor] = {}
    at = start
    for name, rows, columns, quant, offset in declared:
        kind = _TYPES[quant]
        size = rows * (columns // kind.block) * kind.size
        if name in found:
            raise PawError("adapter-tensor-twice", f"the adapter has {name!r} twice")
        if start + offset != at:
            raise PawError(
                "adapter-layout", f"{name!r} of the adapter does not lie behind the tensor before it"
            )
        if at + size > len(cursor.data):
            raise PawError("adapter-truncated", f"the adapter ends inside {name!r}")
        found[name] = Tensor(name, rows, columns, quant, at, size)
        at = _aligned(cursor.data, at + size)
    if at != len(cursor.data):
        raise PawError("adapter-trailing", f"{len(cursor.data) - at} bytes follow the adapter's last tensor")
    return found


def _declaration(cursor: _Cursor) -> tuple[str, int, int, str, int]:
    name = cursor.string()
    if not name.endswith(_HALVES) or name in _HALVES:
        raise PawError("adapter-tensor-name", f"the adapter's tensor {name!r} is no half of a LoRA pair")
    dimensions = cursor.number("I")
    if dimensions != 2:
        raise PawError("adapter-tensor-shape", f"{name} of the adapter has {dimensions} dimensions, not 2")
    columns, rows = cursor.number("Q"), cursor.number("Q")
    if not 0 < columns * rows <= MAX_ELEMENTS:
        raise PawError("adapter-tensor-shape", f"{name} of the adapter has {rows} × {columns} values")
    number, offset = cursor.number("I"), cursor.number("Q")
    if number not in _BY_NUMBER:
        raise PawError("adapter-tensor-type", f"{name} of the adapter has the unknown type {number}")
    quant, kind = _BY_NUMBER[number]
    if columns % kind.block:
        raise PawError(
            "adapter-tensor-shape", f"rows of {columns} values in {name} of the adapter can't be {quant}"
        )
    return name, rows, columns, quant, offset


def _aligned(data: bytes, at: int) -> int:
    """The next aligned place; what lies between must be zeros."""
    end = at + -at % ALIGNMENT
    if end > len(data):
        raise PawError("adapter-truncated", "the adapter ends inside its padding")
    if any(data[at:end]):
        raise PawError("adapter-padding", "the adapter's padding is not zero")
    return end


def _pair(found: dict[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    module = name.removesuffix(_HALVES[0])
    a, b = found[name], found.get(module + _HALVES[1])
    if b is None or a.rows != b.columns:
        raise PawError("adapter-pair", f"the adapter has no matching matrices for {module!r}")
    return a, b


def _values(data: bytes, tensor: Tensor) -> FloatArray:
    raw = np.frombuffer(data, np.uint8, tensor.size, tensor.offset).reshape(tensor.rows, -1)
    values = _dequantise(raw, tensor.quant)
    if not np.isfinite(values).all():
        raise PawError("adapter-values", f"{tensor.name} of the adapter has values that are not finite")
    return values


def _float32(number: float) -> bytes:
    with np.errstate(over="ignore"):  # an infinity is refused on reading back
        return np.array(number, "<f4").tobytes()


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _quantise(matrix: FloatArray, quant: str) -> Bytes:
    """Rows of bytes in GGUF's little-endian form."""
    if quant == "f32":
        return np.ascontiguousarray(matrix, "<f4").view(np.uint8)
    if quant == "f16":
        with np.errstate(over="ignore"):  # the caller refuses infinities
            return np.ascontiguousarray(matrix, "<f2").view(np.uint8)
    import gguf  # late: a tenth of a second that programs without an adapter don't need

    quantised: Bytes = gguf.quants.quantize(
        np.ascontiguousarray(matrix), gguf.GGMLQuantizationType[quant.upper()]
    )
    return quantised


def _dequantise(raw: Bytes, quant: str) -> FloatArray:
    """A fresh float32 matrix of rows of bytes."""
    if quant in ("f32", "f16"):
        return raw.view("<f4" if quant == "f32" else "<f2").astype(np.float32)
    import gguf

    with np.errstate(invalid="ignore"):  # 0 times an infinite scale: the caller refuses the NaN
        values: FloatArray = gguf.quants.dequantize(raw, gguf.GGMLQuantizationType[quant.upper()])
    return values
