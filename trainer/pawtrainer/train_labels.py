"""Training the encoder of a label target (`mini`) and its reader: read it top to bottom.

A step draws functions, encodes what their specs say of each label, their examples and their records in
one go, and lowers the cross-entropy of the records' labels; and it draws specs of all kinds and lowers the
reader's surprise at their answers. A run continues where its last checkpoint was. With a `rank`, what the
encoder learns is a LoRA, which a release adds to its weights; then the reader, which wears a LoRA of its own,
stands still, and a run takes no specs.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import checkpoint, corpus, encoder, label_tasks, lora, machine, reader, reading_tasks, restart, words
from .journal import Deadline, Journal, ahead, finite, scale_at, set_rate
from .label_tasks import LabelTask
from .reading_tasks import Reading, ReadingBatch

#: Padded tokens that go through the encoder together; a CPU gains nothing from more.
GROUP = 768
PROBE_FUNCTIONS, PROBE_SPECS = 96, 256
#: Probes by what the log adds to the names of their figures, with the share of careless authors.
PROBES = {"": 0.0, "_noisy": 1.0}
#: What a nat of the reader's counts beside one of a record's label: it has several to a spec.
READING_WEIGHT = 0.5

_worker: dict[str, Any] = {}
Step = tuple[list[LabelTask], list[Reading]]


def _start_worker(data: str | None, mix: dict[str, float]) -> None:
    folder = Path(data) if data else None
    _worker["words"] = words.tokenizer()
    _worker["names"] = reading_tasks.names_of(_worker["words"])
    for name, held in (("train", False), ("held", True)):
        _worker[f"{name} specs"] = loaded = corpus.load(folder, mix, held)
        _worker[name] = label_tasks.labelled(loaded)


def _draw(which: str, seed: str, count: int, records: int, longest: int, noisy: float) -> list[LabelTask]:
    return label_tasks.draw(_worker[which], _worker["words"], seed, count, records, longest, noisy)


def _specs(which: str, seed: str, count: int, longest: int, noisy: float) -> list[Reading]:
    drawn, named = _worker[f"{which} specs"], _worker["names"]
    return reading_tasks.draw(drawn, _worker["words"], named, seed, count, longest, noisy)


def _step(
    seed: str, functions: int, records: int, length: int, specs: int, longest: int, noisy: float
) -> Step:
    tasks = _draw("train", seed, functions, records, length, noisy)
    return tasks, _specs("train", seed, specs, longest, noisy)


def odds(model: encoder.LabelModel, tasks: list[LabelTask]) -> list[Tensor]:
    """Log-odds (records, labels) of each task."""
    sequences = [sequence for task in tasks for sequence in task.sequences]
    groups = label_tasks.groups(sequences, GROUP)
    device = model.log_scale.device
    padded = (label_tasks.padded([sequences[i] for i in group]) for group in groups)
    encoded = torch.cat([model.encoder(ids.to(device), lengths.to(device)) for ids, lengths in padded])
    encoded = encoded[torch.argsort(torch.tensor([i for g in groups for i in g], device=device))]
    found, at = [], 0
    for task in tasks:
        shown = at + len(task.labels)
        records = shown + len(task.shown)
        end = records + len(task.records)
        places = torch.tensor(task.places, device=device)
        found.append(model.odds(encoded[at:shown], encoded[shown:records], places, encoded[records:end]))
        at = end
    return found


def loss_of(model: encoder.LabelModel, tasks: list[LabelTask]) -> Tensor:
    """Mean over the functions of their records' mean cross-entropy, nats."""
    losses = [
        F.cross_entropy(found, torch.tensor(task.answers, device=found.device))
        for found, task in zip(odds(model, tasks), tasks, strict=True)
    ]
    return torch.stack(losses).mean()


class Reads(Protocol):
    """What reads specs: an encoder, and a reader over its states."""

    @property
    def encoder(self) -> encoder.Encoder: ...
    @property
    def reader(self) -> reader.Reader: ...


def read(model: Reads, batch: ReadingBatch, numbers: machine.Numbers) -> Tensor:
    """The reader's log-odds of every span."""
    with numbers():
        states, _ = model.encoder.states(batch.ids, batch.lengths)
    odds: Tensor = model.reader(states.float(), batch)
    return odds


@torch.no_grad()
def score_reading(model: Reads, specs: list[Reading], numbers: machine.Numbers) -> dict[str, float]:
    """Shares of the specs with and without labels of which exactly the answers are likely, and the loss."""
    right, asked, loss = [0, 0], [0, 0], 0.0
    for begin in range(0, len(specs), 32):
        part = specs[begin : begin + 32]
        batch = reading_tasks.batch(part).to(model.reader.shown.device)
        logits = read(model, batch, numbers)
        loss += float(reader.loss_of(logits, batch)) * len(part) / len(specs)
        for one, found, place in zip(part, logits, batch.answer, strict=True):
            likely = {int(number) for number in place[found > 0]}
            asked[bool(one.answers)] += 1
            wanted = {int(number) for number in place.unique() if number}
            right[bool(one.answers)] += likely == wanted
    return {
        "held_read": right[1] / max(1, asked[1]),
        "held_read_open": right[0] / max(1, asked[0]),
        "held_read_loss": loss,
    }


@torch.no_grad()
def score(model: encoder.LabelModel, tasks: list[LabelTask]) -> float:
    """Share of records whose likeliest label is right."""
    right = asked = 0
    for task in tasks:
        best = odds(model, [task])[0].argmax(-1).cpu()
        right += int((best == torch.tensor(task.answers)).sum())
        asked += len(task.answers)
    return right / max(1, asked)


