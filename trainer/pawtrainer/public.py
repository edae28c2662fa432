"""all-MiniLM-L6-v2 as its authors made it: the bar that a pretrained encoder sets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from pawformats.values import FloatArray
from tokenizers import Tokenizer

from . import encoder, label_tasks, words

#: Padded tokens that go through the encoder together.
_GROUP = 2048


@torch.no_grad()
def encode(texts: Sequence[str]) -> FloatArray:
    """Vectors (n, d) of length 1. Raises PawError `no-teacher` if the encoder's package isn't there."""
    model, pieces = _loaded()
    ends = [words.token_id(pieces, token) for token in (words.CLS, words.SEP)]
    ids = [pieces.encode(text, add_special_tokens=False).ids for text in texts]
    whole = [[ends[0], *one[: model.shape.context - 2], ends[1]] for one in ids]
    made = np.zeros((len(texts), model.shape.dim), np.float32)
    for group in label_tasks.groups(whole, _GROUP):
        made[group] = model(*label_tasks.padded([whole[i] for i in group])).numpy()
    return made


@cache
def _loaded() -> tuple[encoder.Encoder, Tokenizer]:
    model = encoder.Encoder(encoder.EncoderShape())
    encoder.load_public(model)
    return model, words.tokenizer()
