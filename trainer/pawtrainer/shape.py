"""The size of a model and its vocabulary, saved beside its weights."""

from __future__ import annotations

from dataclasses import dataclass

#: Special tokens of nano's vocabulary, in id order. One marks the start of each part, so that a
#: record costs two tokens beyond its own text (design: prefill of the record is what a stream costs).
END, SPEC, PROGRAM, INPUT, OUTPUT = "<|end|>", "<|spec|>", "<|program|>", "<|input|>", "<|output|>"
TAU_COUNT = 8
SPECIALS = (END, SPEC, PROGRAM, INPUT, OUTPUT, *(f"<|tau{i}|>" for i in range(TAU_COUNT)))
TAU_IDS = tuple(range(5, 5 + TAU_COUNT))

#: llama.cpp's names of the decoders that are known here. They differ in two things: `qwen3` norms queries and
#: keys, and rotates halves of a head where `llama` rotates neighbours (GGUF types NEOX and NORM).
ARCHITECTURES = ("qwen3", "llama")
#: llama.cpp names of the linear maps that carry a LoRA, in the mapper head's order.
MODULES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@dataclass(frozen=True)
class Marks:
    """Token ids that mark the parts of what the compiler and the interpreter read: before a spec, a
    pseudo-program, a record and an answer, what ends an answer, and the prefix `tau` of the compiler."""

    end: int
    spec: int
    program: int
    input: int
    output: int
    tau: tuple[int, ...]


#: Those of a vocabulary that is trained here, which begins with SPECIALS.
OWN_MARKS = Marks(0, 1, 2, 3, 4, TAU_IDS)


@dataclass(frozen=True)
class Shape:
    """A decoder with tied embeddings, in one of ARCHITECTURES."""

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
    architecture: str = "qwen3"

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
        norms = 2 * self.dim + (2 * self.head_dim if self.architecture == "qwen3" else 0)
        return self.vocab * self.dim + self.layers * (maps + norms) + self.dim


@dataclass(frozen=True)
class MapperShape:
    """The hypernetwork's head: how many shared bases, of which rank, mixed by how wide a trunk."""

    bases: int
    rank: int
    alpha: float
    hidden: int
    blocks: int
