"""Evaluated prompts on disk: the same answers from them, and nothing taken that could be wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import programs
import pytest
import shell
from pawformats.values import Program
from pawllama import prefixes
from pawllama.store import Store
from shell import Shell

from pawrun.engine import DecoderSession as Session

LINES = ["disk all full", "error: all", "step 7 loss", ""]
LONG = "Task: " + "say what it is. " * 4 + "\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of prefixes that is empty. The library's self-test is kept elsewhere."""
    kept = Store(tmp_path / "prefix", prefixes.LIMIT, "cache of prefixes", private=True)
    monkeypatch.setattr(prefixes, "of_user", lambda: kept)
    yield tmp_path / "prefix"


@pytest.fixture
def program(tiny_target: Path) -> Program:
    return programs.make(tiny_target, programs.FREE, text=LONG)


def entries(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if len(path.name) == 64) if cache.exists() else []


def answers(program: Program, target: Path, cached: bool = True) -> tuple[list[str], bool]:
    """What a new session answers, and whether its prefix came from the cache."""
    with Session(program, target.with_name("base.gguf"), batch=1, cached=cached) as session:
        assert len(session.prefix) >= prefixes.LEAST
        said = "from the cache" in session.facts()["prefix"]
        return [answer.text for answer in session.answer(LINES)], said


def test_the_same_answers_from_a_kept_prefix(program: Program, tiny_target: Path, cache: Path) -> None:
    plain, said = answers(program, tiny_target, cached=False)
    assert not said and not entries(cache)
    assert answers(program, tiny_target) == (plain, False)
    assert len(entries(cache)) == 1
    assert answers(program, tiny_target) == (plain, True)


def test_logits_from_a_kept_prefix_are_the_same(tiny_target: Path, cache: Path) -> None:
    labelled = programs.make(tiny_target, text=LONG)
    found = []
    for _ in range(2):
        with Session(labelled, tiny_target.with_name("base.gguf"), batch=1) as session:
            found.append([session.distribution(line) for line in LINES])
    assert found[0] == found[1] and entries(cache)


def test_what_decides_a_state_is_in_its_key(program: Program, tiny_target: Path, cache: Path) -> None:
    """Another adapter, none, and another prompt have prefixes of their own."""
    other = programs.make(tiny_target, programs.FREE, text=LONG, adapted=False)
    longer = programs.make(tiny_target, programs.FREE, text=LONG + "Answers: any\n")
    for count, one in enumerate((program, other, longer), 1):
        assert answers(one, tiny_target)[1] is False
        assert len(entries(cache)) == count


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "not a state", "writable", "a link"])
def test_what_is_wrong_is_never_taken(
    damage: str, program: Program, tiny_target: Path, cache: Path, tmp_path: Path
) -> None:
    plain, _ = answers(program, tiny_target)
    (entry,) = entries(cache)
    whole = entry.read_bytes()
    if damage == "cut":
        entry.write_bytes(whole[:-1])
    elif damage == "flipped":
        entry.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    elif damage == "empty":
        entry.write_bytes(b"")
    elif damage == "not a state":  # under its right digest: llama.cpp refuses it
        Store(cache, prefixes.LIMIT, "x").put(entry.name, b"nonsense" * 100, print)
    elif damage == "writable":
        entry.chmod(0o666)
    else:
        entry.rename(tmp_path / "away")
        entry.symlink_to(tmp_path / "nowhere")
    assert answers(program, tiny_target) == (plain, False)
    assert answers(program, tiny_target) == (plain, True)
    assert entry.read_bytes() == whole and entry.stat().st_mode & 0o022 == 0


def test_a_folder_that_cannot_be_used(program: Program, tiny_target: Path, cache: Path) -> None:
    cache.write_text("a file")
    plain, said = answers(program, tiny_target)
    assert (plain, said) == (answers(program, tiny_target, cached=False)[0], False)


def test_what_was_used_longest_ago_goes(
    tiny_target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "prefix"
    made = [programs.make(tiny_target, text=LONG + f"{number}\n") for number in range(3)]
    monkeypatch.setattr(prefixes, "of_user", lambda: Store(folder, 1 << 30, "x", private=True))
    answers(made[0], tiny_target)
    size = entries(folder)[0].stat().st_size
    monkeypatch.setattr(prefixes, "of_user", lambda: Store(folder, size * 5 // 2, "x", private=True))
    answers(made[1], tiny_target)
    os.utime(entries(folder)[0], (2, 2))
    os.utime(entries(folder)[1], (1, 1))
    oldest = entries(folder)[1]
    answers(made[2], tiny_target)
    assert len(entries(folder)) == 2 and oldest not in entries(folder)


def test_the_command(tiny_target: Path, tmp_path: Path) -> None:
    """`-v` tells where the prefix came from; --no-cache neither reads nor keeps it."""
    tool = Shell(tmp_path, tiny_target)
    program = tool.compile("t.paw", shell.LABELS)
    own = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    runs = [
        tool("pawrun", "-v", *options, program.name, stdin="error\n", environment=own)
        for options in (("--no-cache",), (), (), ("--no-cache",))
    ]
    assert {run.returncode for run in runs} == {0} and len({run.stdout for run in runs}) == 1
    assert ["from the cache" in run.stderr for run in runs] == [False, False, True, False]
    assert len(entries(tmp_path / "cache" / "paw" / "prefix")) == 1
