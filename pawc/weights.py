"""What the weights of a program amount to: of an adapter by layer and module, of a label head by label."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pawformats.errors import PawError
from pawformats.values import Adapter, FloatArray

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Module:
    """The update of one linear map, (alpha / rank) · B A: its Frobenius norm, its effective rank (the
    exponential of the entropy of its singular values' shares), and its norm as a share of the base
    weight's, None where the base is not at hand."""

    name: str
    norm: float
    effective_rank: float
    share: float | None = None


@dataclass(frozen=True)
class Distance:
    """How far one adapter's update of a map is from another's: the norm of their difference, and that as a
    share of the first one's norm (None if that is 0, or the first has no such module)."""

    name: str
    distance: float
    relative: float | None


def modules(adapter: Adapter, base: Mapping[str, float] | None = None) -> list[Module]:
    """Figures of every module, in the order of `order`. `base` has the norms of the base's weights."""
    found = []
    for name in order(adapter.modules):
        a, b = adapter.modules[name]
        values = singular_values(a, b) * (adapter.alpha / adapter.rank)
        norm = float(np.linalg.norm(values))
        whole = base.get(name) if base else None
        found.append(Module(name, norm, effective_rank(values), norm / whole if whole else None))
    return found


def distances(one: Adapter, other: Adapter) -> list[Distance]:
    """The distance of each module that either has; what an adapter lacks is an update by 0."""
    found = []
    for name in order({*one.modules, *other.modules}):
        ours, theirs = _scaled(one, name), _scaled(other, name)
        parts = [part for part in (ours, theirs and (theirs[0], -theirs[1])) if part]
        a = np.concatenate([part[0] for part in parts])
        b = np.concatenate([part[1] for part in parts], axis=1)
        distance = float(np.linalg.norm(singular_values(a, b)))
        norm = float(np.linalg.norm(singular_values(*ours))) if ours else 0.0
        found.append(Distance(name, distance, distance / norm if norm else None))
    return found


def _scaled(adapter: Adapter, name: str) -> tuple[Doubles, Doubles] | None:
    if name not in adapter.modules:
        return None
    a, b = adapter.modules[name]
    return a.astype(np.float64), b.astype(np.float64) * (adapter.alpha / adapter.rank)


def singular_values(a: FloatArray | Doubles, b: FloatArray | Doubles) -> Doubles:
    """Those of B A for A (rank, in) and B (out, rank), without forming the product."""
    right = np.linalg.qr(a.T.astype(np.float64)).R
    left = np.linalg.qr(b.astype(np.float64)).R
    return np.asarray(np.linalg.svd(left @ right.T, compute_uv=False))


def effective_rank(values: Doubles) -> float:
    """exp of the entropy of the singular values' shares; 0 for a matrix of zeros."""
    shares = values[values > 0] / values.sum() if values.any() else values[:0]
    return float(np.exp(-(shares * np.log(shares)).sum())) if len(shares) else 0.0


def order(names: Collection[str]) -> list[str]:
    """Module names with their layers in the order of their numbers."""

    def key(name: str) -> list[tuple[int, str]]:
        return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]

    return sorted(names, key=key)


def base_norms(path: str, names: Collection[str]) -> dict[str, float]:
    """The Frobenius norm of each of the base's weights that `names` are without `.weight`. Raises PawError
    if the base can't be read or lacks one."""
    import gguf

    try:
        tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    except (OSError, ValueError) as error:
        raise PawError("base-unreadable", f"cannot read the base {path}: {error}") from error
    norms = {}
    for name in names:
        tensor = tensors.get(f"{name}.weight")
        if tensor is None:
            raise PawError("base-unreadable", f"the base {path} has no weight {name}")
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        norms[name] = float(np.linalg.norm(values.astype(np.float64)))
    return norms


def label_cosines(head: FloatArray) -> Doubles:
    """(labels, labels): the cosines between the weight vectors of a label head (labels, d + 1)."""
    vectors = head[:, :-1].astype(np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.asarray(vectors @ vectors.T)


def label_figures(head: FloatArray, labels: tuple[str, ...]) -> list[dict[str, Any]]:
    """Of each label: the norm of its vector, its bias, and its cosine with every label."""
    cosines = label_cosines(head)
    return [
        {
            "label": label,
            "norm": float(np.linalg.norm(row[:-1].astype(np.float64))),
            "bias": float(row[-1]),
            "cosines": dict(zip(labels, cosines[index].tolist(), strict=True)),
        }
        for index, (label, row) in enumerate(zip(labels, head, strict=True))
    ]
