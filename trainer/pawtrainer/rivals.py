"""What a compiled program is compared with: bases that are prompted (paper, tables 2 and 5).

`full` moves every weight of a released base (full fine-tuning), `lora` one adapter for all functions. Both
read the pseudo-program in the prompt, as an interpreter does, and see batches as stage 2 draws them. `plain`
is a base from nothing that is drawn as stage 1 draws and never sees a task, if its mix is text alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from pawformats.errors import PawError
from torch import Tensor, nn

from . import loop, machine, restart, rows, steps
from .journal import Deadline, ahead
from .model import Decoder, Lora
from .shape import MODULES, Shape

KINDS = ("full", "lora", "plain")

Weights = Mapping[str, npt.NDArray[np.float32]]


class FixedLora(nn.Module):
    """One adapter for every function. It begins as nothing: B is 0."""

    def __init__(self, shape: Shape, rank: int) -> None:
        super().__init__()
        for module in MODULES:
            size_in, size_out = shape.module_size(module)
            a = torch.randn(shape.layers, rank, size_in) * size_in**-0.5
            self.register_parameter(f"{module}_a", nn.Parameter(a))
            self.register_parameter(f"{module}_b", nn.Parameter(torch.zeros(shape.layers, size_out, rank)))

    @torch.no_grad()
    def fill(self, lora: Lora) -> None:
        """Begin with that of one row."""
        for module, (a, b) in lora.items():
            self.get_parameter(f"{module}_a").copy_(a[0])
            self.get_parameter(f"{module}_b").copy_(b[0])

    def forward(self) -> Lora:
        """With an axis of one row in front, which goes with any number of rows."""
        found: dict[str, Tensor] = dict(self.named_parameters())
        return {module: (found[f"{module}_a"][None], found[f"{module}_b"][None]) for module in MODULES}


def run(
    recipe: dict[str, Any],
    shape: Shape,
    folder: Path,
    pool: ProcessPoolExecutor,
    limit: int | None,
    deadline: Deadline,
) -> None:
    """Train the rival of a recipe: from the base of the released target that it starts from, or from nothing.

    Raises PawError `recipe-value` for a kind that is none of KINDS.
    """
    plan = recipe["rival"]
    if plan["kind"] not in KINDS:
        raise PawError("recipe-value", f"kind is {plan['kind']!r}, and must be one of {', '.join(KINDS)}")
    torch.manual_seed(recipe["seed"] + 1)
    base = Decoder(shape)
    if plan["kind"] != "plain":
        path = restart.base(restart.target(recipe["start"]))
        restart.fill(base, restart.tensors(path), path)
    parts = nn.ModuleDict({"base": base})
    learner: nn.Module = base
    fixed: FixedLora | None = None
    if plan["kind"] == "lora":
        base.requires_grad_(False)
        learner = fixed = FixedLora(shape, plan["rank"])
        parts["lora"] = fixed
    device, numbers = machine.device(), machine.precision(recipe)
    parts.to(device)
    made = loop.optimizers([(learner, plan["rate"])], machine.numbers_of(recipe))
    total, count, length, wide = plan["steps"], plan["rows"], plan["length"], plan["source_length"]
    kept, weights = plan["predictions"], shape.parameters()
    course = loop.Course(folder, "rival", parts, learner, made, numbers, total, count * length, weights)
    if (begun := course.begun()) >= total:
        return
    probe = loop.probe(pool, loop.by_spec, ("held", recipe["seed"], count, length, wide, 0.0), kept)
    batches = [batch for batch, _, _ in probe]
    make: Callable[..., Any] = loop.by_spec
    more: tuple[Any, ...] = (wide, 0.0)
    if plan["kind"] == "plain":
        make, more = loop.packed, ()

    def forward(batch: steps.Batch) -> Tensor:
        with numbers():
            return steps.predict(base, batch, fixed() if fixed else None)

    fast = torch.compile(forward) if plan.get("compile", True) else forward
    jobs = (("train", f"{recipe['seed']}:2:{step}", count, length, *more) for step in range(begun, total))

    def loss_of(step: int, drawn: rows.Specs | rows.Rows) -> Tensor:
        those = drawn.rows if isinstance(drawn, rows.Specs) else drawn
        batch = steps.to_batch(those, kept, np.random.default_rng([recipe["seed"], 2, step])).to(device)
        return steps.loss_of(fast(batch), batch)

    drawn = ahead(pool, make, jobs, 4 * recipe.get("workers", 1))
    course.follow(begun, drawn, loss_of, lambda: loop.score(fast, batches), limit, deadline)


def merged(tensors: Weights, plan: Mapping[str, Any]) -> dict[str, npt.NDArray[np.float32]]:
    """The base's weights with those of a fixed LoRA added: W + B·A."""
    base = {name.removeprefix("base."): value for name, value in tensors.items() if name.startswith("base.")}
    if plan["kind"] == "lora":
        for module in MODULES:
            for layer, (a, b) in enumerate(
                zip(tensors[f"lora.{module}_a"], tensors[f"lora.{module}_b"], strict=True)
            ):
                base[f"blk.{layer}.{module}.weight"] = base[f"blk.{layer}.{module}.weight"] + b @ a
    return base
