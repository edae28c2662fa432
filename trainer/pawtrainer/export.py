"""Weights to files that the toolchain reads: base and compiler LM as GGUF, mapper, target file.

Tensors come in under their GGUF names (the torch modules are named alike), as float32 numpy arrays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

from pawc.reader import LORA

from .encoder import EncoderShape
from .shape import END, INPUT, MODULES, OUTPUT, PROGRAM, SPEC, SPECIALS, TAU_IDS, MapperShape, Shape

Tensors = Mapping[str, npt.NDArray[np.float32]]
Modules = Mapping[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]
#: How the LoRA of a reader is stored.
LORA_KIND = "Q4_0"


@dataclass(frozen=True)
class Vocabulary:
    """A byte-level BPE: `tokens` in id order (specials first, in GPT-2's printable byte alphabet),
    `merges` as "left right" in rank order."""

    tokens: tuple[str, ...]
    merges: tuple[str, ...]


def quantise(
    tensor: npt.NDArray[np.float32], kind: str
) -> tuple[npt.NDArray[np.uint8], gguf.GGMLQuantizationType]:
    """Bytes and type of a tensor; vectors and rows that blocks of 32 don't divide stay F32."""
    quant = gguf.GGMLQuantizationType[kind]
    if tensor.ndim < 2 or (quant != gguf.GGMLQuantizationType.F16 and tensor.shape[-1] % 32):
        quant = gguf.GGMLQuantizationType.F32
    return gguf.quants.quantize(np.ascontiguousarray(tensor), quant), quant


def _write(writer: gguf.GGUFWriter, tensors: Tensors, kind: str, f32: tuple[str, ...] = ()) -> None:
    for name, tensor in tensors.items():
        own = LORA_KIND if name.startswith(LORA) else kind
        data, quant = quantise(tensor, "F32" if name.endswith(f32) else own)
        writer.add_tensor(name, data, raw_shape=data.shape, raw_dtype=quant)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_base(
    path: Path, shape: Shape, vocabulary: Vocabulary, tensors: Tensors, kind: str = "Q8_0"
) -> None:
    """Write a decoder as the GGUF that llama.cpp's graph of its architecture runs; norms stay F32.

    The pre-tokeniser is llama.cpp's "qwen2": letters, single digits, punctuation, as in
    `tokenizer.SPLITS`. Quantising embeddings is safe: `output` is tied to them.
    """
    if len(vocabulary.tokens) != shape.vocab:
        raise ValueError(f"{len(vocabulary.tokens)} tokens for a vocabulary of {shape.vocab}")
    writer = gguf.GGUFWriter(path, shape.architecture)
    writer.add_name(path.stem)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.dim)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head_dim)
    writer.add_value_length(shape.head_dim)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_layer_norm_rms_eps(shape.eps)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(list(vocabulary.tokens))
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if token in SPECIALS else normal for token in vocabulary.tokens])
    writer.add_token_merges(list(vocabulary.merges))
    writer.add_eos_token_id(vocabulary.tokens.index(END))
    writer.add_pad_token_id(vocabulary.tokens.index(END))
    writer.add_add_bos_token(False)
    _write(writer, tensors, kind, f32=("norm.weight",))


def write_encoder(
    path: Path, shape: EncoderShape, pieces: tuple[str, ...], tensors: Tensors, kind: str = "Q8_0"
) -> None:
    """Write a BERT as the GGUF that llama.cpp's `bert` graph runs, mean pooling declared.

    `pieces` is the word-piece vocabulary in id order. llama.cpp marks the start of a word where BERT
    marks its continuation. Norms, biases, positions and token types stay F32.
    """
    special = {piece for piece in pieces if len(piece) > 2 and piece[0] == "[" and piece[-1] == "]"}
    control = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}

    def spelled(piece: str) -> str:
        if piece in special:
            return piece
        return piece[2:] if piece.startswith("##") else "\u2581" + piece

    def token_type(piece: str) -> gguf.TokenType:
        if piece in control:
            return gguf.TokenType.CONTROL
        return gguf.TokenType.UNUSED if piece in special else gguf.TokenType.NORMAL

    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name(path.stem)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.dim)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_eps(shape.eps)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_token_type_count(2)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([spelled(piece) for piece in pieces])
    writer.add_token_types([token_type(piece) for piece in pieces])
    writer.add_bos_token_id(pieces.index("[CLS]"))
    writer.add_eos_token_id(pieces.index("[SEP]"))
    writer.add_sep_token_id(pieces.index("[SEP]"))
    writer.add_unk_token_id(pieces.index("[UNK]"))
    writer.add_pad_token_id(pieces.index("[PAD]"))
    writer.add_mask_token_id(pieces.index("[MASK]"))
    plain = ("norm.weight", ".bias", "position_embd.weight", "token_types.weight")
    _write(writer, tensors, kind, f32=plain)


