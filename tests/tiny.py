"""A real but tiny and random interpreter, compiler LM and mapper, for tests that need all the files.

Answers are nonsense; shapes, bytes, flow and exit codes are real.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from pawformats import adapter
from pawformats.values import Adapter
from pawtrainer.encoder import EncoderShape, LabelModel
from pawtrainer.export import (
    Tensors,
    Vocabulary,
    add_compiler,
    write_base,
    write_encoder,
    write_label_target,
    write_mapper,
    write_reader,
    write_target,
)
from pawtrainer.shape import MODULES, SPECIALS, MapperShape, Shape

MAPPER = MapperShape(bases=4, rank=32, alpha=32.0, hidden=32, blocks=1)


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-in for each byte, in byte order."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(spare)) for b in range(256)]


def vocabulary() -> Vocabulary:
    """Specials, the 256 bytes and a few merges, so that words of several tokens exist."""
    words = ["QU", "AL", "ER", "QUI", "re", "in", "Ġt"]
    merges = ["Q U", "A L", "E R", "QU I", "r e", "i n", "Ġ t"]
    return Vocabulary((*SPECIALS, *byte_alphabet(), *words), tuple(merges))


SHAPE = Shape(
    vocab=len(vocabulary().tokens), dim=64, layers=2, heads=2, kv_heads=1, head_dim=32, ffn=96, context=512
)


def random_decoder(rng: np.random.Generator, shape: Shape = SHAPE) -> Tensors:
    """Weights with enough spread that logits have clear maxima."""

    def normal(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) * 1.4 / np.sqrt(size[-1])).astype(np.float32)

    ones = np.ones(shape.dim, np.float32)
    tensors = {"token_embd.weight": normal(shape.vocab, shape.dim) * 4, "output_norm.weight": ones}
    for layer in range(shape.layers):
        for norm in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{norm}.weight"] = ones
        for norm in ("attn_q_norm", "attn_k_norm") if shape.architecture == "qwen3" else ():
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(shape.head_dim, np.float32)
        for module in MODULES:
            size_in, size_out = shape.module_size(module)
            tensors[f"blk.{layer}.{module}.weight"] = normal(size_out, size_in)
    return tensors


def random_mapper(rng: np.random.Generator, shape: Shape = SHAPE, mapper: MapperShape = MAPPER) -> Tensors:
    """A mapper whose adapters are large enough to change answers."""

    def normal(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) / np.sqrt(size[-1])).astype(np.float32)

    width = mapper.hidden
    count = shape.layers * len(MODULES) * 2 * mapper.bases
    tensors = {"enter.weight": normal(width, shape.dim), "enter.bias": normal(width)}
    for block in range(mapper.blocks):
        tensors[f"trunk.{block}.up.weight"] = normal(2 * width, width)
        tensors[f"trunk.{block}.up.bias"] = normal(2 * width)
        tensors[f"trunk.{block}.down.weight"] = normal(width, 2 * width)
        tensors[f"trunk.{block}.down.bias"] = normal(width)
    tensors["head.weight"], tensors["head.bias"] = normal(count, width), normal(count)
    for module in MODULES:
        size_in, size_out = shape.module_size(module)
        tensors[f"basis.{module}.a"] = normal(mapper.bases, mapper.rank, size_in)
        tensors[f"basis.{module}.b"] = normal(mapper.bases, size_out, mapper.rank)
    return tensors


def build(folder: Path, kind: str = "Q8_0") -> Path:
    """Write base.gguf, compiler.gguf, mapper.gguf and target.toml; return the target file."""
    rng = np.random.default_rng(7)
    folder.mkdir(parents=True, exist_ok=True)
    write_base(folder / "base.gguf", SHAPE, vocabulary(), random_decoder(rng), kind)
    write_base(folder / "compiler.gguf", SHAPE, vocabulary(), random_decoder(rng), kind)
    write_mapper(folder / "mapper.gguf", SHAPE, MAPPER, random_mapper(rng))
    write_target(folder / "target.toml", "tiny", folder / "base.gguf", SHAPE, MAPPER.rank, MAPPER.alpha)
    add_compiler(folder / "target.toml", "tiny-0")
    return folder / "target.toml"


ENCODER = EncoderShape(vocab=0, dim=64, layers=2, heads=2, ffn=96, context=64)


def pieces() -> tuple[str, ...]:
    """Word pieces: specials, letters alone and inside a word, and a few words."""
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    words = ["error", "step", "loss", "alert", "quiet", "disk", "full", "all", "##ing"]
    return ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), *words)


def random_label_model(seed: int = 5) -> LabelModel:
    """An encoder with enough spread that encodings of different texts are far apart."""
    torch.manual_seed(seed)
    model = LabelModel(replace(ENCODER, vocab=len(pieces())))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim == 2:
                weight.normal_(std=1.5 * weight.shape[1] ** -0.5)
            elif name.endswith(".bias"):
                weight.normal_(std=0.1)
    return model


def build_label(folder: Path, kind: str = "Q8_0", worn: bool = False) -> Path:
    """Write mini.gguf and the target file of an encoder, whose reader has a LoRA of its own if `worn`; return
    the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    model = random_label_model()
    tensors = {name: t.detach().numpy() for name, t in model.encoder.state_dict().items()}
    write_encoder(folder / "mini.gguf", model.encoder.shape, pieces(), tensors, kind)
    read = {name: t.detach().numpy() for name, t in model.reader.state_dict().items()}
    write_reader(folder / "reader.gguf", read, "F32", random_encoder_lora(seed=8).modules if worn else None)
    base, context = folder / "mini.gguf", ENCODER.context
    write_label_target(folder / "label.toml", "tiny-label", "tiny-label-0", base, context, 14.0, 0.8)
    return folder / "label.toml"


def random_encoder_lora(rank: int = 32, seed: int = 6) -> Adapter:
    """A LoRA for every linear map of the tiny encoder, strong enough to change answers."""
    rng = np.random.default_rng(seed)
    modules = {}
    for name, module in random_label_model().encoder.named_modules():
        if isinstance(module, torch.nn.Linear):
            a = rng.standard_normal((rank, module.in_features)) / np.sqrt(module.in_features)
            b = rng.standard_normal((module.out_features, rank)) / np.sqrt(rank)
            modules[name] = (a.astype(np.float32), 0.5 * b.astype(np.float32))
    return Adapter("tiny-label", "bert", rank, float(rank), modules)


def build_joint(folder: Path, kind: str = "Q8_0", below: float = 0.9) -> Path:
    """As build_label, with a LoRA for joint reading."""
    path = build_label(folder, kind)
    lora = adapter.to_gguf(random_encoder_lora(), "f16")
    (folder / "joint.gguf").write_bytes(lora)
    table = {"file": '"joint.gguf"', "sha256": f'"{hashlib.sha256(lora).hexdigest()}"'}
    table |= {"record": 16, "label": 12, "labels": 36, "scale": 12.0, "weight": 0.6, "below": below}
    text = path.read_text().replace("format = 1", "format = 2")
    path.write_text(text + "\n[joint]\n" + "".join(f"{key} = {value}\n" for key, value in table.items()))
    return path
