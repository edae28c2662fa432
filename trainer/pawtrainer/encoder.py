"""The encoder of label targets in torch: a BERT that starts from a public sentence encoder.

Parameter names are the GGUF tensor names of llama.cpp's `bert` graph, so that export is a plain copy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from .model import attend
from .reader import Reader
from .teacher import model_folder

#: Hugging Face's module names and llama.cpp's.
_OUTER = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
_INNER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}


@dataclass(frozen=True)
class EncoderShape:
    """Of all-MiniLM-L6-v2 unless said otherwise."""

    vocab: int = 30_522
    dim: int = 384
    layers: int = 6
    heads: int = 12
    ffn: int = 1_536
    context: int = 512
    eps: float = 1e-12


class EncoderBlock(nn.Module):
    """Attention and a GELU layer, each with a norm after its residual sum."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.heads = shape.heads
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            self.add_module(name, nn.Linear(shape.dim, shape.dim))
        self.attn_output_norm = nn.LayerNorm(shape.dim, shape.eps)
        self.ffn_up = nn.Linear(shape.dim, shape.ffn)
        self.ffn_down = nn.Linear(shape.ffn, shape.dim)
        self.layer_output_norm = nn.LayerNorm(shape.dim, shape.eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, dim = x.shape

        def heads(name: str) -> Tensor:
            value: Tensor = self.get_submodule(name)(x)
            return value.view(rows, length, self.heads, dim // self.heads).transpose(1, 2)

        mixed = attend(heads("attn_q"), heads("attn_k"), heads("attn_v"), mask)
        mixed = self.get_submodule("attn_output")(mixed.transpose(1, 2).reshape(rows, length, dim))
        x = self.attn_output_norm(x + mixed)
        inner = F.gelu(self.ffn_up(x), approximate="tanh")  # as ggml computes it
        out: Tensor = self.layer_output_norm(x + self.ffn_down(inner))
        return out


class Encoder(nn.Module):
    """Token ids to one vector of length 1: the mean of the last states, scaled."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.dim)
        self.position_embd = nn.Embedding(shape.context, shape.dim)
        self.token_types = nn.Embedding(2, shape.dim)
        self.token_embd_norm = nn.LayerNorm(shape.dim, shape.eps)
        self.blk = nn.ModuleList(EncoderBlock(shape) for _ in range(shape.layers))

    def states(self, ids: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """ids (n, t) int64, padded behind; lengths (n,) -> last states (n, t, dim), which count (n, t)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        there = places < lengths[:, None]
        x = self.token_embd(ids) + self.position_embd(places) + self.token_types.weight[0]
        x = self.token_embd_norm(x)
        for block in self.blk:
            x = block(x, there[:, None, None, :])
        return x, there

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """As `states` -> encodings (n, dim)."""
        x, there = self.states(ids, lengths)
        pooled = (x * there[..., None]).sum(1) / lengths[:, None]
        return F.normalize(pooled, dim=-1)


class LabelModel(nn.Module):
    """Encoder, reader over its states, and the two numbers with which label vectors are made (pawc.heads)."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.reader = Reader(shape.dim)
        self.log_scale = nn.Parameter(torch.tensor(math.log(14.0)))
        self.example_weight = nn.Parameter(torch.tensor(0.8))

    def odds(self, labels: Tensor, shown: Tensor, places: Tensor, records: Tensor) -> Tensor:
        """Log-odds (r, n) of encoded records (r, d) over encoded labels (n, d), given encoded examples
        (e, d) of the labels `places` (e,). As pawc.heads.combine and pawrun.encoder have it."""
        if len(shown):
            own = F.one_hot(places, len(labels)).to(shown.dtype)
            labels = labels + self.example_weight * (own.T @ shown) / own.sum(0).clamp_min(1)[:, None]
        return records @ F.normalize(labels, dim=-1).T * self.log_scale.exp()


def load_public(encoder: Encoder, share: float = 1.0) -> None:
    """Fill in all-MiniLM-L6-v2 (Apache-2.0), or go only `share` of the way there from what `encoder` holds:
    weights between a model and what was made of it know more of what neither has met (Wortsman et al. 2022,
    WiSE-FT). Raises PawError `no-teacher` if its package isn't there."""
    state = {}
    for name, tensor in load_file(model_folder() / "model.safetensors").items():
        module, kind = name.rsplit(".", 1)
        if module in _OUTER:
            state[f"{_OUTER[module]}.{kind}"] = tensor
        elif module.startswith("encoder.layer."):
            _, _, layer, inner = module.split(".", 3)
            state[f"blk.{layer}.{_INNER[inner]}.{kind}"] = tensor
    held = encoder.state_dict()
    encoder.load_state_dict({name: held[name].lerp(tensor, share) for name, tensor in state.items()})
