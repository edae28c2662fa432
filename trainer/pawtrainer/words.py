"""The word pieces of the public encoder, which label targets keep."""

from __future__ import annotations

from tokenizers import Tokenizer

from .teacher import model_folder

CLS, SEP = "[CLS]", "[SEP]"


def tokenizer() -> Tokenizer:
    """Nothing added, nothing cut."""
    words = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    words.no_padding()
    words.no_truncation()
    return words


def token_id(words: Tokenizer, token: str) -> int:
    """Of a token that the vocabulary has."""
    found = words.token_to_id(token)
    if found is None:
        raise ValueError(f"no token {token}")
    return found
