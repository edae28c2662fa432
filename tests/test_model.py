"""torch, numpy and llama.cpp agree on the same weights: the most valuable test in the repository."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from pawformats import adapter as adapters
from pawformats.values import Adapter
from pawllama.context import Context, hidden_states
from pawllama.model import Model
from pawtrainer import restart
from pawtrainer.export import write_base, write_mapper
from pawtrainer.model import Decoder, Mapper
from pawtrainer.shape import ARCHITECTURES, Shape
from pawtrainer.tokenizer import plain, train, vocabulary

from pawc import mapper as mappers

SHAPES = {kind: replace(tiny.SHAPE, architecture=kind) for kind in ARCHITECTURES}


def decoder(shape: Shape) -> Decoder:
    model = Decoder(shape)
    rng = np.random.default_rng(3)
    weights = tiny.random_decoder(rng, shape)
    model.load_state_dict({name: torch.from_numpy(t) for name, t in weights.items()})
    return model


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_hidden_states_agree_with_llama_cpp(tmp_path: Path, kind: str) -> None:
    """F32 weights: at most 1e-3 apart on states of unit variance; and what was written is read back."""
    model = decoder(SHAPES[kind])
    tensors = {name: t.detach().numpy() for name, t in model.state_dict().items()}
    write_base(tmp_path / "lm.gguf", SHAPES[kind], tiny.vocabulary(), tensors, "F32")
    back = restart.decoder(tmp_path / "lm.gguf")
    assert back.shape == replace(SHAPES[kind], eps=back.shape.eps)
    assert all(torch.equal(value, back.state_dict()[name]) for name, value in model.state_dict().items())
    tokens = [1, *range(40, 100, 3), *range(5, 13)]
    with Model(tmp_path / "lm.gguf", extra_buffers=False) as lm:
        ours = hidden_states(lm, tokens)
    count = len(tokens)
    mask = torch.ones(count, count, dtype=torch.bool).tril()[None, None]
    with torch.no_grad():
        theirs = model(torch.tensor([tokens]), torch.arange(count)[None], mask)[0].numpy()
    assert theirs.std() == pytest.approx(1, abs=0.2)
    assert np.abs(ours - theirs).max() < 1e-3


@pytest.mark.parametrize("kind", ARCHITECTURES)
@pytest.mark.parametrize(("quant", "tolerance"), [("f32", 2e-3), ("q4_0", 0.15)])
def test_an_adapter_does_in_llama_cpp_what_it_does_in_torch(
    tmp_path: Path, quant: str, tolerance: float, kind: str
) -> None:
    """From mapper through adapter GGUF to hidden states of unit variance, F32 base and cache.

    With F32 numbers the paths agree to 2e-3; Q4_0 against torch with the same dequantised matrices
    leaves what llama.cpp's rounding of activations to Q8_0 costs.
    """
    torch.manual_seed(2)
    model, module = decoder(SHAPES[kind]), Mapper(tiny.SHAPE, tiny.MAPPER)
    with torch.no_grad():
        module.head.bias.normal_(std=0.3)
        lora = module(torch.randn(1, 8, tiny.SHAPE.dim))
    scale = tiny.MAPPER.alpha / tiny.MAPPER.rank
    modules = {
        f"blk.{layer}.{name}": (a[0, layer].numpy(), b[0, layer].numpy() / scale)
        for name, (a, b) in lora.items()
        for layer in range(tiny.SHAPE.layers)
    }
    data = adapters.to_gguf(Adapter("tiny", kind, tiny.MAPPER.rank, tiny.MAPPER.alpha, modules), quant)
    back = adapters.from_gguf(data)
    layers = range(tiny.SHAPE.layers)
    used = {}
    for name in lora:
        a, b = (np.stack([back.modules[f"blk.{i}.{name}"][side] for i in layers])[None] for side in (0, 1))
        used[name] = (torch.from_numpy(a), torch.from_numpy(b) * scale)
    tensors = {name: t.detach().numpy() for name, t in model.state_dict().items()}
    write_base(tmp_path / "base.gguf", SHAPES[kind], tiny.vocabulary(), tensors, "F32")
    tokens = [2, *range(30, 90, 2)]
    count = len(tokens)
    with Model(tmp_path / "base.gguf", extra_buffers=False) as base:
        with Context(base, pool=count, hidden=True) as context:
            plain = context.states(tokens)
        with Context(base, pool=count, hidden=True) as context:
            context.adapt(base.adapter(data))
            ours = context.states(tokens)
    mask = torch.ones(count, count, dtype=torch.bool).tril()[None, None]
    with torch.no_grad():
        theirs = model(torch.tensor([tokens]), torch.arange(count)[None], mask, used)[0].numpy()
    assert np.abs(plain - theirs).max() > 1  # the adapter matters
    assert np.abs(ours - theirs).max() < tolerance


def test_the_numpy_mapper_is_the_torch_mapper(tmp_path: Path) -> None:
    torch.manual_seed(1)
    module = Mapper(tiny.SHAPE, tiny.MAPPER)
    with torch.no_grad():
        module.head.bias.normal_()
    tensors = {name: t.detach().numpy() for name, t in module.state_dict().items()}
    write_mapper(tmp_path / "mapper.gguf", tiny.SHAPE, tiny.MAPPER, tensors, "F32")
    states = torch.randn(8, tiny.SHAPE.dim)
    ours = mappers.apply(mappers.load(str(tmp_path / "mapper.gguf")), states.numpy())
    with torch.no_grad():
        theirs = module(states[None])
    for name, pair in ours.items():
        _, layer, part = name.split(".")
        for mine, other in zip(pair, theirs[part], strict=True):
            assert np.abs(mine - other[0, int(layer)].numpy()).max() < 1e-4


def test_the_tokeniser_is_the_one_llama_cpp_runs(tmp_path: Path) -> None:
    import dataclasses

    texts = [
        "ERROR 404: it's gone\n",
        "Route the ticket, please  now.",
        '{"a": [1, 22]}',
        "naïve — 東京 <|end|>\r\n\t",
    ]
    tokenizer = train(texts * 4, 320)
    words = vocabulary(tokenizer)
    shape = dataclasses.replace(tiny.SHAPE, vocab=len(words.tokens))
    weights = tiny.random_decoder(np.random.default_rng(0), shape)
    write_base(tmp_path / "b.gguf", shape, words, weights)
    with Model(tmp_path / "b.gguf", extra_buffers=False) as lm:
        for text in [*texts, "12345 x  y\n\n z", "I'LL don't"]:
            assert lm.tokenize(text, special=False) == plain(tokenizer).encode(text).ids
            assert lm.detokenize(lm.tokenize(text, special=False)) == text.encode()
