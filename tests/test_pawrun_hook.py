"""Commands for answers: what they get, how many run, and that none is left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pawformats.errors import PawError

from pawrun import hook
from pawrun.answers import Answer
from pawrun.hook import Hook

ALERT = Answer("ALERT", 0.75)


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


@pytest.fixture
def wake() -> Iterator[int]:
    read, write = os.pipe()
    yield read
    os.close(read)
    os.close(write)


def until(true: object) -> None:
    """Wait for a condition, ten seconds at most."""
    assert callable(true)
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(group: int) -> bool:
    """Whether a process of a group runs; those that wait for an absent init to reap them don't."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of = path.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                return True
    return False


def test_the_command_gets_record_and_answer(
    tmp_path: Path, wake: int, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ran = Hook(f'cat >{out}; echo "$PAW_ANSWER $PAW_SCORE" >>{out}; echo said', {"ALERT"}, 9)
    ran.offer(b"quiet\n", Answer("QUIET", 0.9))
    ran.offer(b"failed\n", Answer("ALERT", error=PawError("x", "y")))
    ran.offer(b"a record \xff\n", ALERT)
    ran.close(wake)
    assert out.read_bytes() == b"a record \xff\nALERT 0.7500\n"
    assert (ran.runs, ran.failed, ran.left_out) == (1, 0, 0)
    assert capfd.readouterr() == ("", "said\n")  # never on the answers' standard output


def test_of_a_flood_some_are_left_out(tmp_path: Path, wake: int, capfd: pytest.CaptureFixture[str]) -> None:
    ran = Hook(f"echo >>{tmp_path}/runs", {"ALERT"}, 3)
    for _ in range(10):
        ran.offer(b"x\n", ALERT)
        until(lambda: not ran._running)
    ran.close(wake)
    assert (tmp_path / "runs").read_text().count("\n") == 3 == ran.runs
    assert ran.left_out == 7
    assert capfd.readouterr().err.count("left out") == 1


def test_after_a_minute_more_may_run(wake: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "_MINUTE", 0.2)
    ran = Hook("true", {"ALERT"}, 1, quiet=True)
    for _ in range(2):
        ran.offer(b"", ALERT)
        ran.offer(b"", ALERT)
        until(lambda: not ran._running)
        time.sleep(0.25)
    ran.close(wake)
    assert (ran.runs, ran.left_out) == (2, 2)


def test_the_stream_never_waits_and_none_is_left(wake: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that read nothing, ignore SIGTERM, and start others in their turn."""
    monkeypatch.setattr(hook, "_PATIENCE", 0.2)
    monkeypatch.setattr(hook, "_MERCY", 0.5)
    monkeypatch.setattr(hook, "_MINUTE", 0.0)  # so that only those that still run count
    ran = Hook("trap '' TERM; sleep 60 & sleep 60; sleep 60", {"ALERT"}, 2, quiet=True)
    began = time.monotonic()
    for _ in range(3):
        ran.offer(b"x" * 10_000_000, ALERT)
    assert time.monotonic() - began < 2
    pids = list(ran._running)
    assert (len(pids), ran.left_out) == (2, 1) and all(map(alive, pids))
    ran.close(wake)
    assert time.monotonic() - began < 6
    assert not any(map(alive, pids))
    assert ran.failed == 2


def test_a_failed_command_is_told(wake: int, capfd: pytest.CaptureFixture[str]) -> None:
    ran = Hook("exit 3", {"ALERT"}, 9)
    ran.offer(b"", ALERT)
    until(lambda: not ran._running)  # reaped although nobody asked
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    for number in (9, 35):  # a real-time one, which has no name
        killed = Hook(f"kill -{number} $$", {"ALERT"}, 9)
        killed.offer(b"", ALERT)
        killed.close(wake)
        assert (ran.failed, killed.failed) == (1, 1)
    assert capfd.readouterr().err.splitlines() == [
        "pawrun: --exec: exit 3: exit status 3",
        "pawrun: --exec: kill -9 $$: SIGKILL",
        "pawrun: --exec: kill -35 $$: signal 35",
    ]


def test_the_last_commands_may_finish_but_not_after_a_signal(tmp_path: Path) -> None:
    read, write = os.pipe()
    ran = Hook(f"sleep 0.3; echo >{tmp_path}/done", {"ALERT"}, 1)
    ran.offer(b"", ALERT)
    ran.close(read)
    assert (tmp_path / "done").exists()
    os.write(write, b"!")
    slow = Hook("sleep 60", {"ALERT"}, 1, quiet=True)
    slow.offer(b"", ALERT)
    began = time.monotonic()
    slow.close(read)
    assert time.monotonic() - began < 2 and not slow._running
    os.close(read)
    os.close(write)
