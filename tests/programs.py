"""Programs for the tiny base with a random adapter: real in every byte, nonsense in what they answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tiny
from pawformats import adapter, pawbin, target
from pawformats.values import Adapter, Contract, Options, Program, PseudoProgram
from pawtrainer.shape import MODULES

RANK = 32
LABELS = Contract(kind="labels", labels=("ALERT", "QUIET"))
FREE = Contract(max_tokens=6)
PLAIN = Options()


def random_adapter(seed: int = 1) -> bytes:
    """A LoRA GGUF for the tiny base, strong enough to change answers."""
    rng = np.random.default_rng(seed)
    modules = {}
    for layer in range(tiny.SHAPE.layers):
        for module in MODULES:
            size_in, size_out = tiny.SHAPE.module_size(module)
            a = rng.standard_normal((RANK, size_in)).astype(np.float32) / np.float32(np.sqrt(size_in))
            b = rng.standard_normal((size_out, RANK)).astype(np.float32) / np.float32(np.sqrt(RANK))
            modules[f"blk.{layer}.{module}"] = (a, b)
    return adapter.to_gguf(Adapter("tiny", "qwen3", RANK, float(RANK), modules), "f32")


def make(
    target_file: Path,
    contract: Contract = LABELS,
    *,
    text: str = "Task: say whether a line matters\n",
    adapted: bool = True,
    options: Options = PLAIN,
) -> Program:
    """A program as pawc would link it."""
    found = target.load(str(target_file))
    return Program(
        name="tiny",
        version=None,
        target=found.name,
        compiler=found.compiler if adapted else None,
        base=found.base,
        prompt=found.prompt,
        pseudo_program=PseudoProgram(text, "0" * 64),
        contract=contract,
        options=options,
        adapter=random_adapter() if adapted else None,
        toolchain="test",
    )


def write(path: Path, program: Program) -> Path:
    path.write_bytes(pawbin.dump(program))
    return path
