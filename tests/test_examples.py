"""The examples are valid sources with tests of their own, and their data fit them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pawformats import paw
from pawformats.values import Spec

EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCES = sorted(EXAMPLES.glob("*/*.paw"))


def parse(path: Path) -> Spec:
    return paw.parse(path.read_bytes(), str(path))


def test_there_are_three() -> None:
    assert [path.stem for path in SOURCES] == ["repair", "route", "triage"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_source(path: Path) -> None:
    spec = parse(path)
    assert spec.name == path.stem
    assert len(spec.examples) >= 3
    assert len(spec.tests) >= 3
    assert not {pair.input for pair in spec.examples} & {pair.input for pair in spec.tests}
    for pair in (*spec.examples, *spec.tests):
        if spec.contract.labels:
            assert pair.output in spec.contract.labels
        if spec.contract.json_schema:
            assert isinstance(json.loads(pair.output), dict)


def test_cases_ask_for_the_triage_source() -> None:
    (line,) = (EXAMPLES / "triage" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    asked = paw.parse(record["spec"].encode(), "cases.jsonl")
    source = parse(EXAMPLES / "triage" / "triage.paw")
    assert (asked.description, asked.examples) == (source.description, source.examples)
    assert tuple(record["labels"]) == source.contract.labels
    inputs = [case["input"] for case in record["cases"]]
    outputs = [case["output"] for case in record["cases"]]
    assert len(set(inputs)) == len(inputs) >= 40
    assert outputs.count("ALERT") == outputs.count("QUIET") == len(outputs) / 2
    seen = {pair.input for pair in (*source.examples, *source.tests)}
    seen.update((EXAMPLES / "triage" / "app.log").read_text(encoding="utf-8").splitlines())
    assert not seen & set(inputs)


def test_pipes_and_a_server(tmp_path: Path) -> None:
    """compose.sh as a user with both commands on the path runs it: a server gives the same answers."""
    for name in ("pawc", "pawrun"):
        (tmp_path / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        (tmp_path / name).chmod(0o755)
    env = dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}")
    done = subprocess.run(
        ["sh", EXAMPLES / "compose.sh"], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines and lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    desks = parse(EXAMPLES / "route" / "route.paw").contract.labels
    assert {line.rpartition("\t")[2] for line in lines} <= set(desks)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_makefile_compiles_with_a_pattern_rule(tmp_path: Path) -> None:
    """A failed compile leaves no half program behind, and a built one is not built again."""
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("*.pawbin", "*.d"))
    there = tmp_path / "examples"

    def make(compiler: str) -> subprocess.CompletedProcess[str]:
        command = ["make", f"PAWC={compiler}", "PAWFLAGS=", "triage/triage.pawbin"]
        return subprocess.run(command, cwd=there, capture_output=True, text=True, check=False)

    compiler = tmp_path / "compiler"
    compiler.write_text('#!/bin/sh\ncp "$3" "$5"\nexit "$STATUS"\n')
    compiler.chmod(0o755)
    assert make(f"STATUS=1 {compiler}").returncode != 0
    assert not (there / "triage" / "triage.pawbin").exists()
    assert make(f"STATUS=0 {compiler}").returncode == 0
    assert (there / "triage" / "triage.pawbin").read_bytes() == (there / "triage" / "triage.paw").read_bytes()
    assert "up to date" in make(f"STATUS=0 {compiler}").stdout
