"""Training the encoder of a label target (`mini`): read it top to bottom.

A step draws functions, encodes what their specs say of each label, their examples and their records in
one go, and lowers the cross-entropy of the records' labels. A run continues where its last checkpoint was.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import checkpoint, corpus, encoder, label_tasks, restart
from .journal import SAVE_SECONDS, Journal, ahead, scale_at, set_rate
from .label_tasks import LabelTask

#: Padded tokens that go through the encoder together; a CPU gains nothing from more.
GROUP = 768
PROBE_FUNCTIONS = 96

_worker: dict[str, Any] = {}


def _start_worker(data: str | None, mix: dict[str, float]) -> None:
    folder = Path(data) if data else None
    _worker["words"] = encoder.tokenizer()
    for name, held in (("train", False), ("held", True)):
        loaded = corpus.load(folder, mix, held)
        for source, tasks in loaded.recorded.items():
            loaded.recorded[source] = [task for task in tasks if task.labels]
        _worker[name] = loaded


def _draw(which: str, seed: str, count: int, records: int, longest: int) -> list[LabelTask]:
    return label_tasks.draw(_worker[which], _worker["words"], seed, count, records, longest)


def odds(model: encoder.LabelModel, tasks: list[LabelTask]) -> list[Tensor]:
    """Log-odds (records, labels) of each task."""
    sequences = [sequence for task in tasks for sequence in task.sequences]
    groups = label_tasks.groups(sequences, GROUP)
    encoded = torch.cat([model.encoder(*label_tasks.padded([sequences[i] for i in g])) for g in groups])
    encoded = encoded[torch.argsort(torch.tensor([i for g in groups for i in g]))]
    found, at = [], 0
    for task in tasks:
        shown = at + len(task.labels)
        records = shown + len(task.shown)
        end = records + len(task.records)
        places = torch.tensor(task.places)
        found.append(model.odds(encoded[at:shown], encoded[shown:records], places, encoded[records:end]))
        at = end
    return found


def loss_of(model: encoder.LabelModel, tasks: list[LabelTask]) -> Tensor:
    """Mean over the functions of their records' mean cross-entropy, nats."""
    losses = [
        F.cross_entropy(found, torch.tensor(task.answers))
        for found, task in zip(odds(model, tasks), tasks, strict=True)
    ]
    return torch.stack(losses).mean()


@torch.no_grad()
def score(model: encoder.LabelModel, tasks: list[LabelTask]) -> float:
    """Share of records whose likeliest label is right."""
    right = asked = 0
    for task in tasks:
        best = odds(model, [task])[0].argmax(-1)
        right += int((best == torch.tensor(task.answers)).sum())
        asked += len(task.answers)
    return right / max(1, asked)


def run(recipe: dict[str, Any], folder: Path, source: str | None, limit: int | None) -> None:
    """Train into `folder`, to step `limit` at most."""
    plan = recipe["labels"]
    torch.manual_seed(recipe["seed"])
    model = encoder.LabelModel(encoder.EncoderShape())
    if not (folder / "labels").exists():
        if "start" in recipe:
            restart.fill_labels(model, restart.target(recipe["start"]))
        else:
            encoder.load_public(model.encoder)
    for name in ("token_embd", "position_embd", "token_types"):  # known words, seen too seldom to move
        model.encoder.get_submodule(name).requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    made: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(
            [
                {"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.01, "rate": plan["rate"]},
                {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0, "rate": plan["rate"]},
            ],
            betas=(0.9, 0.98),
        )
    ]
    facts = checkpoint.load(folder / "labels", model, made) or {"step": 0, "tokens": 0}
    total, shape = plan["steps"], (plan["functions"], plan["records"], plan["length"])
    seed, tokens = recipe["seed"], facts["tokens"]
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker, (source, recipe["mix"])) as pool:
        probe = pool.submit(_draw, "held", f"{seed}:probe", PROBE_FUNCTIONS, *shape[1:]).result()
        journal = Journal(folder, "labels", total)
        saved = time.monotonic()
        jobs = (("train", f"{seed}:labels:{step}", *shape) for step in range(facts["step"], total))
        for step, tasks in enumerate(ahead(pool, _draw, jobs), facts["step"]):
            size = sum(len(sequence) for task in tasks for sequence in task.sequences)
            tokens += size
            set_rate(made, scale_at(step, total, warmup=20, falling=0.8, least=0.02))
            loss = loss_of(model, tasks)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(trained, 1.0)
            made[0].step()
            made[0].zero_grad(set_to_none=True)
            journal.count(size)
            if step == 0 or step % 50 == 49 or step + 1 == total:
                journal.step(step + 1, float(loss.detach()), held_em=score(model, probe))
            elif step % 10 == 0:
                journal.step(step + 1, float(loss.detach()))
            facts = {"step": step + 1, "tokens": tokens, "stage": "labels"}
            last = step + 1 == total or (limit is not None and step + 1 >= limit)
            if last or time.monotonic() - saved > SAVE_SECONDS:
                checkpoint.save(folder / "labels", model, made, facts)
                saved = time.monotonic()
            if last:
                break
