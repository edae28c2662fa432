"""A LoRA on every linear map of an encoder that stands still (Hu et al. 2021), beside it or added to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from pawformats.errors import PawError
from pawformats.values import Target
from torch import Tensor, nn

from . import encoder

Pair = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
Modules = dict[str, Pair]


class LoraLinear(nn.Module):
    """A linear map that stands still, and what is added to it: W x + bias + B A x."""

    def __init__(self, still: nn.Module, rank: int) -> None:
        super().__init__()
        for name in ("weight", "bias"):
            self.register_buffer(name, still.get_parameter(name).detach(), persistent=False)
        size_out, size_in = self.get_buffer("weight").shape
        self.a = nn.Parameter(torch.randn(rank, size_in) * size_in**-0.5)
        self.b = nn.Parameter(torch.zeros(size_out, rank))

    def forward(self, x: Tensor) -> Tensor:
        still = F.linear(x, self.get_buffer("weight"), self.get_buffer("bias"))
        return still + F.linear(F.linear(x, self.a), self.b)


class Wearing(nn.Module):
    """An encoder with a LoRA, which begins as nothing: B is 0. Its state is what is learned: `maps.N.a`
    (rank, in) and `.b` (out, rank) for the N-th map."""

    def __init__(self, still: encoder.Encoder, rank: int) -> None:
        super().__init__()
        self.names = maps_of(still)
        self.maps = nn.ModuleList(LoraLinear(still.get_submodule(name), rank) for name in self.names)
        for name, made in zip(self.names, self.maps, strict=True):
            place, _, last = name.rpartition(".")
            setattr(still.get_submodule(place), last, made)
        still.requires_grad_(False)
        self.maps.requires_grad_(True)
        self._still = [still]  # a list hides it from state_dict and parameters

    @property
    def encoder(self) -> encoder.Encoder:
        return self._still[0]

    @torch.no_grad()
    def fill(self, modules: Mapping[str, tuple[Any, Any]], what: str) -> None:
        """Begin with a released LoRA. Raises PawError `start-unfit` if its rank is another."""
        rank = self.maps[0].get_parameter("a").shape[0]
        found = len(modules[self.names[0]][0])
        if found != rank:
            raise PawError("start-unfit", f"{what} has rank {found}, the recipe says {rank}")
        for name, one in zip(self.names, self.maps, strict=True):
            for half, values in zip(("a", "b"), modules[name], strict=True):
                one.get_parameter(half).copy_(torch.as_tensor(values))


def check_encoder(facts: Mapping[str, Any], released: Target) -> None:
    """Raise PawError `start-unfit` if a checkpoint's LoRA is for another encoder than the target has now."""
    if facts.get("base", released.base.sha256) != released.base.sha256:
        raise PawError(
            "start-unfit", f"the run's LoRA is for another encoder than that of {released.name} now"
        )


def maps_of(still: encoder.Encoder) -> list[str]:
    """llama.cpp's names of the linear maps, in the order of `maps`."""
    return [name for name, module in still.named_modules() if isinstance(module, nn.Linear)]


def modules(tensors: Mapping[str, Any]) -> Modules:
    """A and B of each map in a checkpoint, under llama.cpp's name of it."""
    names = maps_of(encoder.Encoder(encoder.EncoderShape()))
    return {name: (tensors[f"maps.{n}.a"], tensors[f"maps.{n}.b"]) for n, name in enumerate(names)}


def worn_inside(tensors: Mapping[str, Any]) -> Modules:
    """A and B of each map in the tensors of an encoder that wears a LoRA."""
    names = [name.removesuffix(".a") for name in tensors if name.endswith(".a")]
    return {name: (tensors[f"{name}.a"], tensors[f"{name}.b"]) for name in names}


def merged(weights: Mapping[str, Any], worn: Mapping[str, Pair]) -> dict[str, Any]:
    """An encoder's tensors with a LoRA added to them."""
    sums = {f"{name}.weight": weights[f"{name}.weight"] + b @ a for name, (a, b) in worn.items()}
    return {**weights, **sums}


def taken_off(worn: Mapping[str, Pair], other: Mapping[str, Pair], rank: int) -> Modules:
    """What is left of a LoRA for an encoder to which another was added: the best approximation of their
    difference that has this rank (Eckart and Young 1936). It is exact if the rank is the sum of theirs;
    with less, something is lost each time that one is taken off."""
    return {name: _best(worn[name], other[name], rank) for name in worn}


def _best(pair: Pair, other: Pair, rank: int) -> Pair:
    u, values, v = np.linalg.svd(pair[1] @ pair[0] - other[1] @ other[0], full_matrices=False)
    root = np.sqrt(values[:rank])
    return (root[:, None] * v[:rank]).astype(np.float32), (u[:, :rank] * root).astype(np.float32)
