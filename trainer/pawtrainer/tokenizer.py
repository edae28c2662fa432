"""Byte-level BPE: training, loading, and the vocabulary that goes into a GGUF."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from .export import Vocabulary
from .shape import SPECIALS

#: llama.cpp's pre-tokenisers that are known here, as the patterns that each splits by, one after the other.
#: "qwen2", which vocabularies that are trained here have: contractions, words, single digits, punctuation,
#: white space. "smollm": digits, then the words of GPT-2.
SPLITS = {
    "qwen2": (
        r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "smollm": (r"\p{N}", r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
}


def untrained(pre: str = "qwen2") -> Tokenizer:
    """How text is split, without a vocabulary."""
    tokenizer = Tokenizer(models.BPE())
    splits = [pre_tokenizers.Split(Regex(pattern), behavior="isolated") for pattern in SPLITS[pre]]
    bytes_of = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*splits, bytes_of])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def train(texts: Iterable[str], size: int) -> Tokenizer:
    """Learn a vocabulary of exactly `size` tokens, special tokens and all 256 bytes included."""
    tokenizer = untrained()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return plain(tokenizer)


def plain(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer with special tokens no longer recognised in text (llama.cpp's
    `parse_special=false`): a record can't forge a control token. Their ids stay."""
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = []
    return Tokenizer.from_str(json.dumps(content))


def load(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def vocabulary(tokenizer: Tokenizer) -> Vocabulary:
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    merges = tuple(m if isinstance(m, str) else " ".join(m) for m in model["merges"])
    return Vocabulary(tuple(tokens), merges)
