"""The compiler as a user runs it: real processes and a tiny real target; what comes out is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pawformats import adapter, pawbin

TRIAGE = """Classify log lines. Return ONLY one word: ALERT or QUIET.

Input: [step 100] loss=0.05
Output: QUIET

+++ tests
Input: Traceback (most recent call last):
Output: ALERT
"""


def pawc(*args: str, cwd: Path, **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pawc", *args], cwd=cwd, capture_output=True, check=False, **more
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "triage.paw").write_text(TRIAGE)
    return tmp_path


@pytest.mark.parametrize("level", ["-O0", "-O1"])
def test_source_to_answers(folder: Path, tiny_target: Path, level: str) -> None:
    done = pawc(level, "--target", str(tiny_target), "triage.paw", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    program = pawbin.load((folder / "triage.pawbin").read_bytes())
    assert program.contract.labels == ("ALERT", "QUIET") and (program.adapter is None) == (level == "-O0")
    command = [
        sys.executable,
        "-m",
        "pawrun",
        "--base",
        str(tiny_target.with_name("base.gguf")),
        "triage.pawbin",
    ]
    ran = subprocess.run(command, input=b"one\ntwo\n", cwd=folder, capture_output=True, check=False)
    assert ran.returncode == 0 and len(ran.stdout.splitlines()) == 2
    assert set(ran.stdout.split()) <= {b"ALERT", b"QUIET"}


def test_the_same_source_gives_the_same_bytes_anywhere(
    folder: Path, tiny_target: Path, tmp_path_factory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "triage.paw").write_text(TRIAGE)
    for place, seed in ((folder, "1"), (other, "2")):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        assert pawc("--target", str(tiny_target), "triage.paw", cwd=place, env=environment).returncode == 0
    assert (folder / "triage.pawbin").read_bytes() == (other / "triage.pawbin").read_bytes()


def test_different_specs_give_different_adapters(folder: Path, tiny_target: Path) -> None:
    (folder / "other.paw").write_text("Say whether the customer is angry: yes or no.\n")
    assert pawc("-c", "--target", str(tiny_target), "triage.paw", "other.paw", cwd=folder).returncode == 0
    first, second = ((folder / f"{stem}.gguf").read_bytes() for stem in ("triage", "other"))
    assert adapter.from_gguf(first).modules.keys() == adapter.from_gguf(second).modules.keys()
    assert first != second


def test_stages_stop_where_they_say(folder: Path) -> None:
    assert b'labels = ["ALERT", "QUIET"]' in pawc("-E", "triage.paw", cwd=folder).stdout
    assert pawc("-S", "-o", "-", "triage.paw", cwd=folder).stdout.startswith(b"Task: Classify log lines.")
    assert pawc("-fsyntax-only", "triage.paw", cwd=folder).stdout == b""
    assert sorted(p.name for p in folder.iterdir()) == ["triage.paw"]


def test_a_bad_source_points_at_the_place_and_leaves_nothing(folder: Path, tiny_target: Path) -> None:
    (folder / "bad.paw").write_text('+++\nlabel = ["a"]\n+++\nSay a.\n')
    done = pawc("--target", str(tiny_target), "triage.paw", "bad.paw", cwd=folder)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "bad.paw:2:1: error: unknown key label",
        '  label = ["a"]',
        "  ^",
        "bad.paw:2:1: hint: did you mean labels?",
    ]
    assert sorted(p.name for p in folder.iterdir()) == ["bad.paw", "triage.paw"]


def test_a_test_outside_the_labels_is_an_error(folder: Path) -> None:
    (folder / "triage.paw").write_text(TRIAGE.replace("Output: ALERT", "Output: alarm"))
    done = pawc("-fsyntax-only", "triage.paw", cwd=folder)
    assert (
        done.returncode == 1
        and b"triage.paw:7:1: error: the output 'alarm' is none of ALERT, QUIET" in done.stderr
    )


def test_a_damaged_compiler_is_refused_by_digest(folder: Path, tiny_target: Path, tmp_path_factory) -> None:
    import shutil

    copy = tmp_path_factory.mktemp("damaged") / "target"
    shutil.copytree(tiny_target.parent, copy)
    with (copy / "mapper.gguf").open("ab") as file:
        file.write(b"\0")
    done = pawc("--target", str(copy / "target.toml"), "triage.paw", cwd=folder)
    assert done.returncode == 1 and b"has SHA-256" in done.stderr and not (folder / "triage.pawbin").exists()


def test_unknown_targets_and_missing_files_are_one_message(folder: Path) -> None:
    for args in (("--target", "nonesuch", "triage.paw"), ("-E", "missing.paw")):
        done = pawc(*args, cwd=folder)
        assert (
            done.returncode == 1
            and done.stderr.startswith(b"pawc: error: ")
            and b"Traceback" not in done.stderr
        )


def test_every_example_is_a_valid_source_with_tests() -> None:
    from pawformats import paw

    sources = sorted((Path(__file__).parents[1] / "examples").glob("*/*.paw"))
    assert len(sources) >= 3
    for source in sources:
        assert paw.parse(source.read_bytes(), str(source)).tests
