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

from . import encoder, export, tokenizer
from .model import Decoder
from .shape import ARCHITECTURES, TAU_COUNT, Marks, Shape

_CONTROL = 3  # llama_token_attr's number of it in a GGUF


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


class _Fields:
    """What a GGUF says of itself."""

    def __init__(self, path: Path) -> None:
        import gguf

        self._path, self._reader = path, gguf.GGUFReader(path)

    def __call__(self, *keys: str) -> Any:
        """The value of the first of the keys that is there. Raises PawError `start-unfit` if none is."""
        for key in keys:
            if (field := self._reader.get_field(key)) is not None:
                return field.contents()
        raise PawError("start-unfit", f"{self._path} lacks {keys[0]}")


def words(path: Path) -> Tokenizer:
    """The byte-level BPE of a base. Raises PawError `start-unfit` if it splits text as none does here."""
    fields = _Fields(path)
    pre = fields("tokenizer.ggml.pre")
    if pre not in tokenizer.SPLITS:
        raise PawError("start-unfit", f"{path} has the pre-tokeniser {pre!r}, which is unknown here")
    made: dict[str, Any] = json.loads(tokenizer.untrained(pre).to_str())
    vocab = {str(token): index for index, token in enumerate(fields("tokenizer.ggml.tokens"))}
    merges = [str(merge).split(" ") for merge in fields("tokenizer.ggml.merges")]
    made["model"] |= {"vocab": vocab, "merges": merges}
    return Tokenizer.from_str(json.dumps(made))


def marks(released: Target) -> Marks:
    """The token ids of what a target's compiler and interpreter read between the texts. For a target without
    a compiler the prefix is the base's first control tokens that mark nothing else.

    Raises PawError `start-unfit` unless each is one token of the base's vocabulary.
    """
    path = base(released)
    fields = _Fields(path)
    tokens: list[str] = fields("tokenizer.ggml.tokens")
    ids = {}
    for name, token in vars(spelled(released)).items():
        if token not in tokens:
            raise PawError("start-unfit", f"what marks the {name}, {token!r}, is no token of {path}")
        ids[name] = tokens.index(token)
    kinds, taken = fields("tokenizer.ggml.token_type"), {0, *ids.values()}
    spare = [index for index, kind in enumerate(kinds) if kind == _CONTROL and index not in taken]
    return Marks(**ids, tau=released.tau or tuple(spare[:TAU_COUNT]))


def spelled(released: Target) -> export.Spelled:
    """The tokens that mark the parts of what a target reads."""
    prompt, end = released.prompt, released.end_token
    spec = released.spec_token or prompt.before
    return export.Spelled(end, spec, prompt.before, prompt.after, prompt.suffix)


def decoder(path: Path) -> Decoder:
    """A base with its weights, frozen. Raises PawError `start-unfit` for one that is no such decoder."""
    fields, found = _Fields(path), tensors(path)
    kind = fields("general.architecture")
    if kind not in ARCHITECTURES or "output.weight" in found:
        known = " or ".join(ARCHITECTURES)
        raise PawError("start-unfit", f"{path} is no decoder of {known} with tied embeddings")
    vocab, dim = found["token_embd.weight"].shape
    heads = fields(f"{kind}.attention.head_count")
    shape = Shape(
        vocab=vocab,
        dim=dim,
        layers=fields(f"{kind}.block_count"),
        heads=heads,
        kv_heads=fields(f"{kind}.attention.head_count_kv"),
        head_dim=fields(f"{kind}.attention.key_length", f"{kind}.rope.dimension_count"),
        ffn=fields(f"{kind}.feed_forward_length"),
        context=fields(f"{kind}.context_length"),
        rope_theta=fields(f"{kind}.rope.freq_base"),
        eps=fields(f"{kind}.attention.layer_norm_rms_epsilon"),
        architecture=kind,
    )
    model = Decoder(shape)
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
