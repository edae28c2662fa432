"""The reader in torch: which spans of a spec's prose are the answers that it permits (pawc.reader runs it).

Over an encoder's token states, summed to atoms, stands one small transformer block that also sees what the
uncased vocabulary loses: capitals, spacing, repetition. A span's odds come of its first and its last atom.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pawc.atoms import COUNTS, EDGES, SHAPES
from pawc.reader import HEADS

from .reading_tasks import LONGEST_SPAN, ReadingBatch

WIDTH = 128
#: Log-odds of what can't be; and the loss of one spec beyond which it is left alone.
HOPELESS, MOST_NATS = -30.0, 60.0


class Reader(nn.Module):
    """Parameter names are those of the reader's file (formats/target.md)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.enter = nn.Linear(dim, WIDTH)
        self.shape, self.edges, self.count, self.length = (
            nn.Embedding(size, WIDTH) for size in (len(SHAPES), EDGES, COUNTS, LONGEST_SPAN)
        )
        for table in (self.shape, self.edges, self.count, self.length):
            nn.init.normal_(table.weight, std=0.1)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(WIDTH) for _ in range(3))
        self.qkv, self.mix = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.first, self.last = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.shown = nn.Parameter(torch.ones(1))
        self.out = nn.Linear(WIDTH, 1)
        nn.init.constant_(self.out.bias, -4.0)

    def forward(self, states: Tensor, batch: ReadingBatch) -> Tensor:
        """states (n, t, dim) of tokens -> log-odds (n, a, spans): the span s at atom i holds the atoms i to
        i + s, which is hopeless beyond the text."""
        there, looks = batch.there, batch.looks
        x = self.enter(batch.pool @ states)
        x = x + self.shape(looks[..., 0]) + self.edges(looks[..., 1]) + self.count(looks[..., 2])
        rows, size, _ = x.shape
        q, k, v = (
            part.view(rows, size, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).chunk(3, -1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, there[:, None, None, :])
        x = x + self.mix(mixed.transpose(1, 2).reshape(rows, size, WIDTH))
        x = x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))
        x = self.norm3(x)
        first, last = self.first(x), self.last(x)
        ends = torch.stack([F.pad(last, (0, 0, 0, s))[:, s:] for s in range(LONGEST_SPAN)], 2)
        inner = F.gelu(first[:, :, None] + ends + self.length.weight, approximate="tanh")
        logits: Tensor = self.out(inner)[..., 0] + self.shown * batch.shown
        whole = torch.stack([F.pad(there, (0, s))[:, s:] for s in range(LONGEST_SPAN)], -1)
        return logits.masked_fill(~whole, HOPELESS)


def loss_of(logits: Tensor, batch: ReadingBatch) -> Tensor:
    """Mean over the specs of -log P(just these answers), nats; spans are independent, and a label is found
    where any of its places is."""
    quiet = -F.softplus(logits)
    total = quiet.masked_fill(batch.answer > 0, 0.0).sum((1, 2))
    count = len(batch.owner)
    missed = torch.zeros(count + 1, device=quiet.device).index_add(
        0, batch.answer.flatten(), quiet.flatten()
    )[1:]
    total = total.index_add(0, batch.owner, torch.log(-torch.expm1(missed.clamp(max=-1e-4))))
    return -total.clamp(min=-MOST_NATS).mean()
