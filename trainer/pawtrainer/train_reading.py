"""Training the reader with a LoRA of its own (`mini-reading-cpu.toml`): read it top to bottom.

The encoder of a released label target stands still; the reader, as released, and a LoRA that the encoder
wears when it reads learn which spans of a spec's prose are its answers. Nothing else of the target changes.
A run continues where its last checkpoint was.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from pawformats.values import Target
from torch import nn

from . import checkpoint, corpus, encoder, lora, machine, reader, reading_tasks, restart, train_labels, words
from .journal import Deadline, Journal, ahead, finite, scale_at, set_rate
from .reading_tasks import Reading

#: Parts of a step, by length, so that little is padded.
PARTS = 4

_worker: dict[str, Any] = {}


class ReadingModel(lora.Wearing):
    """An encoder with a LoRA, and the reader over its states, `reader`."""

    def __init__(self, made: encoder.LabelModel, rank: int) -> None:
        super().__init__(made.encoder, rank)
        self.reader = made.reader


def _start_worker(data: str | None, mix: dict[str, float]) -> None:
    folder = Path(data) if data else None
    _worker["words"] = words.tokenizer()
    _worker["names"] = reading_tasks.names_of(_worker["words"])
    for name, held in (("train", False), ("held", True)):
        _worker[name] = corpus.reworded(corpus.load(folder, mix, held), folder)


def _draw(which: str, seed: str, count: int, longest: int, noisy: float) -> list[Reading]:
    known, names = _worker["words"], _worker["names"]
    return reading_tasks.draw(_worker[which], known, names, seed, count, longest, noisy)


def started(recipe: dict[str, Any]) -> tuple[ReadingModel, Target]:
    """The released target's encoder and reader, with its LoRA if it has one; and that target."""
    released, heads = restart.target(recipe["start"]), encoder.LabelModel(encoder.EncoderShape())
    restart.fill_labels(heads, released)
    model = ReadingModel(heads, recipe["reading"]["rank"])
    if worn := restart.reader_lora(released):
        model.fill(worn, released.reader_path or "")
    return model, released


def _optimizer(model: ReadingModel, rate: float, reader_rate: float) -> torch.optim.Optimizer:
    groups = [(model.maps, rate), (model.reader, reader_rate)]
    kept = [{"params": list(part.parameters()), "rate": own, "weight_decay": 0.01} for part, own in groups]
    return torch.optim.AdamW(kept, betas=(0.9, 0.98))


def run(
    recipe: dict[str, Any], folder: Path, source: str | None, limit: int | None, deadline: Deadline
) -> None:
    """Train into `folder`, to step `limit` or the deadline at most."""
    plan, seed = recipe["reading"], recipe["seed"]
    torch.manual_seed(seed)
    model, released = started(recipe)
    device, numbers = machine.device(), machine.precision(recipe)
    for one in (model, model.encoder):
        one.to(device)
    made = [_optimizer(model, plan["rate"], plan["reader_rate"])]
    facts = checkpoint.load(folder / "reading", model, made) or {"step": 0, "tokens": 0}
    lora.check_encoder(facts, released)
    total, count, longest, tokens = plan["steps"], plan["specs"], plan["source_length"], facts["tokens"]
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker, (source, recipe["mix"])) as pool:
        asked = train_labels.PROBE_SPECS
        probes = {
            name: pool.submit(_draw, "held", f"{seed}:probe", asked, longest, noisy).result()
            for name, noisy in train_labels.PROBES.items()
        }
        journal = Journal(folder, "reading", total, sum(p.numel() for p in model.encoder.parameters()))
        saves = checkpoint.Saves(folder / "reading", model, made)
        shape = count, longest, plan["noise"]
        jobs = (("train", f"{seed}:reading:{step}", *shape) for step in range(facts["step"], total))
        for step, specs in enumerate(ahead(pool, _draw, jobs), facts["step"]):
            set_rate(made, scale_at(step, total, warmup=20, falling=0.8, least=0.02))
            ordered, loss = sorted(specs, key=lambda one: len(one.ids)), 0.0
            for part in range(PARTS):
                some = ordered[part * count // PARTS : (part + 1) * count // PARTS]
                if not some:
                    continue
                batch = reading_tasks.batch(some).to(device)
                share = reader.loss_of(train_labels.read(model, batch, numbers), batch) * len(some) / count
                torch.autograd.backward(share)
                loss += float(share.detach())
            nn.utils.clip_grad_norm_(list(model.parameters()), 1.0)
            made[0].step()
            made[0].zero_grad(set_to_none=True)
            size = sum(len(one.ids) for one in specs)
            tokens += size
            journal.count(size)
            finite(loss)
            if step == 0 or step % 100 == 99 or step + 1 == total:
                held: dict[str, float] = {}
                for name, some in probes.items():
                    found = train_labels.score_reading(model, some, numbers)
                    held |= {f"{key}{name}": value for key, value in found.items()}
                journal.step(step + 1, loss, **held)
            elif step % 10 == 0:
                journal.step(step + 1, loss)
            facts = {"step": step + 1, "tokens": tokens, "stage": "reading", "base": released.base.sha256}
            last = step + 1 == total or deadline.passed() or (limit is not None and step + 1 >= limit)
            saves.after(facts, last)
            if last:
                break