def _optimizer(model: encoder.LabelModel, rate: float, reader_rate: float) -> torch.optim.Optimizer:
    """AdamW, without decay for vectors; the reader, which starts from nothing, has a rate of its own."""
    groups = []
    for reads in (False, True):
        for matrix in (False, True):
            some = [
                p
                for name, p in model.named_parameters()
                if p.requires_grad and name.startswith("reader.") == reads and (p.ndim > 1) == matrix
            ]
            decay, own = 0.01 if matrix else 0.0, reader_rate if reads else rate
            groups.append({"params": some, "weight_decay": decay, "rate": own})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _anchor(model: encoder.LabelModel) -> list[tuple[Tensor, Tensor]]:
    """The encoder's weights that learn, each beside the public encoder's."""
    public = encoder.Encoder(model.encoder.shape)
    encoder.load_public(public)
    pairs = zip(model.encoder.parameters(), public.parameters(), strict=True)
    return [(own, theirs.detach().to(own.device)) for own, theirs in pairs if own.requires_grad]


@torch.no_grad()
def _pull(anchor: list[tuple[Tensor, Tensor]], share: float) -> None:
    """Go a share of the way back to the public encoder, which knows what no function here is about."""
    for own, theirs in anchor:
        own.lerp_(theirs, min(1.0, share))


def run(
    recipe: dict[str, Any], folder: Path, source: str | None, limit: int | None, deadline: Deadline
) -> None:
    """Train into `folder`, to step `limit` or the deadline at most."""
    plan = recipe["labels"]
    torch.manual_seed(recipe["seed"])
    model = encoder.LabelModel(encoder.EncoderShape())
    released = restart.target(recipe["start"]) if "start" in recipe else None
    if "rank" in plan or not (folder / "labels").exists():  # a checkpoint of a LoRA holds no more than that
        if released is not None:
            restart.fill_labels(model, released)
            if "public" in plan:
                encoder.load_public(model.encoder, plan["public"])
        else:
            encoder.load_public(model.encoder)
    device, numbers = machine.device(), machine.precision(recipe)
    if "rank" in plan:
        model.reader.requires_grad_(False)
        lora.Wearing(model.encoder, plan["rank"])
    model.to(device)
    if plan["rate"] == 0:  # the reader alone learns
        model.requires_grad_(False).reader.requires_grad_(True)
    for name in ("token_embd", "position_embd", "token_types"):  # known words, seen too seldom to move
        model.encoder.get_submodule(name).requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    made = [_optimizer(model, plan["rate"], plan["reader_rate"])]
    anchor = _anchor(model) if plan.get("hold") else []
    facts = checkpoint.load(folder / "labels", model, made) or {"step": 0, "tokens": 0}
    base = {}
    if released is not None and "rank" in plan:  # what the LoRA is for
        lora.check_encoder(facts, released)
        base = {"base": released.base.sha256}
    total, records, length = plan["steps"], plan["records"], plan["length"]
    shape = plan["functions"], records, length, plan["specs"], plan["source_length"], plan["noise"]
    seed, tokens = recipe["seed"], facts["tokens"]
    asked = PROBE_SPECS if plan["specs"] else 0
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker, (source, recipe["mix"])) as pool:
        drawn = {
            name: pool.submit(_draw, "held", f"{seed}:probe", PROBE_FUNCTIONS, records, length, noisy)
            for name, noisy in PROBES.items()
        }
        read_specs = {
            name: pool.submit(_specs, "held", f"{seed}:probe", asked, plan["source_length"], noisy)
            for name, noisy in PROBES.items()
        }
        probes = {name: (drawn[name].result(), read_specs[name].result()) for name in PROBES}
        journal = Journal(folder, "labels", total, sum(p.numel() for p in trained))
        saves = checkpoint.Saves(folder / "labels", model, made)
        jobs = ((f"{seed}:labels:{step}", *shape) for step in range(facts["step"], total))
        for step, (tasks, specs) in enumerate(ahead(pool, _step, jobs), facts["step"]):
            size = sum(len(sequence) for task in tasks for sequence in task.sequences)
            size += sum(len(one.ids) for one in specs)
            tokens += size
            set_rate(made, scale_at(step, total, warmup=20, falling=0.8, least=0.02))
            reading = torch.zeros((), device=device)
            if specs:
                batch = reading_tasks.batch(specs).to(device)
                reading = reader.loss_of(read(model, batch, numbers), batch)
            with numbers():
                loss = loss_of(model, tasks) if tasks else torch.zeros((), device=device)
            torch.autograd.backward(loss + READING_WEIGHT * reading)
            nn.utils.clip_grad_norm_(trained, 1.0)
            made[0].step()
            if anchor:
                _pull(anchor, plan["hold"] * made[0].param_groups[0]["lr"])
            made[0].zero_grad(set_to_none=True)
            journal.count(size)
            finite(float(loss.detach()))
            seen = {"reading": float(reading.detach())} if specs else {}
            if step == 0 or step % 100 == 99 or step + 1 == total:
                held: dict[str, float] = {}
                for name, (functions, some) in probes.items():
                    found = {"held_em": score(model, functions)}
                    found |= score_reading(model, some, numbers) if some else {}
                    held |= {f"{key}{name}": value for key, value in found.items()}
                journal.step(step + 1, float(loss.detach()), **seen, **held)
            elif step % 10 == 0:
                journal.step(step + 1, float(loss.detach()), **seen)
            facts = {"step": step + 1, "tokens": tokens, "stage": "labels", **base}
            last = step + 1 == total or deadline.passed() or (limit is not None and step + 1 >= limit)
            saves.after(facts, last)
            if last:
                break
