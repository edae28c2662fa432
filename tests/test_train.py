"""Training as a user runs it: a tiny recipe, stopped and continued, released, and its program run."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from pawformats.errors import PawError
from pawtrainer import corpus, machine, muon, overlap, plots, recipes, rivals, rows, steps, tokenizer, train
from pawtrainer.families.base import FAMILIES, Task, draw_task
from pawtrainer.model import Decoder
from pawtrainer.shape import OWN_MARKS, Shape
from safetensors.numpy import load_file

from pawc import targets

ROOT = Path(__file__).parents[1]
RECIPE = ROOT / "trainer" / "recipes" / "tiny.toml"


def pawc(*args: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pawc", *args]
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"} | (env or {})
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)


def read_log(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole run of the tiny recipe, `whole`, and its release."""
    folder = tmp_path_factory.mktemp("trained")
    done = pawc("train", str(RECIPE), "--out", "whole", cwd=folder)
    assert done.returncode == 0, done.stderr
    done = pawc("train", str(RECIPE), "--out", "whole", "--release", ".", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / done.stdout.strip()).samefile(folder / "pawc" / "targets" / "tiny" / "target.toml")
    return folder


def answers(folder: Path, target: str, *options: str) -> set[str]:
    """What a program of a target below `folder` answers: two records, yes or no."""
    (folder / "t.paw").write_text("Say yes or no.\n\nInput: a\nOutput: yes\n")
    done = pawc("--target", f"pawc/targets/{target}/target.toml", *options, "t.paw", cwd=folder)
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "pawrun", "--base", f"pawrun/bases/{target}.gguf", "t.pawbin"]
    ran = subprocess.run(command, cwd=folder, input="x\ny\n", capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and len(ran.stdout.splitlines()) == 2, ran.stderr
    return set(ran.stdout.split())


@pytest.mark.slow
def test_a_run_that_was_stopped_ends_as_one_that_was_not(trained: Path, tmp_path: Path) -> None:
    refused = pawc("train", str(RECIPE), "--out", "whole", cwd=trained)
    assert refused.returncode == 2 and "--resume" in refused.stderr

    # stop after stage 1 has its checkpoint: the second stage is done again, from the same seed
    shutil.copytree(trained / "whole", tmp_path / "again")
    shutil.rmtree(tmp_path / "again" / "stage2")
    done = pawc("train", str(RECIPE), "--out", "again", "--resume", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first, second = (
        (run / "stage2" / "weights.safetensors").read_bytes()
        for run in (trained / "whole", tmp_path / "again")
    )
    assert first == second
    log = read_log(trained / "whole")
    assert {row["stage"] for row in log} == {"stage1", "stage2"} and all(row["loss"] > 0 for row in log)
    assert answers(trained, "tiny") <= {"yes", "no"}


def test_a_mix_of_nothing_that_is_there_is_refused(tmp_path: Path) -> None:
    recipe = (ROOT / "trainer" / "recipes" / "nano-plain.toml").read_text()
    (tmp_path / "plain.toml").write_text(recipe)
    done = pawc("train", "plain.toml", cwd=tmp_path)
    assert done.returncode == 2 and "--data" in done.stderr and not (tmp_path / "runs").exists(), done.stderr


@pytest.mark.slow
def test_a_run_that_starts_from_a_release(trained: Path, tmp_path: Path) -> None:
    """It has the same vocabulary, and weights no further off than rounding."""
    more = tmp_path / "more.toml"
    more.write_text(f'start = "{trained / "pawc/targets/tiny/target.toml"}"\n' + RECIPE.read_text())
    bases = {"PAW_BASE_PATH": str(trained / "pawrun" / "bases")}
    done = pawc("train", str(more), "--out", "more", "--dry-run", cwd=tmp_path, env=bases)
    assert done.returncode == 0, done.stderr
    for kind in ("vocab", "merges"):
        old, new = (
            json.loads((run / "tokenizer.json").read_text())["model"][kind]
            for run in (trained / "whole", tmp_path / "more")
        )
        assert old == new
    log = read_log(tmp_path / "more")
    begun = {row["stage"]: row["loss"] for row in reversed(log)}
    first = {row["stage"]: row["loss"] for row in reversed(read_log(trained / "whole"))}
    assert begun["stage1"] < first["stage1"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", rivals.KINDS)
def test_a_rival_is_trained_and_released(trained: Path, kind: str) -> None:
    """It starts at the released base or from nothing, goes on where it was stopped, and can be prompted."""
    folder, name = trained, f"rival-{kind}"
    shape = RECIPE.read_text()[RECIPE.read_text().index("[shape]") :].partition("[mapper]")[0]
    (folder / f"{name}.toml").write_text(
        f'''name = "{name}"
seed = 1
vocabulary = 512
start = "{folder / "pawc/targets/tiny/target.toml"}"
{shape}
[mix]
families = 1.0

[rival]
kind = "{kind}"
rank = 8
steps = 6
rows = 4
length = 320
source_length = 448
predictions = 512
rate = 1e-2
compile = false
'''
    )
    bases = {"PAW_BASE_PATH": str(folder / "pawrun" / "bases")}
    recipe = (f"{name}.toml", "--out", name)
    for options in (("--dry-run",), ("--resume",)):
        done = pawc("train", *recipe, *options, cwd=folder, env=bases)
        assert done.returncode == 0, done.stderr
    facts = json.loads((folder / name / "rival" / "facts.json").read_text())
    assert facts == {"step": 6, "tokens": 6 * 4 * 320, "stage": "rival"}
    done = pawc("train", *recipe, "--release", ".", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert answers(folder, name, "-O0") <= {"yes", "no"}
    weights = load_file(folder / name / "rival" / "weights.safetensors")
    with_lora = rivals.merged(weights, {"kind": kind})
    moved = {one for one in with_lora if not np.array_equal(with_lora[one], weights[f"base.{one}"])}
    assert len(moved) == (14 if kind == "lora" else 0)
    started = train.restart.decoder(folder / "pawrun" / "bases" / "tiny.gguf").state_dict()
    same = {one for one in with_lora if np.array_equal(with_lora[one], started[one].numpy())}
    assert ("token_embd.weight" in same) == (kind == "lora")


@pytest.mark.slow
def test_a_run_ends_with_its_minutes_and_goes_on(tmp_path: Path) -> None:
    for step in (1, 2):
        done = pawc("train", str(RECIPE), "--out", "short", "--resume", "--minutes", "1e-6", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        facts = json.loads((tmp_path / "short" / "stage1" / "facts.json").read_text())
        assert facts["step"] == step and not (tmp_path / "short" / "stage2").exists()


def test_numbers_that_nobody_has_are_refused() -> None:
    with pytest.raises(PawError) as caught:
        machine.precision({"precision": "float8"})
    assert caught.value.kind == "recipe-value" and "bfloat16" in caught.value.message


def test_bfloat16_rounds_products_and_keeps_weights() -> None:
    torch.manual_seed(0)
    layer, x = torch.nn.Linear(64, 64), torch.randn(8, 64)
    with machine.precision({"precision": "bfloat16"})():
        rounded = layer(x)
    with machine.precision({})():
        exact = layer(x)
    assert layer.weight.dtype == exact.dtype == torch.float32
    assert 0 < float((rounded.float() - exact).abs().max().detach()) < 0.05


@pytest.mark.parametrize("numbers", [torch.float32, torch.bfloat16])
def test_muon_steps_are_orthogonal_in_either_precision(numbers: torch.dtype) -> None:
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.zeros(48, 32))
    weight.grad = torch.randn(48, 32)
    muon.Muon([weight], lr=1.0, numbers=numbers).step()
    assert weight.dtype == torch.float32
    sizes = torch.linalg.svdvals(weight.detach()) / (0.2 * 48**0.5)
    assert float(sizes.min()) > 0.6 and float(sizes.max()) < 1.3


@pytest.mark.parametrize("suffix", ["", ".xz", ".zst"])
def test_data_files_may_be_compressed(tmp_path: Path, suffix: str) -> None:
    import lzma

    import zstandard

    pack = {"": bytes, ".xz": lzma.compress, ".zst": zstandard.compress}[suffix]
    (tmp_path / f"text.jsonl{suffix}").write_bytes(pack('{"text": "naïve"}\n{"text": "two"}\n'.encode()))
    assert corpus.texts(tmp_path) == ["naïve", "two"]
    assert corpus.texts(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("rate = 3e-3\n", "", "recipe-field", "lacks stage1.rate"),
        ("seed = 1\n", "", "recipe-field", "lacks seed"),
        ("drop = 0.15", "dorp = 0.15\ndrop = 0.15", "recipe-key", "stage2.dorp is no key of a recipe"),
        ("dim = 64", "dim = 64.0", "recipe-value", "shape.dim must be an integer"),
        ("vocabulary = 512", "vocabulary = true", "recipe-value", "vocabulary must be an integer"),
        ("families = 1.0", 'families = "all"', "recipe-value", "mix.families must be a number"),
        ("[mapper]", "[mapper", "recipe-syntax", "line"),
    ],
)
def test_what_is_wrong_with_a_recipe(tmp_path: Path, old: str, new: str, kind: str, said: str) -> None:
    text = RECIPE.read_text()
    assert old in text
    (tmp_path / "r.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(PawError) as caught:
        recipes.read_recipe(tmp_path / "r.toml")
    assert caught.value.kind == kind and said in caught.value.message
    assert (caught.value.hint is not None) == (kind == "recipe-key")


def test_recipes_are_complete() -> None:
    nano = recipes.shape_of(recipes.read_recipe(RECIPE.with_name("nano-cpu.toml")))
    for path in sorted(RECIPE.parent.glob("*.toml")):
        recipe = recipes.read_recipe(path)
        if "labels" in recipe:
            asked = {
                "steps",
                "functions",
                "records",
                "length",
                "rate",
                "specs",
                "source_length",
                "reader_rate",
                "noise",
            }
            assert asked == recipe["labels"].keys() - {"public", "hold", "rank"}
            continue
        if adapted := recipe.get("joint") or recipe.get("reading"):
            assert adapted["rank"] % 32 == 0
            continue
        if "rival" in recipe:
            assert recipe["rival"]["kind"] in rivals.KINDS and recipes.shape_of(recipe) == nano
            continue
        if "adapter" in recipe:
            adapted, mapper = targets.find(recipe["start"]), recipes.mapper_of(recipe)
            assert (mapper.bases, mapper.rank) == (adapted.layers, adapted.rank) and mapper.rank % 32 == 0
            continue
        shape, mapper = recipes.shapes(recipe)
        assert mapper.rank % 32 == 0 and shape.dim % 32 == 0  # else the adapter could not be Q4_0


@pytest.fixture(scope="module")
def words() -> tokenizer.Tokenizer:
    names = corpus.load_families()
    rng = random.Random(0)
    tasks = [draw_task(rng, FAMILIES[rng.choice(names)], 4) for _ in range(150)]
    return tokenizer.train([text for t in tasks for text in (t.spec, *(x for p in t.pairs for x in p))], 512)


TASK = Task(
    "f",
    "g",
    "Say yes or no.\n\nInput: one\nOutput: yes",
    "label",
    None,
    (("two", "no"), ("three", "yes"), ("four", "no")),
)


def test_a_pair_in_a_row_sees_what_the_runtime_shows_it(words: tokenizer.Tokenizer) -> None:
    """Logits of each pair in a packed row equal those of prefix and pair alone."""
    torch.manual_seed(0)
    model = Decoder(Shape(vocab=512, dim=64, layers=2, heads=2, kv_heads=1, head_dim=32, ffn=96))
    task = rows.encode(words, TASK, 160)
    assert task is not None
    packed = rows.Rows.empty(1, 200)
    rows.place_task(packed, 0, rows.place_task(packed, 0, 0, task, 1, 0.1), task, 2, 0.1)
    batch = steps.to_batch(packed, 64, np.random.default_rng(0))
    with torch.no_grad():
        hidden = model(batch.tokens, batch.positions, batch.mask())[0]
        at = len(task.prefix)
        for given, answer in task.pairs:
            ids = task.prefix + given + answer
            causal = torch.ones(len(ids), len(ids), dtype=torch.bool).tril()[None, None]
            alone = model(torch.tensor([ids]), torch.arange(len(ids))[None], causal)[0]
            size = len(given) + len(answer)
            assert (hidden[at : at + size] - alone[len(task.prefix) :]).abs().max() < 1e-4
            at += size


def test_only_answers_are_scored_and_all_of_them(words: tokenizer.Tokenizer) -> None:
    task = rows.encode(words, TASK, 160)
    assert task is not None
    packed = rows.Rows.empty(1, 200)
    rows.place_task(packed, 0, 0, task, 1, 0.1)
    for part, (_, answer) in enumerate(task.pairs, 1):
        assert packed.target[0][packed.answer[0] == part].tolist() == answer
        assert answer[-1] == OWN_MARKS.end
    assert (packed.tokens[0][packed.answer[0] > 0] == OWN_MARKS.output).sum() == len(task.pairs)
    batch = steps.to_batch(packed, 64, np.random.default_rng(0))
    perfect = torch.nn.functional.one_hot(batch.target, 512).float()
    assert steps.exact(perfect, batch) == (3, 3)
    perfect[(batch.answer == batch.answer.max()).nonzero()[0]] = 0
    perfect[(batch.answer == batch.answer.max()).nonzero()[0], 511] = 1
    assert steps.exact(perfect, batch) == (2, 3)


def test_the_training_text_is_the_compilers_own(words: tokenizer.Tokenizer) -> None:
    from dataclasses import replace

    from pawformats import paw
    from pawformats.values import Contract

    from pawc.frontend import expand

    spec = paw.parse(TASK.spec.encode(), "t.paw")
    compiled = expand(replace(spec, contract=Contract("labels", ("yes", "no"))))
    assert corpus.front(TASK.spec, ("yes", "no")) == (spec.description, compiled.text)
    for unknown in (None, ("yes", "nowhere named")):
        assert corpus.front(TASK.spec, unknown) == (spec.description, expand(spec).text)


def test_held_out_functions_are_never_drawn() -> None:
    drawn = corpus.load(None, {"families": 1.0})
    rng = random.Random(3)
    names = {task.family for task in (drawn.draw(rng, 2) for _ in range(300)) if isinstance(task, Task)}
    assert names and not any(corpus.held_out(name) for name in names)
    assert any(corpus.held_out(name) for name in corpus.load_families())


def test_recipes_run_without_other_peoples_data(tmp_path: Path) -> None:
    for path in sorted(RECIPE.parent.glob("*.toml")):
        recipe = recipes.read_recipe(path)
        assert "data" not in recipe
        if recipe["mix"].keys() == {"text"}:  # the rival that has seen text alone
            continue
        drawn, rng = corpus.load(None, recipe["mix"]), random.Random(1)
        assert all(isinstance(drawn.draw(rng, 2), Task) for _ in range(50))
        assert drawn.recorded.keys() == {"fuzzybench"} & recipe["mix"].keys()
    assert corpus.load(tmp_path, {"families": 0.5, "public": 0.5, "text": 0.1}).draw(rng, 2)


def test_an_installed_package_has_no_hand_written_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlap, "FUZZYBENCH", tmp_path / "fuzzybench")
    assert overlap.measured_files() == []
    assert corpus.load(None, {"families": 1.0, "fuzzybench": 0.0}).recorded == {}
    with pytest.raises(PawError) as raised:
        corpus.load(None, {"families": 0.5, "fuzzybench": 0.5})
    assert raised.value.kind == "no-fuzzybench" and raised.value.hint is not None
    with pytest.raises(PawError, match="which is not at"):
        train.run(str(RECIPE.parent / "nano-cpu.toml"), str(tmp_path / "run"), False, True)
    assert not (tmp_path / "run").exists()


def test_muon_makes_orthogonal_steps() -> None:
    torch.manual_seed(0)
    made = muon.orthogonal(torch.randn(3, 48, 24))
    singular = torch.linalg.svdvals(made)
    assert singular.min() > 0.5 and singular.max() < 1.4  # the quintic's band around one


@pytest.mark.slow
def test_a_release_must_be_better(trained: Path, tmp_path: Path) -> None:
    """Against a benchmark: better than the one in use, or nothing is written; and a card tells of it."""
    shutil.copytree(trained / "whole", tmp_path / "whole")
    (tmp_path / "trainer" / "cards").mkdir(parents=True)
    card = tmp_path / "trainer" / "cards" / "tiny.md"
    card.write_text("@SNAPSHOT@\n@DATE@\n@FILES@\n@RUN@\n@BARS@\n@SCORES@\n")
    row = {"id": "a", "family": "f", "spec": "Say it again.", "output_kind": "text"}
    row["cases"] = [{"input": "x", "output": "no such answer"}]
    (tmp_path / "bench.jsonl").write_text(json.dumps(row) + "\n")
    recipe = tmp_path / "whole" / "recipe.toml"
    recipe.write_text(recipe.read_text() + "\n[bars]\nall = 0.5\nf = 0.0\n")
    words = ("train", str(recipe), "--out", "whole", "--release", ".", "--bench", "bench.jsonl")
    done = pawc(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "all: at least 50.0 %, and has 0.0: missed" in done.stderr
    made = (tmp_path / "pawc" / "targets" / "tiny" / "MODEL_CARD.md").read_text()
    target = (tmp_path / "pawc" / "targets" / "tiny" / "target.toml").read_text()
    snapshot = made.splitlines()[0]
    assert f'snapshot = "{snapshot}"' in target and snapshot.startswith("tiny-")
    assert "From nothing: stage1, 12 steps, 0.0 M tokens," in made and "`compiler.gguf`" in made
    assert "- f: at least 0.0 %, and has 0.0: reached" in made and "### `bench.jsonl`" in made
    assert "| program | 0.0 |" in made

    before = {path: path.read_bytes() for path in tmp_path.rglob("*.gguf")}
    use = {
        "PAW_TARGET_PATH": str(tmp_path / "pawc" / "targets"),
        "PAW_BASE_PATH": str(tmp_path / "pawrun" / "bases"),
    }
    again = pawc(*words, cwd=tmp_path, env=use)
    assert again.returncode == 2 and "the tiny in use answers as many cases or more" in again.stderr
    card.write_text("@NONSENSE@")
    unknown = pawc(*words, cwd=tmp_path)
    assert unknown.returncode == 2 and "@NONSENSE@" in unknown.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.gguf")}
    needless = pawc("train", str(recipe), "--bench", "bench.jsonl", cwd=tmp_path)
    assert needless.returncode == 2 and "--bench is for --release" in needless.stderr


def test_a_run_as_a_drawing(tmp_path: Path) -> None:
    """Over tokens; of a step that was logged twice the later figures count."""
    (tmp_path / "run").mkdir()
    log = [{"stage": "stage1", "step": 10, "loss": 1.0}]
    log += [{"stage": "stage1", "step": 5, "loss": 1.0, "held_em": share} for share in (0.1, 0.2)]
    both = {"held_em": 0.5, "held_em_bare": 0.25, "held_em_swapped": 0.0}
    log += [{"stage": "stage2", "step": 10, "loss": 1.0, **both}]
    (tmp_path / "run" / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in log))
    found = plots.points(log, recipes.read_recipe(RECIPE))
    assert found["stage1"] == {"held_em": [(5 * 4 * 320 / 1e6, 20.0)]}
    assert found["stage2"]["held_em_bare"] == [(10 * 4 * (320 + 448) / 1e6, 25.0)]
    plot = ("train", str(RECIPE), "--out", "run", "--plot")
    for name in ("a.svg", "a.png", "again.svg"):
        done = pawc(*plot, name, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in (tmp_path / "a.svg").read_bytes()
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "again.svg").read_bytes()
    wrong = pawc(*plot, "a.txt", cwd=tmp_path)
    assert wrong.returncode == 2 and "a.txt must end in .png, .svg" in wrong.stderr
    nothing = pawc("train", str(RECIPE), "--out", "nowhere", "--plot", "b.svg", cwd=tmp_path)
    assert nothing.returncode == 2 and not (tmp_path / "b.svg").exists()
