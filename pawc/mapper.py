"""The mapper in numpy: pooled hidden states of the prefix tokens to a LoRA (formats: mapper.gguf)."""

from __future__ import annotations

from dataclasses import dataclass

import gguf
import numpy as np
from pawformats.errors import PawError
from pawformats.values import FloatArray

VERSION = 1


@dataclass(frozen=True)
class Mapper:
    """Weights of a mapper.gguf, float32. Modules are in the head's order."""

    modules: tuple[str, ...]
    layers: int
    bases: int
    blocks: int
    rank: int
    alpha: float
    tensors: dict[str, FloatArray]


def load(path: str) -> Mapper:
    """Read a mapper whose digest the caller has checked. Raises PawError for another format version."""
    reader = gguf.GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    if fields.get("paw.mapper.version") != VERSION:
        raise PawError(
            "mapper-version", f"{path} is not a mapper of version {VERSION}", hint="reinstall the target"
        )
    tensors = {
        str(tensor.name): np.asarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type), np.float32)
        for tensor in reader.tensors
    }
    return Mapper(
        modules=tuple(fields["paw.mapper.modules"]),
        layers=int(fields["paw.mapper.layers"]),
        bases=int(fields["paw.mapper.bases"]),
        blocks=int(fields["paw.mapper.blocks"]),
        rank=int(fields["paw.mapper.rank"]),
        alpha=float(fields["paw.mapper.alpha"]),
        tensors=tensors,
    )


def apply(mapper: Mapper, states: FloatArray) -> dict[str, tuple[FloatArray, FloatArray]]:
    """states (tau, d) -> {`blk.{layer}.{module}`: (A (rank, in), B (out, rank))}.

    z = mean of the states; x = in(z); x += down(silu(up(x))) per block; head(x) gives one mixing
    coefficient per layer, module, side and shared basis.
    """
    weights = mapper.tensors

    def linear(name: str, value: FloatArray) -> FloatArray:
        result: FloatArray = weights[f"{name}.weight"] @ value + weights[f"{name}.bias"]
        return result

    x = linear("in", states.mean(axis=0, dtype=np.float32))
    for block in range(mapper.blocks):
        up = linear(f"trunk.{block}.up", x)
        x = x + linear(f"trunk.{block}.down", up / (1 + np.exp(-up)))
    mixing = linear("head", x).reshape(mapper.layers, len(mapper.modules), 2, mapper.bases)
    adapter: dict[str, tuple[FloatArray, FloatArray]] = {}
    for index, module in enumerate(mapper.modules):
        for layer in range(mapper.layers):
            a = np.tensordot(mixing[layer, index, 0], weights[f"basis.{module}.a"], 1)
            b = np.tensordot(mixing[layer, index, 1], weights[f"basis.{module}.b"], 1)
            adapter[f"blk.{layer}.{module}"] = (a.astype(np.float32), b.astype(np.float32))
    return adapter
