"""What a run computes on, and with which numbers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from pawformats.errors import PawError

Numbers = Callable[[], AbstractContextManager[Any]]
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def device() -> torch.device:
    """The first GPU, or else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def prepare() -> None:
    """Let float32 products be rounded where that is faster."""
    torch.set_float32_matmul_precision("high")


def precision(recipe: dict[str, Any]) -> Numbers:
    """A context in which a pass computes as the recipe's `precision` says, float32 unless it is bfloat16.

    Weights, sums and norms stay in float32; products of matrices are in bfloat16, which pays where the
    processor has units for it (AVX512-BF16, AMX, a GPU) and costs dearly elsewhere. Raises PawError
    `recipe-value`.
    """
    kind = numbers_of(recipe)
    return functools.partial(
        torch.autocast, device().type, dtype=torch.bfloat16, enabled=kind is torch.bfloat16
    )


def numbers_of(recipe: dict[str, Any]) -> torch.dtype:
    """What products of matrices are computed in. Raises PawError `recipe-value`."""
    name = recipe.get("precision", "float32")
    if name not in PRECISIONS:
        raise PawError("recipe-value", f"precision is {name!r}, and must be one of {', '.join(PRECISIONS)}")
    return PRECISIONS[name]
