"""Muon: momentum, then the nearest orthogonal matrix (Jordan et al. 2024, Newton-Schulz).

torch.optim.Muon always iterates in bfloat16, which a CPU without bfloat16 units emulates at a tenth of the
speed, and here is done where a run has that precision; it also goes matrix by matrix, while here all matrices
of one shape are iterated together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch
from torch import Tensor

#: Quintic coefficients of the reference implementation; five rounds suffice.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ROUNDS = 5


def orthogonal(batch: Tensor) -> Tensor:
    """(n, rows, columns) -> about the orthogonal factor of each matrix, iterated in the batch's numbers."""
    tall = batch.shape[1] > batch.shape[2]
    x: Tensor = batch.transpose(1, 2) if tall else batch
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """For matrices only. The step's root mean square is 0.2 `lr`, so AdamW's rates carry over."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        numbers: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.numbers = numbers

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            alike: dict[torch.Size, list[Tensor]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike[parameter.shape].append(parameter)
            for shape, parameters in alike.items():
                self._step_shape(group, parameters, 0.2 * max(shape) ** 0.5)

    def _step_shape(self, group: dict[str, Any], parameters: list[Tensor], scale: float) -> None:
        nudges = []
        for parameter in parameters:
            assert parameter.grad is not None
            momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
            momentum.lerp_(parameter.grad, 1 - group["momentum"])
            nudges.append(parameter.grad.lerp(momentum, group["momentum"]))
        updates = orthogonal(torch.stack(nudges).to(self.numbers)).to(nudges[0].dtype)
        for parameter, update in zip(parameters, updates, strict=True):
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.add_(update, alpha=-group["lr"] * scale)
