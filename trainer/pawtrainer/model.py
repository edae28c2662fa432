"""The interpreter and the LoRA compiler in torch.

Parameter names are the GGUF tensor names, so that export is a plain copy. Axes: S rows (one spec
each), T tokens, L layers, d model width, r rank, N shared bases.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .shape import MODULES, MapperShape, Shape

#: module -> (A of shape (S, L, r, in), B of shape (S, L, out, r)), alpha / r folded into B.
Lora = dict[str, tuple[Tensor, Tensor]]


#: Token embeddings must be of the size of what the layers add to them, or the residual stream forgets
#: which token it stands at; the last norm's gain makes up for it in the tied output (odds nearly even).
EMBEDDING_STD = 0.3
OUTPUT_GAIN = 0.15


class Norm(nn.Module):
    """RMSNorm with a gain, computed in float32 as llama.cpp does."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), self.weight.shape, self.weight, self.eps).to(x.dtype)


def rope_tables(positions: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """cos and sin of shape (S, 1, T, head_dim / 2)."""
    inverse = theta ** (-torch.arange(0, head_dim, 2, device=positions.device).float() / head_dim)
    angles = positions[:, None, :, None].float() * inverse
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor, neighbours: bool = False) -> Tensor:
    """Rotary positions: pairs are a head's halves or, as `llama` has them, `neighbours`."""
    wide = x.float()
    first, second = (wide[..., 0::2], wide[..., 1::2]) if neighbours else wide.chunk(2, dim=-1)
    turned = first * cos - second * sin, second * cos + first * sin
    return (torch.stack(turned, dim=-1).flatten(-2) if neighbours else torch.cat(turned, dim=-1)).to(x.dtype)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Softmax attention, (S, H, T, head_dim); mask (S, 1, T, T) bool.

    Written out for a CPU: compiled, that takes half of the time of torch's kernel, which is best on a GPU.
    """
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    with torch.autocast("cpu", enabled=False):  # which would make the softmax one of float32, in three passes
        odds = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5
        odds = odds + torch.zeros((), dtype=q.dtype).where(mask, -1e4)
        mixed: Tensor = odds.softmax(-1) @ v
        return mixed


class Block(nn.Module):
    """One layer: GQA attention, with RMS-normed queries and keys in `qwen3`, then SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.attn_norm = Norm(shape.dim, shape.eps)
        self.neighbours = shape.architecture == "llama"
        if not self.neighbours:
            self.attn_q_norm = Norm(shape.head_dim, shape.eps)
            self.attn_k_norm = Norm(shape.head_dim, shape.eps)
        self.ffn_norm = Norm(shape.dim, shape.eps)
        for module in MODULES:
            size_in, size_out = shape.module_size(module)
            self.add_module(module, nn.Linear(size_in, size_out, bias=False))

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, layer: int, lora: Lora | None
    ) -> Tensor:
        rows, length, _ = x.shape
        shape = self.shape

        def mapped(module: str, value: Tensor) -> Tensor:
            out: Tensor = self.get_submodule(module)(value)
            if lora is None:
                return out
            a, b = lora[module]
            return out + (value @ a[:, layer].transpose(1, 2)) @ b[:, layer].transpose(1, 2)

        def heads(value: Tensor, count: int) -> Tensor:
            return value.view(rows, length, count, shape.head_dim).transpose(1, 2)

        normed = self.attn_norm(x)
        q, k = heads(mapped("attn_q", normed), shape.heads), heads(mapped("attn_k", normed), shape.kv_heads)
        if not self.neighbours:
            q, k = self.attn_q_norm(q), self.attn_k_norm(k)
        q, k = rotate(q, cos, sin, self.neighbours), rotate(k, cos, sin, self.neighbours)
        v = heads(mapped("attn_v", normed), shape.kv_heads)
        group = shape.heads // shape.kv_heads
        if group > 1:
            k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
        mixed = attend(q, k, v, mask)
        x = x + mapped("attn_output", mixed.transpose(1, 2).reshape(rows, length, -1))
        normed = self.ffn_norm(x)
        return x + mapped("ffn_down", F.silu(mapped("ffn_gate", normed)) * mapped("ffn_up", normed))