def write_mapper(path: Path, shape: Shape, mapper: MapperShape, tensors: Tensors, kind: str = "F16") -> None:
    """Write the mapper (formats/target.md): tensors under their torch names, biases F32."""
    writer = gguf.GGUFWriter(path, "paw-mapper")
    writer.add_uint32("paw.mapper.version", 1)
    writer.add_uint32("paw.mapper.rank", mapper.rank)
    writer.add_float32("paw.mapper.alpha", mapper.alpha)
    writer.add_uint32("paw.mapper.layers", shape.layers)
    writer.add_uint32("paw.mapper.bases", mapper.bases)
    writer.add_uint32("paw.mapper.blocks", mapper.blocks)
    writer.add_array("paw.mapper.modules", list(MODULES))
    _write(writer, tensors, kind, f32=(".bias",))


def write_reader(path: Path, tensors: Tensors, kind: str = "F16", lora: Modules | None = None) -> None:
    """Write the reader of a label target (formats/target.md §6), with the LoRA that its encoder wears, if it
    wears one; vectors and tables of looks stay F32."""
    writer = gguf.GGUFWriter(path, "paw-reader")
    writer.add_uint32("paw.reader.version", 2 if lora else 1)
    for name, pair in (lora or {}).items():
        tensors = {**tensors, f"{LORA}{name}.a": pair[0], f"{LORA}{name}.b": pair[1]}
    plain = (".bias", "norm1.weight", "norm2.weight", "norm3.weight", "shape.weight", "edges.weight")
    _write(writer, tensors, kind, f32=(*plain, "count.weight", "length.weight", "shown"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _interpreter(name: str, architecture: str, base: Path, context: int) -> str:
    """The table of a target file that names its base."""
    return f"""[interpreter]
name = "{name}"
architecture = "{architecture}"
file = "{base.name}"
sha256 = "{sha256(base)}"
size = {base.stat().st_size}
context = {context}
"""


@dataclass(frozen=True)
class Spelled:
    """The tokens of a target file, spelled as its base does (shape.Marks has their ids)."""

    end: str = END
    spec: str = SPEC
    program: str = PROGRAM
    input: str = INPUT
    output: str = OUTPUT


def write_target(
    path: Path, name: str, base: Path, shape: Shape, rank: int, alpha: float, spelled: Spelled = Spelled()
) -> None:
    """Write the target file of a decoder without a compiler, which can be prompted and no more."""
    modules = ", ".join(f'"{module}"' for module in MODULES)
    path.write_text(
        f"""format = 1
name = "{name}"
pseudo_compiler = "template"

{_interpreter(name, shape.architecture, base, shape.context)}
[prompt]
before = "{spelled.program}"
after = "{spelled.input}"
suffix = "{spelled.output}"
end = "{spelled.end}"

[adapter]
kind = "lora"
rank = {rank}
alpha = {alpha}
layers = {shape.layers}
modules = [{modules}]
""",
        encoding="utf-8",
    )


def add_compiler(
    path: Path, snapshot: str, tau: Sequence[int] = TAU_IDS, spelled: Spelled = Spelled()
) -> None:
    """Name in a target file of `write_target` the compiler beside it: `mapper.gguf` and, if the compiler LM
    is not the base itself, `compiler.gguf`."""
    lm, mapper = path.with_name("compiler.gguf"), path.with_name("mapper.gguf")
    own = f'lm = "{lm.name}"\nlm_sha256 = "{sha256(lm)}"\n' if lm.exists() else ""
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f"""
[compiler]
snapshot = "{snapshot}"
{own}mapper = "{mapper.name}"
mapper_sha256 = "{sha256(mapper)}"
tau = {list(tau)}
spec_token = "{spelled.spec}"
program_token = "{spelled.program}"
"""
        )


def write_label_target(
    path: Path, name: str, snapshot: str, base: Path, context: int, scale: float, example_weight: float
) -> None:
    """Write the target file of an encoder, which is its own compiler LM, beside its `reader.gguf`."""
    lm = os.path.relpath(base, path.parent)
    path.write_text(
        f"""format = 1
name = "{name}"
pseudo_compiler = "template"

{_interpreter(name, "bert", base, context)}
[prompt]
before = "[CLS]"
suffix = "[SEP]"

[adapter]
kind = "head"

[compiler]
snapshot = "{snapshot}"
lm = "{lm}"
lm_sha256 = "{sha256(base)}"
reader = "reader.gguf"
reader_sha256 = "{sha256(path.with_name("reader.gguf"))}"
scale = {scale!r}
example_weight = {example_weight!r}
""",
        encoding="utf-8",
    )


def add_joint(path: Path, numbers: Mapping[str, float], scale: float) -> None:
    """Name in a target file of `write_label_target` the LoRA beside it, `joint.gguf`, with the numbers of
    joint reading: the target is then one of format 2."""
    digest = sha256(path.with_name("joint.gguf"))
    rows = {"file": '"joint.gguf"', "sha256": f'"{digest}"', **numbers, "scale": scale}
    table = "".join(f"{key} = {value}\n" for key, value in rows.items())
    text = path.read_text(encoding="utf-8").replace("format = 1\n", "format = 2\n", 1)
    path.write_text(f"{text}\n[joint]\n{table}", encoding="utf-8")
