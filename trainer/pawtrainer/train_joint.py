"""Training the LoRA for joint reading (`mini-joint-cpu.toml`): read it top to bottom.

The encoder of a released label target stands still and wears a LoRA (Hu et al. 2021) on every linear map; a
record's log-odds are the cosines between its mean state and those of the labels' texts in the same
sequence, as in GLiClass (Stepanov et al. 2025). A step lowers the cross-entropy of the records' labels. A run
continues where its last checkpoint was.
"""

from __future__ import annotations

import copy
import math
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from pawformats import adapter, head
from pawformats.values import Joint, JointReader
from torch import Tensor, nn

from . import (
    checkpoint,
    corpus,
    encoder,
    joint_tasks,
    label_tasks,
    lora,
    machine,
    reading_tasks,
    restart,
    train_labels,
    words,
)
from .families.base import Task
from .joint_tasks import Limits, Row
from .journal import Deadline, Journal, ahead, finite, scale_at, set_rate
from .label_tasks import LabelTask

#: Padded tokens that go through the encoder together.
GROUP = 1536
PROBE_FUNCTIONS, PROBE_RECORDS = 96, 8
#: Log-odds of a label that a row doesn't have.
HOPELESS = -1e4

_worker: dict[str, Any] = {}
Probe = list[tuple[LabelTask, list[Row]]]


class JointModel(lora.Wearing):
    """An encoder with a LoRA, and the scale of its cosines, `log_scale`."""

    def __init__(self, still: encoder.Encoder, rank: int) -> None:
        super().__init__(still, rank)
        self.log_scale = nn.Parameter(torch.tensor(math.log(14.0)))

    def forward(self, some: list[Row]) -> Tensor:
        """Log-odds (n, labels) of the rows, HOPELESS for labels that one hasn't."""
        ids, lengths, pool, there = (value.to(self.log_scale.device) for value in joint_tasks.padded(some))
        states, _ = self.encoder.states(ids, lengths)
        means = F.normalize(torch.einsum("ntd,npt->npd", states.float(), pool), dim=-1)
        odds = torch.einsum("nd,npd->np", means[:, 0], means[:, 1:]) * self.log_scale.exp()
        return odds.masked_fill(~there, HOPELESS)


@torch.no_grad()
def fill(model: JointModel, released: JointReader) -> None:
    """Begin with a released LoRA. Raises PawError `start-unfit` if its rank is another."""
    model.fill(adapter.from_gguf(Path(released.path).read_bytes()).modules, released.path)
    model.log_scale.fill_(math.log(released.scale))


def limits(plan: dict[str, Any]) -> Limits:
    return Limits(plan["record"], plan["label"], plan["labels"])


def _start_worker(data: str | None, mix: dict[str, float]) -> None:
    folder = Path(data) if data else None
    _worker["words"] = words.tokenizer()
    _worker["names"] = reading_tasks.names_of(_worker["words"])
    for name, held in (("train", False), ("held", True)):
        _worker[name] = label_tasks.labelled(corpus.load(folder, mix, held))


def _draw(seed: str, count: int, records: int, most: Limits, noisy: float) -> list[Row]:
    known, names = _worker["words"], _worker["names"]
    return joint_tasks.draw(_worker["train"], known, names, seed, count, records, most, noisy)


def _probe(seed: str, length: int, most: Limits) -> Probe:
    """Held-out functions, each for the label head and for joint reading."""
    rng, found = random.Random(seed), list[tuple[LabelTask, list[Row]]]()
    while len(found) < PROBE_FUNCTIONS:
        task = _worker["held"].draw(rng, PROBE_RECORDS)
        if not isinstance(task, Task):
            continue
        one = label_tasks.encode(task, _worker["words"], length)
        if one is not None:
            found.append((one, joint_tasks.encode(task, _worker["words"], most)))
    return found


def groups(some: list[Row]) -> list[list[Row]]:
    return [[some[i] for i in group] for group in label_tasks.groups([row.ids for row in some], GROUP)]