class Decoder(nn.Module):
    """The interpreter (and the compiler LM): token ids in, hidden states after the last norm out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.dim)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.dim, shape.eps)
        deep = (2 * shape.layers) ** -0.5  # keeps the residual stream's variance flat over depth
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                scale = deep if name.endswith(("attn_output.weight", "ffn_down.weight")) else 1.0
                std = EMBEDDING_STD if name.startswith("token_embd") else scale * weight.shape[1] ** -0.5
                nn.init.normal_(weight, std=std)
        nn.init.constant_(self.output_norm.weight, OUTPUT_GAIN)

    def forward(self, tokens: Tensor, positions: Tensor, mask: Tensor, lora: Lora | None = None) -> Tensor:
        """tokens, positions (S, T) int64; mask (S, 1, T, T) bool, True = may attend -> (S, T, d)."""
        cos, sin = rope_tables(positions, self.shape.head_dim, self.shape.rope_theta)
        x = self.token_embd(tokens)
        for layer, block in enumerate(self.blk):
            x = block(x, cos, sin, mask, layer, lora)
        states: Tensor = self.output_norm(x)
        return states

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.token_embd.weight.T


class Residual(nn.Module):
    """One block of the mapper's trunk."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.down(F.silu(self.up(x)))
        return out


class Basis(nn.Module):
    """The N shared matrices of one module type, mixed by coefficients of shape (S, L, 2, N)."""

    def __init__(self, bases: int, rank: int, size_in: int, size_out: int) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.randn(bases, rank, size_in) * size_in**-0.5)
        self.b = nn.Parameter(torch.randn(bases, size_out, rank) * rank**-0.5)

    def forward(self, mixing: Tensor) -> tuple[Tensor, Tensor]:
        a = torch.einsum("sln,nri->slri", mixing[:, :, 0], self.a)
        b = torch.einsum("sln,nor->slor", mixing[:, :, 1], self.b)
        return a, b


class Mapper(nn.Module):
    """Pooled prefix states to a LoRA: residual MLP trunk, one linear head, shared bases (paper §3).

    A = sum_n c[l, m, 0, n] a_m[n], B = sum_n c[l, m, 1, n] b_m[n]. At the start the head gives zero
    mixing coefficients for B, so training begins at the plain base.
    """

    def __init__(self, shape: Shape, mapper: MapperShape) -> None:
        super().__init__()
        self.shape, self.mapper = shape, mapper
        width, bases = mapper.hidden, mapper.bases
        self.enter = nn.Linear(shape.dim, width)
        self.trunk = nn.ModuleList(Residual(width) for _ in range(mapper.blocks))
        self.head = nn.Linear(width, shape.layers * len(MODULES) * 2 * bases)
        self.basis = nn.ModuleDict()
        for module in MODULES:
            size_in, size_out = shape.module_size(module)
            self.basis[module] = Basis(bases, mapper.rank, size_in, size_out)
        with torch.no_grad():
            weight = self.head.weight.view(shape.layers, len(MODULES), 2, bases, width)
            bias = self.head.bias.view(shape.layers, len(MODULES), 2, bases)
            weight[:, :, 0] *= 0.5
            bias[:, :, 0].normal_(std=bases**-0.5)
            weight[:, :, 1] *= 0.05
            bias[:, :, 1].zero_()

    def forward(self, states: Tensor) -> Lora:
        """states (S, tau, d), the compiler LM's hidden states at the prefix tokens."""
        x = self.enter(states.mean(dim=1))
        for block in self.trunk:
            x = block(x)
        return self._mixed(self.head(x))

    @torch.no_grad()
    def begin(self, lora: Lora) -> None:
        """Begin with one LoRA for every spec: each layer's own is a basis, and no state moves the mixing yet.
        There must be as many bases as layers."""
        for module, (a, b) in lora.items():
            basis, scale = self.basis[module], self.mapper.alpha / self.mapper.rank
            basis.get_parameter("a").copy_(a[0])
            basis.get_parameter("b").copy_(b[0] / scale)
        layers = self.shape.layers
        own = torch.eye(layers)[:, None, None].expand(layers, len(MODULES), 2, layers)
        self.head.bias.copy_(own.reshape(-1))
        self.head.weight.zero_()

    def common(self) -> Lora:
        """The LoRA of a spec that no state moves, with an axis of one row."""
        return self._mixed(self.head.bias[None])

    def _mixed(self, coefficients: Tensor) -> Lora:
        mixing = coefficients.view(-1, self.shape.layers, len(MODULES), 2, self.mapper.bases)
        scale = self.mapper.alpha / self.mapper.rank
        lora: Lora = {}
        for index, module in enumerate(MODULES):
            a, b = self.basis[module](mixing[:, :, index])
            lora[module] = (a, b * scale)
        return lora


def weighted_nll(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Mean negative log-likelihood over the targets, each counted `weights` times; all (K,)."""
    loss = F.cross_entropy(logits.float(), targets, reduction="none")
    return (loss * weights).sum() / weights.sum().clamp_min(1e-6)
