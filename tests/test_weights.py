"""What weights amount to: norms, ranks and distances; `pawc inspect --tensors`, heatmaps, `pawc diff`."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as xml

import gguf
import numpy as np
import programs
import pytest
import shell
from pawformats import adapter, head, pawbin
from pawformats.values import Adapter
from PIL import Image
from shell import Shell

from pawc import heatmap, weights
from pawc.heatmap import Grid


def lora(seed: int, rank: int = 4, alpha: float = 8.0) -> Adapter:
    rng = np.random.default_rng(seed)
    names = ("blk.0.attn_q", "blk.10.attn_q", "blk.2.attn_q")
    modules = {
        name: (
            rng.standard_normal((rank, 12)).astype(np.float32),
            rng.standard_normal((9, rank)).astype(np.float32),
        )
        for name in names
    }
    return Adapter("tiny", "qwen3", rank, alpha, modules)


def update(found: Adapter, name: str) -> np.ndarray:
    a, b = found.modules[name]
    return found.alpha / found.rank * b.astype(np.float64) @ a.astype(np.float64)


def test_figures_are_those_of_the_product() -> None:
    found = lora(1)
    figures = weights.modules(found, {"blk.0.attn_q": 50.0})
    assert [one.name for one in figures] == ["blk.0.attn_q", "blk.2.attn_q", "blk.10.attn_q"]
    for one in figures:
        values = np.linalg.svd(update(found, one.name), compute_uv=False)
        shares = values[values > 1e-9] / values.sum()
        assert one.norm == pytest.approx(np.linalg.norm(update(found, one.name)))
        assert one.effective_rank == pytest.approx(math.exp(-(shares * np.log(shares)).sum()))
    assert figures[0].share == pytest.approx(figures[0].norm / 50) and figures[1].share is None


@pytest.mark.parametrize(("values", "rank"), [([0, 0], 0), ([3, 0, 0], 1), ([2, 2, 2], 3)])
def test_effective_rank(values: list[float], rank: float) -> None:
    assert weights.effective_rank(np.array(values, float)) == pytest.approx(rank)


def test_distances() -> None:
    """Between adapters of different rank and alpha; one that lacks a module updates by 0; none to itself."""
    one, other = lora(1), lora(2, rank=6, alpha=3.0)
    other = replace(other, modules={name: other.modules[name] for name in ("blk.0.attn_q", "blk.2.attn_q")})
    for found in weights.distances(one, other):
        theirs = update(other, found.name) if found.name in other.modules else 0
        assert found.distance == pytest.approx(np.linalg.norm(update(one, found.name) - theirs))
        assert found.relative == pytest.approx(found.distance / np.linalg.norm(update(one, found.name)))
    assert all(found.distance < 1e-5 for found in weights.distances(one, one))
    assert weights.distances(other, one)[-1].relative is None


def test_a_label_head() -> None:
    matrix = np.array([[3, 4, 0.5], [4, -3, 0], [6, 8, 0]], np.float32)
    figures = weights.label_figures(matrix, ("a", "b", "c"))
    assert [one["norm"] for one in figures] == pytest.approx([5, 5, 10])
    assert figures[0]["bias"] == 0.5
    assert list(figures[0]["cosines"].values()) == pytest.approx([1, 0, 1])


def test_inspecting_tensors(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    made = programs.make(tiny_target)
    programs.write(tmp_path / "a.pawbin", made)
    done = tool("pawc", "inspect", "--tensors", "--json", "--svg", "a.svg", "a.pawbin")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert sum(part["size"] for part in found["parts"]) == (tmp_path / "a.pawbin").stat().st_size
    modules = {one["name"]: one for one in found["tensors"]["modules"]}
    assert made.adapter is not None
    lora = adapter.from_gguf(made.adapter)
    assert modules.keys() == lora.modules.keys()
    reader = gguf.GGUFReader(tiny_target.parent / "base.gguf")
    weight = next(one for one in reader.tensors if one.name == "blk.1.ffn_up.weight")
    whole = np.linalg.norm(gguf.quants.dequantize(weight.data, weight.tensor_type))
    one = modules["blk.1.ffn_up"]
    assert one["norm"] == pytest.approx(np.linalg.norm(update(lora, "blk.1.ffn_up")), rel=1e-5)
    assert one["share"] == pytest.approx(one["norm"] / whole, rel=1e-5)
    assert b"as a share of the base" in (tmp_path / "a.svg").read_bytes()
    pixels = tool("pawc", "inspect", "--png", "a.png", "a.pawbin")
    assert (pixels.returncode, pixels.stderr) == (0, "")
    with Image.open(tmp_path / "a.png") as image:
        root = xml.fromstring((tmp_path / "a.svg").read_bytes())
        assert image.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
        cells = {node.attrib["fill"] for node in root.iter("{http://www.w3.org/2000/svg}rect")}
        painted = {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(1 << 20) or []}
        assert len(cells) > 2 and cells <= painted
    table = tool("pawc", "inspect", "--tensors", "--heatmap", "a.pawbin").stdout.splitlines()
    assert table[0].split() == ["module", "norm", "effective", "rank", "%", "of", "base"]
    assert [line.split()[0] for line in table[-2:]] == ["blk.0", "blk.1"] and "█" in "".join(table[-2:])
    (tmp_path / "empty").mkdir()
    away = Shell(tmp_path, tmp_path / "empty" / "none")("pawc", "inspect", "--tensors", "--json", "a.pawbin")
    assert away.returncode == 0 and "note: the base is not at hand" in away.stderr
    assert {one["share"] for one in json.loads(away.stdout)["tensors"]["modules"]} == {None}
    asked = tool("pawc", "inspect", "--tensors", "--base", "empty", "a.pawbin")
    assert (asked.returncode, asked.stdout) == (2, "") and "is not at hand" in asked.stderr
    programs.write(tmp_path / "b.pawbin", replace(made, adapter=None, compiler=None))
    bare = tool("pawc", "inspect", "--heatmap", "b.pawbin")
    assert bare.returncode == 2 and "holds neither an adapter nor a label head" in bare.stderr


def test_inspecting_a_label_head(tmp_path: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    program = tool.compile("t.paw", shell.LABELS)
    shown = tool("pawc", "inspect", "--tensors", "--heatmap", "--color", "always", "t.pawbin")
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].split() == ["label", "norm", "bias", "cosine", "nearest", "label"]
    loaded = pawbin.load(program.read_bytes())
    assert loaded.head is not None
    matrix = head.load(loaded.head, 2)[:, :-1]
    cosine = matrix[0] @ matrix[1] / np.linalg.norm(matrix[0]) / np.linalg.norm(matrix[1])
    assert lines[1].split() == ["ALERT", "14", "0", f"{cosine:.3f}", "QUIET"]
    assert "\x1b[38;2;" in shown.stdout


def test_heatmaps_are_drawn_whole() -> None:
    grid = Grid("a & b", ["r<1>", "\x1b[31m"], ["c"], [[1.0], [math.nan]])
    root = xml.fromstring(heatmap.svg(grid))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "a & b" in texts and "r<1>" in texts and "1.000" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 1
    assert grid.height(1.0) == 0.5  # one value: no span to place it in
    assert [Grid("", [], [], [[2, 4]]).height(value) for value in (2, 3, 4)] == [0, 0.5, 1]


def test_diff_of_decoders(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    one = programs.make(tiny_target, programs.FREE, text="Task: this\n")
    other = replace(one, adapter=programs.random_adapter(2), name="other")
    programs.write(tmp_path / "a.pawbin", one)
    programs.write(tmp_path / "b.pawbin", other)
    lines = [f"record {number}" for number in range(4)]
    (tmp_path / "records.txt").write_text("\r\n".join(lines))
    done = tool("pawc", "diff", "a.pawbin", "b.pawbin", "--on", "records.txt", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["manifest"] == [{"key": "name", "values": ["tiny", "other"]}]
    assert [section["kind"] for section in found["sections"]] == ["adapter"]
    assert len(found["modules"]) == 14 and all(1 < row["relative"] < 2 for row in found["modules"])
    apart = [tool.answers(tmp_path / name, *lines) for name in ("a.pawbin", "b.pawbin")]
    flips = [line for line, ours, theirs in zip(lines, *apart, strict=True) if ours != theirs]
    assert flips and [flip["record"] for flip in found["answers"]["flips"]] == flips
    same = tool("pawc", "diff", "a.pawbin", "a.pawbin")
    assert (same.returncode, same.stdout) == (0, "")


def test_diff_of_encoders(tmp_path: Path, label_target: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    tool.compile("a.paw", shell.LABELS)
    tool.compile("b.paw", shell.LABELS.replace("if the disk is full", "for errors") + "\n+++ tests\n"
                          "Input: all\nOutput: ALERT\n")  # fmt: skip
    done = tool("pawc", "diff", "a.pawbin", "b.pawbin")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "name: a → b" and any(line.startswith("section tests: none → ") for line in lines)
    assert "-Classify lines. ALERT if the disk is full." in lines
    alert, quiet = (line.split() for line in lines[-2:])
    assert alert[0] == "ALERT" and float(alert[2]) < 0.999
    assert quiet == ["QUIET", "0.0000", "1.0000"]
    programs.write(tmp_path / "c.pawbin", programs.make(tiny_target))
    mixed = json.loads(tool("pawc", "diff", "--json", "a.pawbin", "c.pawbin").stdout)
    assert (mixed["modules"], mixed["labels"], mixed["answers"]) == ([], [], None)
    for records, said in (("missing", "cannot read missing"), ("a.pawbin", "is not UTF-8")):
        bad = tool("pawc", "diff", "a.pawbin", "b.pawbin", "--on", records)
        assert bad.returncode in (1, 2) and said in bad.stderr and bad.stdout == ""
