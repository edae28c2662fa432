"""The size of a model and its vocabulary, saved beside its weights."""

from __future__ import annotations

from dataclasses import dataclass

#: Special tokens of nano's vocabulary, in id order. One marks the start of each part, so that a
#: record costs two tokens beyond its own text (design: prefill of the record is what a stream costs).
END, SPEC, PROGRAM, INPUT, OUTPUT = "<|end|>", "<|spec|>", "<|program|>", "<|input|>", "<|output|>"
TAU_COUNT = 8
SPECIALS = (END, SPEC, PROGRAM, INPUT, OUTPUT, *(f"<|tau{i}|>" for i in range(TAU_COUNT)))
TAU_IDS = tuple(range(5, 5 + TAU_COUNT))

#: llama.cpp names of the linear maps that carry a LoRA, in the mapper head's order.
MODULES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@dataclass(frozen=True)
class Shape:
    """A Qwen3-architecture decoder with tied embeddings."""

    vocab: int
    dim: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    context: int = 1024
    rope_theta: float = 10_000.0
    eps: float = 1e-6

    def module_size(self, module: str) -> tuple[int, int]:
        """(in, out) of one of MODULES."""
        q, kv = self.heads * self.head_dim, self.kv_heads * self.head_dim
        return {
            "attn_q": (self.dim, q),
            "attn_k": (self.dim, kv),
            "attn_v": (self.dim, kv),
            "attn_output": (q, self.dim),
            "ffn_gate": (self.dim, self.ffn),
            "ffn_up": (self.dim, self.ffn),
            "ffn_down": (self.ffn, self.dim),
        }[module]

    def parameters(self) -> int:
        """Weights of the model, embeddings counted once (they are tied)."""
        maps = sum(a * b for a, b in map(self.module_size, MODULES))
        return self.vocab * self.dim + self.layers * (maps + 2 * self.dim + 2 * self.head_dim) + self.dim


@dataclass(frozen=True)
class MapperShape:
    """The hypernetwork's head: how many shared bases, of which rank, mixed by how wide a trunk."""

    bases: int
    rank: int
    alpha: float
    hidden: int
    blocks: int
