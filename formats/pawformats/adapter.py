"""A LoRA as the GGUF that llama.cpp loads (formats/adapter.md): Adapter values <-> bytes.

The reader is our own: it bounds every declared size before it allocates, which the library's doesn't.
"""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from .errors import PawError
from .values import Adapter, FloatArray

QUANTS = ("f32", "f16", "q8_0", "q4_0")
MAX_TENSORS = 65_536
MAX_KEYS = 1_024
MAX_STRING = 65_536
MAX_ELEMENTS = 1 << 28

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING = 8
_ALIGNMENT = 32
_TYPES = {kind.value: kind for kind in (gguf.GGMLQuantizationType[q.upper()] for q in QUANTS)}


@dataclass
class _Cursor:
    data: bytes
    at: int = 0

    def unpack(self, form: str) -> int | float:
        size = struct.calcsize("<" + form)
        if self.at + size > len(self.data):
            raise PawError("adapter-truncated", "the adapter ends inside its header")
        (value,) = struct.unpack_from("<" + form, self.data, self.at)
        self.at += size
        return value  # type: ignore[no-any-return]

    def string(self) -> str:
        size = int(self.unpack("Q"))
        if size > MAX_STRING or self.at + size > len(self.data):
            raise PawError("adapter-truncated", "a string of the adapter's header is longer than the file")
        raw = self.data[self.at : self.at + size]
        self.at += size
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PawError("adapter-metadata", "a string of the adapter's header is not UTF-8") from error


def to_gguf(adapter: Adapter, quant: str) -> bytes:
    """Bytes of the adapter; `quant` is one of QUANTS. Equal adapters give equal bytes.

    Raises PawError when blocks of 32 don't divide a row (B's rows are `rank` long).
    """
    kind = gguf.GGMLQuantizationType[quant.upper()]
    if quant.startswith("q") and adapter.rank % 32:
        raise PawError(
            "adapter-quant", f"{quant} needs a rank that 32 divides, not {adapter.rank}", hint="use f16"
        )
    with tempfile.TemporaryDirectory() as folder:  # the library writes to a path only
        path = Path(folder) / "adapter.gguf"
        writer = gguf.GGUFWriter(path, adapter.architecture)
        writer.add_string("general.type", "adapter")
        writer.add_string("general.name", adapter.target)
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", adapter.alpha)
        for module in sorted(adapter.modules):
            for half, matrix in zip(("lora_a", "lora_b"), adapter.modules[module], strict=True):
                data = gguf.quants.quantize(np.ascontiguousarray(matrix, np.float32), kind)
                writer.add_tensor(f"{module}.weight.{half}", data, raw_shape=data.shape, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path.read_bytes()


def from_gguf(data: bytes) -> Adapter:
    """Read and dequantise an adapter. Raises PawError for anything that llama.cpp would refuse or misread."""
    cursor = _Cursor(data)
    if data[:4] != b"GGUF":
        raise PawError("adapter-magic", "the adapter is not a GGUF file")
    cursor.at = 4
    version = cursor.unpack("I")
    if version != 3:
        raise PawError("adapter-version", f"the adapter is GGUF version {version}, not 3")
    tensors, keys = int(cursor.unpack("Q")), int(cursor.unpack("Q"))
    if tensors > MAX_TENSORS or keys > MAX_KEYS:
        raise PawError("adapter-limit", f"the adapter declares {tensors} tensors and {keys} keys")
    metadata = _metadata(cursor, keys)
    alpha = metadata.get("adapter.lora.alpha")
    if metadata.get("general.type") != "adapter" or metadata.get("adapter.type") != "lora":
        raise PawError("adapter-type", "the GGUF is not a LoRA adapter")
    architecture, name = metadata.get("general.architecture"), metadata.get("general.name", "")
    if not isinstance(architecture, str) or not isinstance(name, str):
        raise PawError("adapter-metadata", "the adapter names no architecture")
    if not isinstance(alpha, float) or not np.isfinite(alpha) or alpha <= 0:
        raise PawError("adapter-alpha", "the adapter has no positive alpha, so its scale would be undefined")
    halves = _tensors(cursor, tensors)
    modules: dict[str, tuple[FloatArray, FloatArray]] = {}
    for module in sorted({key.rsplit(".weight.", 1)[0] for key in halves}):
        a, b = halves.get(f"{module}.weight.lora_a"), halves.get(f"{module}.weight.lora_b")
        if a is None or b is None or a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[1]:
            raise PawError(
                "adapter-pair", f"the adapter's tensors for {module} are not a pair of matching matrices"
            )
        modules[module] = (a, b)
    ranks = {a.shape[0] for a, _ in modules.values()}
    if len(ranks) != 1:
        raise PawError("adapter-rank", f"the adapter has {len(ranks)} ranks, not one")
    return Adapter(name, architecture, ranks.pop(), alpha, modules)


def _metadata(cursor: _Cursor, count: int) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for _ in range(count):
        key, kind = cursor.string(), int(cursor.unpack("I"))
        if key in found:
            raise PawError("adapter-metadata", f"the adapter's header has {key} twice")
        if kind == _STRING:
            found[key] = cursor.string()
        elif kind in _SCALARS:
            found[key] = cursor.unpack(_SCALARS[kind])
        else:
            raise PawError("adapter-metadata", f"the adapter's key {key} has a type that adapters don't use")
    return found


def _tensors(cursor: _Cursor, count: int) -> dict[str, FloatArray]:
    entries: list[tuple[str, tuple[int, ...], int, int]] = []
    for _ in range(count):
        name, dims = cursor.string(), int(cursor.unpack("I"))
        if dims != 2 or not name.endswith((".weight.lora_a", ".weight.lora_b")):
            raise PawError("adapter-tensor", f"the adapter's tensor {name!r} is no half of a LoRA pair")
        columns, rows = int(cursor.unpack("Q")), int(cursor.unpack("Q"))
        kind, offset = int(cursor.unpack("I")), int(cursor.unpack("Q"))
        if not 0 < columns * rows <= MAX_ELEMENTS:
            raise PawError("adapter-limit", f"the adapter's tensor {name!r} has {columns} x {rows} elements")
        if kind not in _TYPES:
            raise PawError("adapter-quant", f"the adapter's tensor {name!r} has unknown type {kind}")
        entries.append((name, (rows, columns), kind, offset))
    start = -(-cursor.at // _ALIGNMENT) * _ALIGNMENT
    found: dict[str, FloatArray] = {}
    expected = 0
    for name, (rows, columns), kind, offset in entries:
        block, size = gguf.GGML_QUANT_SIZES[_TYPES[kind]]
        if columns % block or name in found:
            raise PawError("adapter-tensor", f"the adapter's tensor {name!r} is doubled or has broken rows")
        length = rows * columns // block * size
        if offset != expected or start + offset + length > len(cursor.data):
            raise PawError("adapter-layout", f"the adapter's tensor {name!r} does not lie where it should")
        expected = -(-(offset + length) // _ALIGNMENT) * _ALIGNMENT
        raw = np.frombuffer(cursor.data, np.uint8, length, start + offset).reshape(
            rows, columns // block * size
        )
        values = raw.view(np.float32) if kind == 0 else gguf.quants.dequantize(raw, _TYPES[kind])
        found[name] = np.array(values, np.float32)
        if not np.isfinite(found[name]).all():
            raise PawError("adapter-values", f"the adapter's tensor {name!r} has values that are not finite")
    if start + expected != len(cursor.data):
        raise PawError("adapter-layout", "the adapter does not end with its last tensor")
    return found
