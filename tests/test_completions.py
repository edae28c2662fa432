"""Completions: not stale, and real shells complete with them what a user began to type."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1] / "share" / "completions"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("completions_generate", FOLDER / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _generator()


@pytest.mark.parametrize("name", generate.files())
def test_not_stale(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == generate.files()[name], f"share/completions/{name} is stale: run make man"


def completed(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of the words."""
    quoted = " ".join(f"'{word}'" for word in words)
    script = f"""
source {FOLDER / words[0]}.bash
COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}
_{words[0]}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    command = ["bash", "--norc", "--noprofile", "-u", "-c", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def test_bash(tmp_path: Path) -> None:
    (tmp_path / "a b.paw").touch()
    assert completed(tmp_path, "pawc", "ins") == ["inspect"]
    assert {"test", "train", "a b.paw"} <= set(completed(tmp_path, "pawc", ""))
    assert completed(tmp_path, "pawc", "--q") == ["--quant"]
    assert completed(tmp_path, "pawc", "--quant", "f") == ["f16", "f32"]
    assert completed(tmp_path, "pawc", "--color", "=", "al") == ["always"]
    assert completed(tmp_path, "pawc", "-O") == ["-O0", "-O1", "-O2", "-O3"]
    assert completed(tmp_path, "pawc", "test", "--min") == ["--min-pass"]
    assert completed(tmp_path, "pawc", "eval", "-O") == ["-O0", "-O1", "-O2"]
    assert completed(tmp_path, "pawc", "diff", "--mi") == [""]  # none: bash goes on with files
    assert completed(tmp_path, "pawc", "a", "test") == [""]  # only the first word is a command
    assert completed(tmp_path, "pawrun", "--over") == ["--overflow"]
    assert completed(tmp_path, "pawrun", "--overflow", "he") == ["head"]
    assert completed(tmp_path, "pawrun", "--base", "-") == [""]


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_fish(tmp_path: Path) -> None:
    def offered(tool: str, line: str) -> set[str]:
        script = f"source {FOLDER / tool}.fish; complete -C '{line}'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return {line.split("\t")[0] for line in done.stdout.splitlines()}

    assert offered("pawc", "pawc ins") == {"inspect"}
    assert offered("pawc", "pawc --quant f") == {"f16", "f32"}
    assert "--min-pass" in offered("pawc", "pawc test --m")
    assert "--min-pass" not in offered("pawc", "pawc --m")
    assert offered("pawrun", "pawrun --overflow he") == {"head"}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
@pytest.mark.parametrize("tool", ["pawc", "pawrun"])
def test_zsh_reads_it(tool: str) -> None:
    done = subprocess.run(
        ["zsh", "-n", str(FOLDER / f"_{tool}")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
