"""A training run, from recipe to checkpoints: read it top to bottom.

`run` trains the tokenizer, then stage 1 (the base as a language model of tasks and text), then stage 2
(the LoRA compiler, and the base with it if the recipe says so). A recipe with a table `labels` trains an
encoder instead (train_labels.py), one with `joint` or `reading` a LoRA for it (train_joint.py,
train_reading.py), one with `adapter` a compiler for somebody else's base (train_adapter.py), one with `rival`
what to compare with (rivals.py). Every batch is a pure function of seed, stage and step, so a run that was
stopped goes on where its last checkpoint was.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pawformats.errors import PawError
from pawformats.values import Target
from torch import nn

from pawc import targets

from . import (
    corpus,
    loop,
    machine,
    restart,
    rivals,
    rows,
    steps,
    teacher,
    tokenizer,
    train_adapter,
    train_joint,
    train_labels,
    train_reading,
)
from .journal import Deadline, ahead
from .model import EMBEDDING_STD, Decoder, Mapper
from .recipes import read_recipe, run_folder, shape_of, shapes

# ── the run ─────────────────────────────────────────────────────────────────────────────────────────


def run(
    recipe_path: str,
    out: str | None,
    resume: bool,
    dry_run: bool,
    data: str | None = None,
    minutes: float | None = None,
) -> None:
    """Run a recipe into folder `out` (default: runs/NAME). An existing folder is continued with
    `resume` and refused without. `dry_run` does three steps of each stage; after `minutes` the run stops with
    a checkpoint."""
    recipe = read_recipe(Path(recipe_path))
    folder = run_folder(recipe, out)
    if folder.exists() and any(folder.iterdir()) and not resume:
        raise PawError(
            "run-exists", f"{folder} exists already", hint="continue it with --resume or choose another --out"
        )
    source = data if data is not None else recipe.get("data")
    if source and not Path(source).is_dir():
        raise PawError(
            "no-data", f"the data folder {source} does not exist", hint="--data DIR, or --data '' for none"
        )
    if recipe["mix"].get("fuzzybench"):
        corpus.fuzzybench()  # raises here, before anything is written, if it can't be read
    absent = [name for name in corpus.FROM_FOLDER if recipe["mix"].get(name) and not source]
    if absent and not any(share for name, share in recipe["mix"].items() if name not in absent):
        missing = ", ".join(absent)
        raise PawError("no-data", f"the mix is {missing} alone, which is absent", hint="name it: --data DIR")
    if absent:
        print(f"no data folder: the others take the share of {', '.join(absent)}", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.toml").write_bytes(Path(recipe_path).read_bytes())
    machine.prepare()
    limit, deadline = 3 if dry_run else None, Deadline(minutes)
    if "labels" in recipe:
        train_labels.run(recipe, folder, source or None, limit, deadline)
        return
    if "joint" in recipe:
        train_joint.run(recipe, folder, source or None, limit, deadline)
        return
    if "reading" in recipe:
        train_reading.run(recipe, folder, source or None, limit, deadline)
        return
    if "adapter" in recipe:
        train_adapter.run(recipe, folder, source or None, limit, deadline)
        return
    words = folder / "tokenizer.json"
    if not words.exists() and "start" in recipe:
        restart.words(restart.base(restart.target(recipe["start"]))).save(str(words))
    elif not words.exists():
        _train_tokenizer(recipe, source, words)
    arguments = (source or None, recipe["mix"], recipe.get("label_share", 1.0), str(words))
    workers = recipe.get("workers", 1)
    with ProcessPoolExecutor(workers, get_context("spawn"), loop.start_worker, arguments) as pool:
        if "rival" in recipe:
            rivals.run(recipe, shape_of(recipe), folder, pool, limit, deadline)
            return
        base = stage1(recipe, folder, pool, limit, deadline)
        if not deadline.passed():
            stage2(recipe, folder, pool, base, limit, deadline)


def _train_tokenizer(recipe: dict[str, Any], source: str | None, path: Path) -> None:
    drawn = corpus.load(Path(source) if source else None, recipe["mix"])
    rng = random.Random(f"{recipe['seed']}:tokenizer")

    def texts() -> Iterator[str]:
        for _ in range(recipe.get("tokenizer_draws", 12_000)):
            task = drawn.draw(rng, 6)
            if isinstance(task, str):
                yield task[:1500]
            else:
                yield task.spec
                yield from (text for pair in task.pairs for text in pair)

    tokenizer.train(texts(), recipe["vocabulary"]).save(str(path))


def stage1(
    recipe: dict[str, Any], folder: Path, pool: ProcessPoolExecutor, limit: int | None, deadline: Deadline
) -> Decoder:
    """The base as a language model of tasks (answers count most) and text."""
    shape, _ = shapes(recipe)
    plan = recipe["stage1"]
    torch.manual_seed(recipe["seed"])
    base = Decoder(shape)
    fresh = not (folder / "stage1").exists()
    if fresh and "start" in recipe:
        path = restart.base(restart.target(recipe["start"]))
        restart.fill(base, restart.tensors(path), path)
    elif fresh and plan.get("embeddings") == "all-MiniLM-L6-v2":
        start = teacher.embeddings(
            tokenizer.load(folder / "tokenizer.json"), shape.dim, EMBEDDING_STD, recipe["seed"]
        )
        base.token_embd.weight.data.copy_(start)
    device, numbers = machine.device(), machine.precision(recipe)
    base.to(device)
    made = loop.optimizers([(base, plan["rate"])], machine.numbers_of(recipe))
    total, count, length, kept = plan["steps"], plan["rows"], plan["length"], plan["predictions"]
    weights = shape.parameters()
    course = loop.Course(folder, "stage1", base, base, made, numbers, total, count * length, weights)
    if (begun := course.begun()) >= total:
        return base
    probe = loop.probe(pool, loop.packed, ("held", recipe["seed"], count, length), kept)

    def forward(batch: steps.Batch) -> torch.Tensor:
        with numbers():
            return steps.predict(base, batch, None)

    fast = torch.compile(forward) if plan.get("compile", True) else forward
    jobs = (("train", f"{recipe['seed']}:1:{step}", count, length) for step in range(begun, total))

    def loss_of(step: int, drawn: rows.Rows) -> torch.Tensor:
        batch = steps.to_batch(drawn, kept, np.random.default_rng([recipe["seed"], 1, step])).to(device)
        return steps.loss_of(fast(batch), batch)

    drawn = ahead(pool, loop.packed, jobs, 4 * recipe.get("workers", 1))
    course.follow(begun, drawn, loss_of, lambda: loop.score(fast, probe), limit, deadline)
    return base


def stage2(
    recipe: dict[str, Any],
    folder: Path,
    pool: ProcessPoolExecutor,
    base: Decoder,
    limit: int | None,
    deadline: Deadline,
) -> None:
    """The LoRA compiler. Its LM starts as a copy of the base; the base moves along if `base_rate` > 0."""
    shape, mapper_shape = shapes(recipe)
    plan = recipe["stage2"]
    torch.manual_seed(recipe["seed"] + 1)
    lm = Decoder(shape)
    lm.load_state_dict(base.state_dict())
    nn.init.ones_(lm.output_norm.weight)  # the mapper reads these states; no odds are made of them
    compiler = steps.Compiler(lm, Mapper(shape, mapper_shape))
    if "start" in recipe and not (folder / "stage2").exists():
        _start_compiler(compiler, restart.target(recipe["start"]))
    device, numbers = machine.device(), machine.precision(recipe)
    pair = nn.ModuleDict({"base": base, "compiler": compiler}).to(device)
    groups = [(lm, plan["lm_rate"]), (compiler.mapper, plan["mapper_rate"])]
    if plan["base_rate"] > 0:
        groups.append((base, plan["base_rate"]))
    made = loop.optimizers(groups, machine.numbers_of(recipe))
    total, count, length, wide = plan["steps"], plan["rows"], plan["length"], plan["source_length"]
    kept, drop, tokens, weights = (
        plan["predictions"],
        plan["drop"],
        count * (length + wide),
        shape.parameters(),
    )
    course = loop.Course(folder, "stage2", pair, pair, made, numbers, total, tokens, weights)
    if (begun := course.begun()) >= total:
        return
    held = loop.probe(pool, loop.by_spec, ("held", recipe["seed"], count, length, wide, 0.0), kept)

    def forward(batch: steps.Batch, source: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        with numbers():
            return steps.predict(base, batch, compiler(source, last))

    fast = torch.compile(forward) if plan.get("compile", True) else forward
    jobs = (
        ("train", f"{recipe['seed']}:2:{step}", count, length, wide, drop) for step in range(begun, total)
    )

    def loss_of(step: int, drawn: rows.Specs) -> torch.Tensor:
        made_of = steps.spec_batch(drawn, kept, np.random.default_rng([recipe["seed"], 2, step]))
        batch, source, last = made_of[0].to(device), made_of[1].to(device), made_of[2].to(device)
        return steps.loss_of(fast(batch, source, last), batch)

    def score() -> dict[str, float]:
        with numbers():
            return loop.score_adapters(base, compiler, held)

    drawn = ahead(pool, loop.by_spec, jobs, 4 * recipe.get("workers", 1))
    course.follow(begun, drawn, loss_of, score, limit, deadline)


def _start_compiler(compiler: steps.Compiler, released: Target) -> None:
    """The compiler of a released target, where it has one."""
    if released.mapper_path is not None:
        for module, path in ((compiler.lm, targets.lm(released)), (compiler.mapper, released.mapper_path)):
            restart.fill(module, restart.tensors(Path(path)), Path(path))