@torch.no_grad()
def score(
    model: JointModel, heads: encoder.LabelModel, probe: Probe, plan: dict[str, Any]
) -> dict[str, float]:
    """Exact match by joint reading alone, and as a program answers: by the head where it is sure."""
    joint = Joint((), 1, 1, 1.0, plan["weight"], plan["below"])
    right, both, asked = 0, 0, 0
    for task, some in probe:
        read = model(some)
        first = torch.softmax(train_labels.odds(heads, [task])[0].float(), -1).cpu().numpy()
        answers = torch.tensor([row.answer for row in some])
        right += int((read.argmax(-1).cpu() == answers).sum())
        if doubts := head.doubtful(first, joint):
            first[doubts] = head.settled(first[doubts], read.float().cpu().numpy()[doubts], joint)
        both += int((torch.from_numpy(first).argmax(-1) == answers).sum())
        asked += len(some)
    return {"held_em": right / max(1, asked), "held_em_both": both / max(1, asked)}


def _optimizer(model: JointModel, rate: float) -> torch.optim.Optimizer:
    """AdamW, without decay for the scale."""
    matrices = [one for one in model.parameters() if one.ndim > 1]
    kept = [{"params": matrices, "weight_decay": 0.01, "rate": rate}]
    return torch.optim.AdamW(
        [*kept, {"params": [model.log_scale], "weight_decay": 0.0, "rate": rate}], betas=(0.9, 0.98)
    )


def run(
    recipe: dict[str, Any], folder: Path, source: str | None, limit: int | None, deadline: Deadline
) -> None:
    """Train into `folder`, to step `limit` or the deadline at most."""
    plan, seed = recipe["joint"], recipe["seed"]
    torch.manual_seed(seed)
    heads, released = encoder.LabelModel(encoder.EncoderShape()), restart.target(recipe["start"])
    restart.fill_labels(heads, released)
    model = JointModel(copy.deepcopy(heads.encoder), plan["rank"])
    if released.joint is not None and not (folder / "joint").exists():
        fill(model, released.joint)
    device, numbers = machine.device(), machine.precision(recipe)
    for one in (model, model.encoder, heads):
        one.to(device)
    trained, made = list(model.parameters()), [_optimizer(model, plan["rate"])]
    facts = checkpoint.load(folder / "joint", model, made) or {"step": 0, "tokens": 0}
    lora.check_encoder(facts, released)
    total, most, tokens = plan["steps"], limits(plan), facts["tokens"]
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker, (source, recipe["mix"])) as pool:
        probe = pool.submit(_probe, f"{seed}:probe", plan["length"], most).result()
        journal = Journal(folder, "joint", total, sum(p.numel() for p in model.encoder.parameters()))
        saves = checkpoint.Saves(folder / "joint", model, made)
        shape = plan["functions"], plan["records"], most, plan["noise"]
        jobs = ((f"{seed}:joint:{step}", *shape) for step in range(facts["step"], total))
        for step, some in enumerate(ahead(pool, _draw, jobs), facts["step"]):
            size, loss = sum(len(row.ids) for row in some), 0.0
            set_rate(made, scale_at(step, total, warmup=50, falling=0.7, least=0.02))
            for group in groups(some):
                with numbers():
                    odds = model(group)
                answers = torch.tensor([row.answer for row in group], device=device)
                part = F.cross_entropy(odds, answers, reduction="sum") / len(some)
                torch.autograd.backward(part)
                loss += float(part.detach())
            nn.utils.clip_grad_norm_(trained, 1.0)
            made[0].step()
            made[0].zero_grad(set_to_none=True)
            tokens += size
            journal.count(size)
            finite(loss)
            if step % 100 == 99 or step + 1 == total:
                with numbers():
                    journal.step(step + 1, loss, **score(model, heads, probe, plan))
            elif step % 10 == 0:
                journal.step(step + 1, loss)
            facts = {"step": step + 1, "tokens": tokens, "stage": "joint", "base": released.base.sha256}
            last = step + 1 == total or deadline.passed() or (limit is not None and step + 1 >= limit)
            saves.after(facts, last)
            if last:
                break
