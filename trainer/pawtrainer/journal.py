"""What every training loop needs: batches made ahead, rates, and a journal of its progress."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from pawformats.errors import PawError


def ahead(
    pool: ProcessPoolExecutor, make: Callable[..., Any], jobs: Iterator[tuple[Any, ...]], depth: int = 4
) -> Iterator[Any]:
    """Results in order, with `depth` of them in the making."""
    waiting = [pool.submit(make, *job) for job in islice(jobs, depth)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(make, *job) for job in islice(jobs, 1)]


def scale_at(step: int, total: int, warmup: int = 60, falling: float = 0.4, least: float = 0.05) -> float:
    """Warm up over `warmup` steps, stay, then fall linearly to `least` over the last `falling` of all."""
    left = (total - step) / max(1.0, falling * total)
    return min(1.0, (step + 1) / warmup, max(least, left))


def set_rate(made: list[torch.optim.Optimizer], scale: float) -> None:
    """The learning rate of each group: its own `rate`, times `scale`."""
    for optimizer in made:
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * scale


def finite(loss: float) -> float:
    """The loss. Raises PawError `run-diverged` if it is not finite: nothing that follows would be."""
    if not math.isfinite(loss):
        raise PawError("run-diverged", f"the loss is {loss}", hint="lower the rate in the recipe")
    return loss


class Deadline:
    """When a run stops, with a checkpoint, though its recipe goes on. Without minutes there is none."""

    def __init__(self, minutes: float | None) -> None:
        self._end = None if minutes is None else time.monotonic() + 60 * minutes

    def passed(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end


class Journal:
    """A JSONL log in the run's folder and a line on stderr now and then.

    `parameters` are those that a token passes through: 6 times as many are its FLOPs, forward and backward.
    """

    def __init__(self, folder: Path, stage: str, total: int, parameters: int) -> None:
        self.file = (folder / "log.jsonl").open("a", encoding="utf-8")
        self.stage, self.total, self.parameters = stage, total, parameters
        self.began, self.first, self.tokens = time.monotonic(), -1, 0

    def count(self, tokens: int) -> None:
        """Tokens of one more step."""
        self.tokens += tokens

    def step(self, step: int, loss: float, **more: float) -> None:
        """Note a step. The clock starts at the first one noted, which paid for compilation."""
        row: dict[str, Any] = {"stage": self.stage, "step": step, "loss": round(loss, 4)}
        left = ""
        if self.first < 0:
            self.first, self.began, self.tokens = step, time.monotonic(), 0
        else:
            seconds = time.monotonic() - self.began
            row["tokens_per_s"] = round(self.tokens / seconds)
            row["tflops"] = round(6e-12 * self.parameters * self.tokens / seconds, 3)
            left = f"  left {(self.total - step) * seconds / (step - self.first) / 60:.0f} min"
        row |= {key: round(value, 4) for key, value in more.items()}
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()
        shown = "  ".join(f"{key} {value}" for key, value in row.items() if key != "stage")
        print(f"{self.stage}  {shown}{left}", file=sys.stderr, flush=True)
