"""`--help` fits a terminal of 80 columns and comes at once."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

import pytest

from pawc import cli

#: Seconds that a command may need beyond the start of Python itself.
BUDGET_S = 0.3
COMMANDS = [("pawc",), ("pawrun",), *(("pawc", name) for name in cli.COMMANDS)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "200"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def seconds(*arguments: str) -> float:
    began = time.perf_counter()
    assert run(*arguments).returncode == 0
    return time.perf_counter() - began


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits(command: tuple[str, ...]) -> None:
    done = run("-m", *command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Usage:" in done.stdout
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_that_nobody_can_read(command: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", *command, "--help"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    message = f"{command[0]}: error: cannot write standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("command", ["pawc", "pawrun"])
def test_help_is_fast(command: str) -> None:
    """The median of three, in processor-neutral terms: against a bare start measured in between, and
    with more allowed where that itself is slow (a loaded machine)."""
    bare, full = [], []
    for _ in range(3):
        bare.append(seconds("-c", "pass"))
        full.append(seconds("-m", command, "--help"))
    start = statistics.median(bare)
    allowed = start + max(BUDGET_S, 8 * start)
    assert statistics.median(full) < allowed, f"{full} s, where Python alone takes {bare} s"


@pytest.mark.parametrize("command", ["pawc", "pawrun"])
def test_version(command: str) -> None:
    done = run("-m", command, "--version")
    assert done.returncode == 0
    assert done.stdout.startswith(command)
