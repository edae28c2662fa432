"""What the stages of a run share: batches drawn in worker processes, optimisers, a step, a held-out probe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from . import checkpoint, corpus, machine, rows, steps, tokenizer
from .journal import Deadline, Journal, finite, scale_at, set_rate
from .model import Decoder, Lora
from .muon import Muon
from .shape import OWN_MARKS, Marks

#: Batches of held-out functions that a probe has.
PROBE_BATCHES = 6

# ── batches, made one step ahead in a process of their own ──────────────────────────────────────────

_worker: dict[str, Any] = {}


def start_worker(
    data: str | None, mix: dict[str, float], label_share: float, words: str, marks: Marks = OWN_MARKS
) -> None:
    folder = Path(data) if data else None
    _worker["words"], _worker["marks"] = tokenizer.load(Path(words)), marks
    _worker["train"] = corpus.load(folder, mix, label_share=label_share)
    tasks = {name: share for name, share in mix.items() if name != "text" and share} or {"families": 1.0}
    _worker["held"] = corpus.load(folder, tasks, held=True, label_share=label_share)


def packed(which: str, seed: str, count: int, length: int) -> rows.Rows:
    return rows.packed(_worker[which], _worker["words"], seed, count, length, _worker["marks"])


def by_spec(which: str, seed: str, count: int, length: int, source_length: int, drop: float) -> rows.Specs:
    drawn, words, marks = _worker[which], _worker["words"], _worker["marks"]
    return rows.by_spec(drawn, words, seed, count, length, source_length, drop, marks)


# ── optimiser and schedule ──────────────────────────────────────────────────────────────────────────


def optimizers(
    groups: list[tuple[nn.Module, float]], numbers: torch.dtype, decay: float = 0.05
) -> list[torch.optim.Optimizer]:
    """Muon, computed in `numbers`, for the matrices inside the layers, AdamW for the rest; rates as given,
    scaled by the schedule."""
    muon, adam = [], []
    for module, rate in groups:
        inner = [p for n, p in module.named_parameters() if p.ndim == 2 and "blk." in n]
        outer = [p for n, p in module.named_parameters() if not (p.ndim == 2 and "blk." in n)]
        muon += [{"params": inner, "lr": rate, "rate": rate}] if inner else []
        adam += [{"params": outer, "lr": rate, "rate": rate}] if outer else []
    made: list[torch.optim.Optimizer] = [torch.optim.AdamW(adam, betas=(0.9, 0.98), weight_decay=0.0)]
    if muon:
        made.append(Muon(muon, weight_decay=decay, numbers=numbers))
    return made


def update(model: nn.Module, made: list[torch.optim.Optimizer], loss: torch.Tensor, scale: float) -> float:
    """One optimiser step; returns the loss. Raises PawError `run-diverged` if it is not finite."""
    set_rate(made, scale)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_([p for p in model.parameters() if p.grad is not None], 1.0)
    for optimizer in made:
        optimizer.step()
    for parameter in model.parameters():
        parameter.grad = None
    return finite(float(loss.detach()))


@dataclass(frozen=True)
class Course:
    """The steps of a stage: its name in the run's `folder`, what its checkpoints hold (`model`) and which
    part of that learns, `total` steps of `tokens` each, and the weights that a token passes through."""

    folder: Path
    stage: str
    model: nn.Module
    learner: nn.Module
    optimizers: list[torch.optim.Optimizer]
    numbers: machine.Numbers
    total: int
    tokens: int
    parameters: int

    def begun(self) -> int:
        """Steps that are done already: those of the last checkpoint, which is loaded."""
        facts = checkpoint.load(self.folder / self.stage, self.model, self.optimizers)
        return int(facts["step"]) if facts else 0

    def follow(
        self,
        begun: int,
        drawn: Iterable[Any],
        loss_of: Callable[[int, Any], torch.Tensor],
        score: Callable[[], dict[str, float]],
        limit: int | None,
        deadline: Deadline,
    ) -> None:
        """Go on after `begun` steps with what was `drawn` for each, to the end, `limit` or the deadline;
        `score` is noted every 50 steps. Raises PawError `run-diverged`."""
        journal = Journal(self.folder, self.stage, self.total, self.parameters)
        saves = checkpoint.Saves(self.folder / self.stage, self.model, self.optimizers)
        for step, made in enumerate(drawn, begun):
            with self.numbers():
                scale = scale_at(step, self.total)
                loss = update(self.learner, self.optimizers, loss_of(step, made), scale)
            journal.count(self.tokens)
            if step % 50 == 49:
                journal.step(step + 1, loss, **score())
            elif step % 10 == 0:
                journal.step(step + 1, loss)
            ends = step + 1 == self.total or deadline.passed()
            facts = {"step": step + 1, "tokens": (step + 1) * self.tokens, "stage": self.stage}
            saves.after(facts, ends)
            if ends or (limit and step + 1 >= limit):
                break


def probe(pool: ProcessPoolExecutor, make: Callable[..., Any], job: tuple[Any, ...], kept: int) -> list[Any]:
    """Fixed batches of held-out functions."""
    which, seed, *rest = job
    made = [pool.submit(make, which, f"{seed}:probe:{i}", *rest).result() for i in range(PROBE_BATCHES)]
    rng = np.random.default_rng(0)
    if make is by_spec:
        return [tuple(part.to(machine.device()) for part in steps.spec_batch(m, kept, rng)) for m in made]
    return [steps.to_batch(m, kept, rng).to(machine.device()) for m in made]


@torch.no_grad()
def score(forward: Callable[[steps.Batch], torch.Tensor], probe: list[steps.Batch]) -> dict[str, float]:
    right = asked = 0
    loss = 0.0
    for batch in probe:
        logits = forward(batch)
        loss += float(steps.loss_of(logits, batch)) / len(probe)
        scored = steps.exact(logits, batch)
        right, asked = right + scored[0], asked + scored[1]
    return {"held_loss": loss, "held_em": right / max(1, asked)}


@torch.no_grad()
def score_adapters(
    base: Decoder, compiler: Callable[[torch.Tensor, torch.Tensor], Lora], probe: list[Any]
) -> dict[str, float]:
    """Exact match on held-out functions: own adapter, no adapter, another spec's adapter."""
    found: dict[str, list[int]] = {"held_em": [0, 0], "held_em_bare": [0, 0], "held_em_swapped": [0, 0]}
    loss = 0.0
    for batch, source, last in probe:
        lora: Lora = compiler(source, last)
        swapped = {m: (a.roll(1, 0), b.roll(1, 0)) for m, (a, b) in lora.items()}
        for name, used in (("held_em", lora), ("held_em_bare", None), ("held_em_swapped", swapped)):
            logits = steps.predict(base, batch, used)
            if used is lora:
                loss += float(steps.loss_of(logits, batch)) / len(probe)
            found[name] = [x + y for x, y in zip(found[name], steps.exact(logits, batch), strict=True)]
    return {"held_loss": loss} | {name: right / max(1, asked) for name, (right, asked) in found.items()}
