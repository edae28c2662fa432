"""Programs at work: `pawrun` as a process. Records and answers are JSON: both may have several lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pawformats.errors import PawError

from . import output

#: Longest time for the records of one program, in seconds: a hung interpreter must not hang its caller.
PATIENCE = 600
_ERROR, _HINT = "pawrun: error: ", "pawrun: hint: "


@dataclass(frozen=True)
class Reply:
    """What pawrun makes of one record: its answer, or the error that it reports. `distribution` has the
    probability of every label, if it was asked for."""

    answer: str | None
    error: str | None = None
    distribution: Mapping[str, float] | None = None


def answer(
    program: bytes,
    inputs: Sequence[str],
    base: str | None = None,
    *,
    deterministic: bool = False,
    distribution: bool = False,
) -> list[Reply]:
    """One reply for each input, in order. `base`, `deterministic` and `distribution` are those of pawrun.

    Raises PawError `run-failed` if the program can't run at all.
    """
    lines = "".join(json.dumps({"input": text}) + "\n" for text in inputs)
    asked = {"--deterministic": deterministic, "--distribution": distribution}
    options = ["--jsonl", "--quiet", *(option for option, there in asked.items() if there)]
    done = _pawrun(program, options, base, lines.encode())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode not in (0, 1) or len(rows) != len(inputs):
        raise _failure(done)
    return [Reply(row.get("answer"), row.get("error"), row.get("distribution")) for row in rows]


def find_base(program: bytes, base: str | None = None) -> str:
    """The path of the base that pawrun would run the program on. Raises PawError `run-failed` without one."""
    done = _pawrun(program, ["--print-base"], base)
    if done.returncode:
        raise _failure(done)
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def _pawrun(
    program: bytes, options: Sequence[str], base: str | None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    with tempfile.TemporaryDirectory(prefix="pawc-") as folder:
        path = os.path.join(folder, "program.pawbin")
        output.write(path, program)
        command = [sys.executable, "-m", "pawrun", *options, *(["--base", base] if base else []), path]
        try:
            return subprocess.run(command, input=stdin, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired as error:
            raise PawError("run-failed", f"pawrun did not end in {PATIENCE} s") from error


def _failure(done: subprocess.CompletedProcess[bytes]) -> PawError:
    said = done.stderr.decode("utf-8", "replace").strip().split("\n")
    hint = next((line.removeprefix(_HINT) for line in said if line.startswith(_HINT)), None)
    complaint = [line.removeprefix(_ERROR).strip() for line in said if not line.startswith(_HINT)]
    message = f"pawrun ended with status {done.returncode}: {' '.join(complaint[:3])}"
    return PawError("run-failed", message, hint=hint)
