"""The mapper in numpy: the states of the prefix tokens in, the matrices of a LoRA out.

The file is described in formats/target.md; pawtrainer trains the same network in torch. With
z = mean over T of the states, x = enter(z), then x += down(silu(up(x))) for each block of the trunk,
the head gives coefficients c of shape (layers, modules, 2, bases), and
A[l, m] = Σ_n c[l, m, 0, n] · a_m[n], B[l, m] = Σ_n c[l, m, 1, n] · b_m[n].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pawformats.errors import PawError
from pawformats.values import FloatArray

from . import tensors

#: Far above any real mapper; what is declared beyond it is damage.
_MOST = 4_096


@dataclass(frozen=True)
class Mapper:
    """`tensors` holds every array under its name in the file, float32, out × in."""

    rank: int
    alpha: float
    layers: int
    bases: int
    blocks: int
    modules: tuple[str, ...]
    tensors: Mapping[str, FloatArray]


def load(path: str) -> Mapper:
    """Read mapper.gguf. Raises PawError `mapper-unreadable` or `mapper-invalid`."""
    reader = tensors.open_gguf(path, "mapper", 1)

    def value(key: str) -> Any:
        return tensors.value(reader, f"paw.mapper.{key}", "mapper", path)

    sizes = {name: int(value(name)) for name in ("rank", "layers", "bases", "blocks")}
    for name, size in sizes.items():
        if not 0 <= size <= _MOST or (size == 0 and name != "blocks"):
            raise PawError("mapper-invalid", f"the mapper {path} declares {size} {name}")
    alpha, modules = float(value("alpha")), tuple(map(str, value("modules")))
    mapper = Mapper(alpha=alpha, modules=modules, tensors=tensors.arrays(reader), **sizes)
    _check(mapper, path)
    return mapper


def _check(mapper: Mapper, path: str) -> None:
    """Raise PawError unless exactly the tensors of the layout are there, each of its shape and finite."""
    found = mapper.tensors
    hidden = found["enter.bias"].shape[0] if "enter.bias" in found else 0
    count = mapper.layers * len(mapper.modules) * 2 * mapper.bases
    shapes: dict[str, tuple[int | None, ...]] = {
        "enter.weight": (hidden, None),
        "enter.bias": (hidden,),
        "head.weight": (count, hidden),
        "head.bias": (count,),
    }
    for block in range(mapper.blocks):
        wide = found.get(f"trunk.{block}.up.bias", np.empty(0)).shape[0]
        shapes[f"trunk.{block}.up.weight"] = (wide, hidden)
        shapes[f"trunk.{block}.up.bias"] = (wide,)
        shapes[f"trunk.{block}.down.weight"] = (hidden, wide)
        shapes[f"trunk.{block}.down.bias"] = (hidden,)
    for module in mapper.modules:
        shapes[f"basis.{module}.a"] = (mapper.bases, mapper.rank, None)
        shapes[f"basis.{module}.b"] = (mapper.bases, None, mapper.rank)
    if not mapper.modules or not mapper.alpha > 0:
        raise PawError("mapper-invalid", f"the mapper {path} has no modules, or no alpha above zero")
    tensors.check(found, shapes, "mapper", path)


def coefficients(mapper: Mapper, states: FloatArray) -> FloatArray:
    """Mixing coefficients (layers, modules, 2, bases) for states (T, d)."""
    found = mapper.tensors
    x = found["enter.weight"] @ states.mean(axis=0, dtype=np.float32) + found["enter.bias"]
    for block in range(mapper.blocks):
        up = found[f"trunk.{block}.up.weight"] @ x + found[f"trunk.{block}.up.bias"]
        up = up / (1 + np.exp(-np.clip(up, -80, 80)))  # silu; float32 overflows beyond 88
        x = x + found[f"trunk.{block}.down.weight"] @ up + found[f"trunk.{block}.down.bias"]
    head = found["head.weight"] @ x + found["head.bias"]
    shape = (mapper.layers, len(mapper.modules), 2, mapper.bases)
    return np.asarray(head, np.float32).reshape(shape)


def _mix(weights: FloatArray, bases: FloatArray) -> FloatArray:
    """Σ_n weights[:, n] · bases[n], one matrix for each layer.

    Added one basis at a time: unlike a matrix product, that rounds alike on every machine.
    """
    total = np.zeros((weights.shape[0], *bases.shape[1:]), np.float32)
    for n in range(bases.shape[0]):
        total += weights[:, n, None, None] * bases[n]
    return total


def apply(mapper: Mapper, states: FloatArray) -> dict[str, tuple[FloatArray, FloatArray]]:
    """The LoRA for states (T, d): `blk.{layer}.{module}` -> A (rank, in), B (out, rank).

    Raises PawError `mapper-invalid` if the states are not of the width that it was trained for.
    """
    width = mapper.tensors["enter.weight"].shape[1]
    if states.ndim != 2 or states.shape[1] != width:
        raise PawError("mapper-invalid", f"the mapper reads states of width {width}, not {states.shape[-1]}")
    weights = coefficients(mapper, states)
    modules: dict[str, tuple[FloatArray, FloatArray]] = {}
    for index, module in enumerate(mapper.modules):
        a = _mix(weights[:, index, 0], mapper.tensors[f"basis.{module}.a"])
        b = _mix(weights[:, index, 1], mapper.tensors[f"basis.{module}.b"])
        for layer in range(mapper.layers):
            modules[f"blk.{layer}.{module}"] = (a[layer], b[layer])
    return modules
