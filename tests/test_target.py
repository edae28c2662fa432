"""Target files: what they give, and each way to be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import vectors
from pawformats import target
from pawformats.errors import PawError
from pawformats.values import BaseRef, Prompt

GOOD = f"""format = 1
name = "nano"
pseudo_compiler = "template"

[interpreter]
name = "nano"
architecture = "qwen3"
file = "nano.gguf"
sha256 = "{"0a" * 32}"
size = 123
context = 1024

[prompt]
before = "<|program|>"
after = "<|input|>"
suffix = "<|output|>"
end = "<|end|>"

[adapter]
kind = "lora"
rank = 32
alpha = 16.0
layers = 6
modules = ["attn_q", "ffn_up"]

[compiler]
snapshot = "nano-2026-11-25"
lm = "compiler.gguf"
lm_sha256 = "{"1b" * 32}"
mapper = "mapper.gguf"
mapper_sha256 = "{"2c" * 32}"
tau = [6, 7, 8]
spec_token = "<|spec|>"
program_token = "<|program|>"
"""


def write(folder: Path, text: str) -> str:
    path = folder / "target.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_whole_target(tmp_path: Path) -> None:
    found = target.load(write(tmp_path, GOOD))
    assert found.base == BaseRef("nano", "qwen3", "0a" * 32, 123, 1024)
    assert found.prompt == Prompt("<|program|>", "<|input|>", "<|output|>")
    assert (found.rank, found.alpha, found.layers, found.modules) == (32, 16.0, 6, ("attn_q", "ffn_up"))
    assert (found.lm_path, found.mapper_path) == (
        str(tmp_path / "compiler.gguf"),
        str(tmp_path / "mapper.gguf"),
    )
    assert (found.lm_sha256, found.mapper_sha256) == ("1b" * 32, "2c" * 32)
    assert (found.compiler, found.tau, found.end_token) == ("nano-2026-11-25", (6, 7, 8), "<|end|>")
    assert (found.spec_token, found.program_token, found.pseudo_compiler) == (
        "<|spec|>",
        "<|program|>",
        "template",
    )


def test_paths_are_beside_the_file_wherever_it_is_named_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    assert target.load("target.toml").lm_path == str(tmp_path / "compiler.gguf")


def test_a_target_without_a_compiler(tmp_path: Path) -> None:
    found = target.load(write(tmp_path, GOOD.partition("[compiler]")[0]))
    assert (found.compiler, found.lm_path, found.mapper_path, found.tau) == (None, None, None, ())


def test_a_target_whose_base_is_its_compiler_lm(tmp_path: Path) -> None:
    lines = [line for line in GOOD.splitlines(keepends=True) if not line.startswith("lm")]
    found = target.load(write(tmp_path, "".join(lines)))
    assert (found.lm_path, found.lm_sha256, found.tau) == (None, None, (6, 7, 8))
    for key in ("lm", "lm_sha256"):  # both or none
        half = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{key} ="))
        with pytest.raises(PawError) as caught:
            target.load(write(tmp_path, half))
        assert caught.value.kind == "target-key-missing" and f"compiler.{key}" in caught.value.message


def test_the_target_of_the_tests_is_valid(tiny_target: Path) -> None:
    found = target.load(str(tiny_target))
    assert found.lm_path is not None and Path(found.lm_path).exists()


def test_a_target_of_an_encoder(label_target: Path) -> None:
    found = target.load(str(label_target))
    assert (found.product, found.base.architecture) == ("head", "bert")
    assert found.prompt == Prompt("[CLS]", "", "[SEP]")
    assert (found.scale, found.example_weight, found.compiler) == (14.0, 0.8, "tiny-label-0")
    assert found.lm_path is not None and Path(found.lm_path).samefile(label_target.with_name("mini.gguf"))
    assert (found.mapper_path, found.tau, found.modules) == (None, (), ())


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('kind = "head"', 'kind = "head"\nrank = 32', "target-key-unknown"),
        ('suffix = "[SEP]"', 'suffix = "[SEP]"\nafter = ""', "target-key-unknown"),
        ("scale = 14.0\n", "", "target-key-missing"),
        ("scale = 14.0", "scale = 0.0", "target-value"),
    ],
)
def test_a_target_of_an_encoder_has_its_own_keys(
    label_target: Path, tmp_path: Path, old: str, new: str, kind: str
) -> None:
    text = label_target.read_text()
    assert text.count(old) == 1
    with pytest.raises(PawError) as caught:
        target.load(write(tmp_path, text.replace(old, new)))
    assert caught.value.kind == kind


def test_a_target_that_reads_again(joint_target: Path) -> None:
    found = target.load(str(joint_target)).joint
    assert found is not None and Path(found.path).samefile(joint_target.with_name("joint.gguf"))
    assert (found.record, found.label, found.labels) == (16, 12, 36)
    assert (found.scale, found.weight, found.below) == (12.0, 0.6, 0.9)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("format = 2", "format = 1", "target-key-unknown"),
        ("[joint]", "[jiont]", "target-key-unknown"),
        ("weight = 0.6\n", "", "target-key-missing"),
        ("record = 16", "record = 0", "target-value"),
        ("below = 0.9", "below = 1", "target-type"),
    ],
)
def test_what_reads_again_has_its_own_keys(
    joint_target: Path, tmp_path: Path, old: str, new: str, kind: str
) -> None:
    text = joint_target.read_text()
    assert text.count(old) == 1
    with pytest.raises(PawError) as caught:
        target.load(write(tmp_path, text.replace(old, new)))
    assert caught.value.kind == kind


def test_format_2_is_for_encoders(tmp_path: Path) -> None:
    with pytest.raises(PawError) as caught:
        target.load(write(tmp_path, GOOD.replace("format = 1", "format = 2")))
    assert caught.value.kind == "target-value"


WRONG = {
    "unreadable": ("target-unreadable", None, None),
    "toml": ("target-toml", "rank = 32", "rank ="),
    "toml-bounds": ("target-toml", "rank = 32", "rank = " + "9" * 5000),
    "version": ("target-version", "format = 1", "format = 3"),
    "version-true": ("target-version", "format = 1", "format = true"),
    "version-missing": ("target-version", "format = 1", ""),
    "unknown": ("target-key-unknown", "rank = 32", "rank = 32\nrang = 1"),
    "unknown-table": ("target-key-unknown", "[prompt]", "[extra]\n[prompt]"),
    "missing": ("target-key-missing", 'end = "<|end|>"', ""),
    "compiler-half": ("target-key-missing", "tau = [6, 7, 8]", ""),
    "type": ("target-type", "size = 123", 'size = "123"'),
    "alpha-integer": ("target-type", "alpha = 16.0", "alpha = 16"),
    "table": ("target-type", "[interpreter]", "[[interpreter]]"),
    "kind": ("target-value", '"lora"', '"prefix"'),
    "digest": ("target-value", "0a" * 32, "0A" * 32),
    "rank": ("target-value", "rank = 32", "rank = 0"),
    "alpha": ("target-value", "alpha = 16.0", "alpha = nan"),
    "modules-none": ("target-value", '["attn_q", "ffn_up"]', "[]"),
    "modules-twice": ("target-value", '"ffn_up"', '"attn_q"'),
    "tau": ("target-value", "[6, 7, 8]", "[6, -7]"),
    "line": ("target-value", '"compiler.gguf"', '"a\\nb"'),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_has_its_kind(tmp_path: Path, name: str) -> None:
    kind, old, new = WRONG[name]
    if old is None or new is None:
        path = str(tmp_path / "none.toml")
    else:
        assert GOOD.count(old) == 1
        path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(PawError) as caught:
        target.load(path)
    assert caught.value.kind == kind
    assert path in caught.value.message or caught.value.position is not None


def test_every_kind_is_met() -> None:
    assert vectors.kinds(target) == {kind for kind, _, _ in WRONG.values()}
