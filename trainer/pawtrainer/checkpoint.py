"""Checkpoints: weights as safetensors, optimiser state beside them, and a JSON of how they were made."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

SAVE_SECONDS = 300.0


def save(
    folder: Path, model: nn.Module, optimizers: list[torch.optim.Optimizer], facts: dict[str, Any]
) -> None:
    """Write a checkpoint beside the old one, then swap: an interrupted save leaves the old one whole."""
    fresh, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    fresh.mkdir(parents=True, exist_ok=True)
    save_file({name: t.contiguous() for name, t in model.state_dict().items()}, fresh / "weights.safetensors")
    torch.save([optimizer.state_dict() for optimizer in optimizers], fresh / "optimizers.pt")
    (fresh / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    if old.exists():
        _remove(old)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    if old.exists():
        _remove(old)


class Saves:
    """Checkpoints of a run: one every SAVE_SECONDS, and one at its end."""

    def __init__(self, folder: Path, model: nn.Module, optimizers: list[torch.optim.Optimizer]) -> None:
        self._folder, self._model, self._optimizers = folder, model, optimizers
        self._saved = time.monotonic()

    def after(self, facts: dict[str, Any], last: bool) -> None:
        """To be told after each step; `facts` have its number."""
        if last or time.monotonic() - self._saved > SAVE_SECONDS:
            save(self._folder, self._model, self._optimizers, facts)
            self._saved = time.monotonic()


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def load(
    folder: Path, model: nn.Module, optimizers: list[torch.optim.Optimizer] | None = None
) -> dict[str, Any] | None:
    """Fill model (and optimisers) from a checkpoint; None when there is none."""
    place = folder if folder.exists() else folder.with_name(folder.name + ".old")
    if not place.exists():
        return None
    model.load_state_dict(load_file(place / "weights.safetensors"))
    for optimizer, state in zip(
        optimizers or [], torch.load(place / "optimizers.pt") if optimizers else [], strict=True
    ):
        optimizer.load_state_dict(state)
    facts: dict[str, Any] = json.loads((place / "facts.json").read_text())
    return facts
