"""One training step of each stage as a pure function of weights and batch, with shapes that never change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .model import Decoder, Lora, Mapper
from .rows import Rows, Specs
from .shape import TAU_COUNT


@dataclass
class Batch:
    """Tensors of a step: tokens, positions, document, part (S, T), as in rows.Rows; where (K,) flat places of
    the predictions that count, with their targets, weights and answer numbers (unique over the batch)."""

    tokens: Tensor
    positions: Tensor
    document: Tensor
    part: Tensor
    where: Tensor
    target: Tensor
    weight: Tensor
    answer: Tensor

    def mask(self) -> Tensor:
        """(S, 1, T, T) bool: a place sees what came before it of its own document, and of that the prefix and
        its own part. Made where the batch is: it is far larger than the rest."""
        length, device = self.part.shape[1], self.part.device
        together = self.document[:, :, None] == self.document[:, None, :]
        visible = (self.part[:, None, :] == 0) | (self.part[:, :, None] == self.part[:, None, :])
        causal = torch.ones(length, length, dtype=torch.bool, device=device).tril()
        return (together & visible & causal)[:, None]

    def to(self, device: torch.device) -> Batch:
        return Batch(*(value.to(device, non_blocking=True) for value in vars(self).values()))


def to_batch(rows: Rows, predictions: int, rng: np.random.Generator) -> Batch:
    """Keep `predictions` places: every answer first, then a sample of what is merely read, reweighted
    so that the expected loss is unchanged. Full logits cost a quarter of a small model's step."""
    weight = rows.weight.reshape(-1)
    answers = np.flatnonzero(rows.answer.reshape(-1))
    reads = np.flatnonzero((weight > 0) & (rows.answer.reshape(-1) == 0))
    room = max(0, predictions - len(answers))
    chosen = rng.permutation(reads)[:room]
    where = np.concatenate([rng.permutation(answers)[:predictions], chosen])
    share = weight[where].copy()
    share[len(answers) :] *= len(reads) / max(1, len(chosen))
    numbers = (rows.answer + np.arange(len(rows.answer))[:, None] * 256) * (rows.answer > 0)
    pad = (0, predictions - len(where))
    return Batch(
        torch.from_numpy(rows.tokens),
        torch.from_numpy(rows.positions),
        torch.from_numpy(rows.document),
        torch.from_numpy(rows.part),
        torch.from_numpy(np.pad(where, pad)),
        torch.from_numpy(np.pad(rows.target.reshape(-1)[where], pad)),
        torch.from_numpy(np.pad(share, pad).astype(np.float32)),
        torch.from_numpy(np.pad(numbers.reshape(-1)[where], pad)),
    )


def predict(base: Decoder, batch: Batch, lora: Lora | None) -> Tensor:
    """Logits (K, vocab) at the places that count."""
    hidden = base(batch.tokens, batch.positions, batch.mask(), lora)
    return base.logits(hidden.flatten(0, 1)[batch.where])


def loss_of(logits: Tensor, batch: Batch) -> Tensor:
    """Weighted mean negative log-likelihood, nats a token."""
    nll = F.cross_entropy(logits.float(), batch.target, reduction="none")
    return (nll * batch.weight).sum() / batch.weight.sum().clamp_min(1e-6)


def exact(logits: Tensor, batch: Batch) -> tuple[int, int]:
    """(right, all): answers of which every token is the likeliest, which is what greedy decoding gives."""
    asked = batch.answer > 0
    numbers = batch.answer[asked]
    wrong = (logits.argmax(-1) != batch.target)[asked]
    every = len(set(numbers.tolist()))
    return every - len(set(numbers[wrong].tolist())), every


class Compiler(nn.Module):
    """The LoRA compiler: compiler LM and mapper."""

    def __init__(self, lm: Decoder, mapper: Mapper, tau: int = TAU_COUNT) -> None:
        super().__init__()
        self.lm, self.mapper, self.tau = lm, mapper, tau

    def forward(self, source: Tensor, last: Tensor) -> Lora:
        """source (S, Tc); last (S,), the last prefix token's index. Padding follows it, unseen."""
        lora: Lora = self.mapper(self.states(source, last))
        return lora

    def states(self, source: Tensor, last: Tensor) -> Tensor:
        """What the LM makes of the prefix tokens, (S, tau, d)."""
        rows, length = source.shape
        positions = torch.arange(length, device=source.device).expand(rows, length)
        mask = torch.ones(length, length, dtype=torch.bool, device=source.device).tril()[None, None]
        states: Tensor = self.lm(source, positions, mask.expand(rows, 1, length, length))
        places = last[:, None] + torch.arange(1 - self.tau, 1, device=source.device)
        return states.gather(1, places[..., None].expand(-1, -1, states.shape[-1]))


def spec_batch(specs: Specs, predictions: int, rng: np.random.Generator) -> tuple[Batch, Tensor, Tensor]:
    return (
        to_batch(specs.rows, predictions, rng),
        torch.from_numpy(specs.source),
        torch.from_numpy(specs.last),
    )
