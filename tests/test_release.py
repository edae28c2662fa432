"""What is shipped: each embedded target is whole, is what its card speaks of, and works from a shell."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pawformats import pawbin, target
from pawllama import bases

ROOT = Path(__file__).parents[1]
TARGETS = {path.parent.name: path for path in sorted((ROOT / "pawc" / "targets").glob("*/target.toml"))}
LIMIT = 28_000_000  # bytes of a base and its compiler together


def run(*command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for name in ("PAW_TARGET_PATH", "PAW_BASE_PATH"):
        settings.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", *command],
        input=stdin,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )


def digest(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_all_are_there() -> None:
    assert list(TARGETS) == ["mini", "nano", "smol"]


def test_a_target_whose_base_is_elsewhere_is_its_mapper() -> None:
    found = target.load(str(TARGETS["smol"]))
    assert found.lm_path is None and found.mapper_path is not None
    assert digest(found.mapper_path) == found.mapper_sha256
    assert Path(found.mapper_path).stat().st_size <= 8_000_000
    assert found.base.sha256 in bases.CARRIED
    card = TARGETS["smol"].with_name("MODEL_CARD.md").read_text(encoding="utf-8")
    assert found.compiler is not None and found.compiler in card


@pytest.mark.parametrize("name", ["mini", "nano"])
def test_a_target_is_whole_and_small(name: str) -> None:
    found = target.load(str(TARGETS[name]))
    assert found.name == name
    base = ROOT / "pawrun" / "bases" / f"{name}.gguf"
    assert (base.stat().st_size, digest(base)) == (found.base.size, found.base.sha256)
    files = {base.resolve()}
    assert found.lm_path is not None and digest(found.lm_path) == found.lm_sha256
    files.add(Path(found.lm_path).resolve())
    if found.mapper_path is not None:
        assert digest(found.mapper_path) == found.mapper_sha256
        files.add(Path(found.mapper_path).resolve())
    if found.joint is not None:
        assert digest(found.joint.path) == found.joint.sha256
        files.add(Path(found.joint.path).resolve())
    assert sum(path.stat().st_size for path in files) <= LIMIT
    card = TARGETS[name].with_name("MODEL_CARD.md").read_text(encoding="utf-8")
    assert found.compiler is not None and found.compiler in card


@pytest.mark.parametrize(
    ("spec", "options", "chosen"),
    [
        ("Is it rude? Answer with one word only: yes or no.\n", (), "mini"),
        ("+++\nlabels = ['yes', 'no']\n+++\nIs it rude?\n", (), "mini"),
        ("+++\nlabels = ['yes', 'no']\n+++\nIs it rude?\n", ("-O0",), "nano"),
        ("+++\nlabels = ['yes', 'no']\n+++\nIs it rude?\n", ("--target", "nano"), "nano"),
        ("+++\ntarget = 'nano'\nlabels = ['yes', 'no']\n+++\nIs it rude?\n", (), "nano"),
        ("Write the date as YYYY-MM-DD.\n", (), "nano"),
    ],
)
def test_the_answers_choose_the_target(
    tmp_path: Path, spec: str, options: tuple[str, ...], chosen: str
) -> None:
    source, program = tmp_path / "a.paw", tmp_path / "a.pawbin"
    source.write_text(spec)
    done = run("pawc", str(source), *options, "-o", str(program))
    assert (done.returncode, done.stderr) == (0, "")
    linked = pawbin.load(program.read_bytes())
    assert (linked.target, linked.base.name) == (chosen, chosen)
    ran = run("pawrun", str(program), stdin="You fool!\nThank you, 3 May 2021\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    answers = ran.stdout.splitlines()
    assert len(answers) == 2
    if linked.contract.labels:
        assert set(answers) <= {"yes", "no"}


def test_triage_is_worth_showing() -> None:
    """Far from the 50 % of a guess, on lines in formats and wordings that no training data has."""
    done = run("pawc", "eval", str(ROOT / "examples" / "triage" / "cases.jsonl"), "--json")
    assert done.returncode == 0, done.stderr
    everything = json.loads(done.stdout)["all"]
    assert everything["cases"] == 60 and everything["exact_match"] >= 0.7
