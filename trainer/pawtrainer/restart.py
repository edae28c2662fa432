"""Going on from a released target: its files back to weights and vocabulary.

Releases are quantised and carry no optimiser state: this is a new run from a good start, not a resumed one.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pawformats.errors import PawError
from pawformats.values import Target
from pawllama import bases
from tokenizers import Tokenizer
from torch import Tensor, nn

from pawc import targets
from pawc.reader import LORA

from . import encoder, tokenizer
from .model import Decoder
from .shape import Shape


def target(name: str) -> Target:
    """The released target that a recipe's `start` names. Raises PawError if there is none."""
    return targets.find(name)


def base(released: Target) -> Path:
    return bases.find(released.base)


def tensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of a GGUF, as float32."""
    import gguf  # here: a machine that only trains may lack it

    return {
        tensor.name: torch.from_numpy(
            np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type), np.float32)
        )
        for tensor in gguf.GGUFReader(path).tensors
    }


def words(path: Path) -> Tokenizer:
    """The byte-level BPE of a base."""
    import gguf

    reader = gguf.GGUFReader(path)

    def strings(key: str) -> list[str]:
        field = reader.get_field(f"tokenizer.ggml.{key}")
        if field is None:
            raise PawError("start-unfit", f"{path} lacks tokenizer.ggml.{key}")
        return [str(item) for item in field.contents()]

    empty: dict[str, Any] = json.loads(tokenizer.untrained().to_str())
    empty["model"]["vocab"] = {token: index for index, token in enumerate(strings("tokens"))}
    empty["model"]["merges"] = [merge.split(" ") for merge in strings("merges")]
    return Tokenizer.from_str(json.dumps(empty))


def decoder(path: Path) -> Decoder:
    """A base with its weights, frozen."""
    import gguf

    reader = gguf.GGUFReader(path)

    def number(key: str) -> Any:
        field = reader.get_field(f"qwen3.{key}")
        if field is None:
            raise PawError("start-unfit", f"{path} lacks qwen3.{key}")
        return field.contents()

    found = tensors(path)
    vocab, dim = found["token_embd.weight"].shape
    model = Decoder(
        Shape(
            vocab=vocab,
            dim=dim,
            layers=number("block_count"),
            heads=number("attention.head_count"),
            kv_heads=number("attention.head_count_kv"),
            head_dim=number("attention.key_length"),
            ffn=number("feed_forward_length"),
            context=number("context_length"),
            rope_theta=number("rope.freq_base"),
            eps=number("attention.layer_norm_rms_epsilon"),
        )
    )
    fill(model, found, path)
    return model.requires_grad_(False)


def fill(module: nn.Module, found: dict[str, Tensor], what: Path) -> None:
    """Load weights. Raises PawError `start-unfit` unless names and shapes are the recipe's."""
    try:
        module.load_state_dict(found)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise PawError("start-unfit", f"{what} does not have the recipe's shape: {reason}") from error


def reader(released: Target) -> dict[str, Tensor]:
    """The weights of a label target's reader, without its encoder's LoRA; none if it has no reader."""
    every = tensors(Path(released.reader_path)) if released.reader_path is not None else {}
    return {name: value for name, value in every.items() if not name.startswith(LORA)}


def reader_lora(released: Target) -> dict[str, tuple[Tensor, Tensor]]:
    """A and B of each map that the reader's encoder wears, under llama.cpp's name of it; empty if none."""
    every = tensors(Path(released.reader_path)) if released.reader_path is not None else {}
    names = [name[len(LORA) : -2] for name in every if name.startswith(LORA) and name.endswith(".a")]
    return {name: (every[f"{LORA}{name}.a"], every[f"{LORA}{name}.b"]) for name in names}


def fill_labels(model: encoder.LabelModel, released: Target) -> None:
    """A label target's encoder, its reader, where it has one, and its two numbers."""
    path = base(released)
    fill(model.encoder, tensors(path), path)
    if released.reader_path is not None:
        fill(model.reader, reader(released), Path(released.reader_path))
    with torch.no_grad():
        model.log_scale.fill_(math.log(released.scale))
        model.example_weight.fill_(released.example_weight)
