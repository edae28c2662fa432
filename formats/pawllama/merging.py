"""An adapter merged into a base's weights: what a long stream is faster on.

Beside each map that an adapter changes llama.cpp computes two more, with slower kernels; and without AMX
it multiplies a small base faster in float32 than in Q8_0. The sums are then rounded in another way: a logit
may differ in its second decimal from the one with the adapter beside the base, and in its first where they
are quantised.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from pawformats import adapter as adapters
from pawformats.errors import PawError

from . import library, selftest

#: Bytes of a base beyond which merging gains nothing: a larger map takes so long that an adapter's two maps
#: hardly count, and in float32 it would wait for memory (bench/engine.py: a tenth at 0.6 billion weights).
LARGEST = 64 << 20
_F32 = 0  # ggml_type


def own_types() -> bool:
    """Whether a merged decoder is faster in the types of its base than in float32."""
    return selftest.trusted() and library.amx()


def merged(base: Path, adapter: bytes, own_types: bool = False) -> bytes:
    """The GGUF of a base in which every map W that the adapter has A and B for is W + (alpha / rank) B A, in
    float32 or, with `own_types`, in its own type where gguf can write that; all else is as it was.

    Raises PawError `merge-too-large` for a base of more than LARGEST bytes, `adapter-refused` if a map is
    missing or of another size.
    """
    if base.stat().st_size > LARGEST:
        raise PawError(
            "merge-too-large",
            f"--merge gains nothing with {base.name}, which has more than {LARGEST >> 20} MiB",
            hint="leave it out",
        )
    import gguf

    reader = gguf.GGUFReader(base)
    changed = adapters.from_gguf(adapter)
    halves = {f"{module}.weight": pair for module, pair in changed.modules.items()}
    scale = changed.alpha / changed.rank
    infos, parts, at = [], [], 0
    for tensor in reader.tensors:
        kind, data = int(tensor.tensor_type), np.asarray(tensor.data)
        if (pair := halves.pop(tensor.name, None)) is not None:
            data, kind = _sum(tensor, *pair, scale), _F32
            if own_types:
                with suppress(NotImplementedError):  # gguf reads more types than it writes
                    data, kind = gguf.quants.quantize(data, tensor.tensor_type), int(tensor.tensor_type)
        raw = data.tobytes()
        sizes = [int(size) for size in tensor.shape]
        name = tensor.name.encode()
        infos.append(
            struct.pack("<Q", len(name))
            + name
            + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, at)
        )
        parts.append(raw + bytes(-len(raw) % reader.alignment))
        at += len(parts[-1])
    if halves:
        raise PawError("adapter-refused", f"{base.name} has no {min(halves)} for the adapter to change")
    # What is before the tensors' list says nothing of them but how many there are.
    first = min(int(tensor.field.offset) for tensor in reader.tensors)
    head = b"".join([reader.data[:first].tobytes(), *infos])
    return b"".join([head, bytes(-len(head) % reader.alignment), *parts])


def _sum(tensor: Any, a: Any, b: Any, scale: float) -> Any:
    """float32 (rows, columns): the base's map and the adapter's, A (rank, columns) and B (rows, rank)."""
    import gguf

    weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    if weights.shape != (len(b), a.shape[1]):
        raise PawError("adapter-refused", f"the adapter does not fit {tensor.name}, of {weights.shape}")
    return (weights + np.float32(scale) * (b @ a)).astype(np.float32)
