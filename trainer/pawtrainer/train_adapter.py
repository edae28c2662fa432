"""Training a compiler of adapters for a base that stands still (`smol-cpu.toml`): read it top to bottom.

The base is somebody else's, found by its digest. Stage `adapter` learns one LoRA for all functions, over
batches that are packed as in the first stage of a base. Stage `mapper` begins with that LoRA, of which each
layer's part is a basis, and learns to mix these by what the base itself has read of a spec. A run continues
where its last checkpoint was.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pawformats.errors import PawError
from pawformats.values import Target

from . import loop, machine, restart, rows, steps
from .journal import Deadline, ahead
from .model import Decoder, Lora, Mapper
from .recipes import mapper_of
from .rivals import FixedLora
from .shape import Marks


def run(
    recipe: dict[str, Any], folder: Path, source: str | None, limit: int | None, deadline: Deadline
) -> None:
    """Train both stages into `folder`, each to its last step or `limit`, or until the deadline."""
    released = restart.target(recipe["start"])
    path = restart.base(released)
    words = folder / "tokenizer.json"
    restart.words(path).save(str(words))
    base = restart.decoder(path).to(machine.device())
    begun = start(recipe, base, released)
    marks = restart.marks(released)
    told = (source, recipe["mix"], recipe.get("label_share", 1.0), str(words), marks)
    with ProcessPoolExecutor(recipe.get("workers", 1), get_context("spawn"), loop.start_worker, told) as pool:
        fixed = _adapter(recipe, folder, pool, base, begun, limit, deadline)
        if not deadline.passed():
            _mapper(recipe, folder, pool, base, fixed, marks, limit, deadline)


def start(recipe: dict[str, Any], base: Decoder, released: Target) -> Mapper | None:
    """The mapper of the released target, if it has one. Raises PawError `start-unfit` unless it has the
    recipe's shape, which has a basis for each layer."""
    shape = mapper_of(recipe)
    if shape.bases != base.shape.layers:
        need = f"as many as the base has layers, {base.shape.layers}"
        raise PawError("recipe-value", f"mapper.bases is {shape.bases}, and must be {need}")
    if released.mapper_path is None:
        return None
    mapper, path = Mapper(base.shape, shape), Path(released.mapper_path)
    restart.fill(mapper, restart.tensors(path), path)
    return mapper


def _adapter(
    recipe: dict[str, Any],
    folder: Path,
    pool: ProcessPoolExecutor,
    base: Decoder,
    begun_with: Mapper | None,
    limit: int | None,
    deadline: Deadline,
) -> FixedLora:
    """One LoRA for every function."""
    plan, seed = recipe["adapter"], recipe["seed"]
    torch.manual_seed(seed)
    fixed = FixedLora(base.shape, mapper_of(recipe).rank)
    if begun_with is not None:
        fixed.fill(begun_with.common())
    fixed.to(machine.device())
    numbers = machine.precision(recipe)
    made = loop.optimizers([(fixed, plan["rate"])], machine.numbers_of(recipe))
    total, count, length, kept = plan["steps"], plan["rows"], plan["length"], plan["predictions"]
    weights = base.shape.parameters()
    course = loop.Course(folder, "adapter", fixed, fixed, made, numbers, total, count * length, weights)
    if (begun := course.begun()) >= total:
        return fixed
    probe = loop.probe(pool, loop.packed, ("held", seed, count, length), kept)

    def forward(batch: steps.Batch) -> torch.Tensor:
        with numbers():
            return steps.predict(base, batch, fixed())

    jobs = (("train", f"{seed}:adapter:{step}", count, length) for step in range(begun, total))

    def loss_of(step: int, drawn: rows.Rows) -> torch.Tensor:
        batch = steps.to_batch(drawn, kept, np.random.default_rng([seed, 1, step])).to(machine.device())
        return steps.loss_of(forward(batch), batch)

    drawn = ahead(pool, loop.packed, jobs, 4)
    course.follow(begun, drawn, loss_of, lambda: loop.score(forward, probe), limit, deadline)
    return fixed


def _mapper(
    recipe: dict[str, Any],
    folder: Path,
    pool: ProcessPoolExecutor,
    base: Decoder,
    fixed: FixedLora,
    marks: Marks,
    limit: int | None,
    deadline: Deadline,
) -> None:
    """How the layers' adapters are mixed for a spec, and they themselves."""
    plan, seed = recipe["mixing"], recipe["seed"]
    torch.manual_seed(seed + 1)
    mapper = Mapper(base.shape, mapper_of(recipe))
    with torch.no_grad():
        mapper.begin(fixed())
    compiler = steps.Compiler(base, mapper, len(marks.tau))
    mapper.to(machine.device())
    numbers = machine.precision(recipe)
    made = loop.optimizers([(mapper, plan["rate"])], machine.numbers_of(recipe))
    total, count, length, wide = plan["steps"], plan["rows"], plan["length"], plan["source_length"]
    kept, tokens, weights = plan["predictions"], count * (length + wide), base.shape.parameters()
    course = loop.Course(folder, "mapper", mapper, mapper, made, numbers, total, tokens, weights)
    if (begun := course.begun()) >= total:
        return
    held = loop.probe(pool, loop.by_spec, ("held", seed, count, length, wide, 0.0), kept)

    def lora(source: torch.Tensor, last: torch.Tensor) -> Lora:
        with torch.no_grad():
            states = compiler.states(source, last)
        made: Lora = mapper(states)
        return made

    def loss_of(step: int, drawn: rows.Specs) -> torch.Tensor:
        batch, source, last = steps.spec_batch(drawn, kept, np.random.default_rng([seed, 2, step]))
        batch, device = batch.to(machine.device()), machine.device()
        with numbers():
            found = steps.predict(base, batch, lora(source.to(device), last.to(device)))
            return steps.loss_of(found, batch)

    def score() -> dict[str, float]:
        with numbers():
            return loop.score_adapters(base, lora, held)

    more = count, length, wide, plan["drop"]
    jobs = (("train", f"{seed}:mapper:{step}", *more) for step in range(begun, total))
    course.follow(begun, ahead(pool, loop.by_spec, jobs, 4), loss_of, score, limit, deadline)
