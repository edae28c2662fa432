"""The commands as a user runs them: real processes in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LABELS = """+++
labels = ["ALERT", "QUIET"]
+++
Classify lines. ALERT if the disk is full.
QUIET for step and loss.

Input: step loss
Output: QUIET

Input: disk full
Output: ALERT
"""
FREE = """+++
[output]
max_tokens = 6
+++
Repeat the word. Say nothing else.

Input: in
Output: in
"""


class Shell:
    """`pawc` and `pawrun` in a folder, for one target, whose base lies beside it."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.folder, self.target = folder, target

    def __call__(
        self, *words: str, stdin: str = "", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            **(environment or {}),
        }
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            input=stdin,
            env=settings | {"PAW_BASE_PATH": str(self.target.parent), "PAW_TARGET_PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    def compile(self, name: str, source: str, *options: str) -> Path:
        """STEM.pawbin of a source that is written first."""
        (self.folder / name).write_text(source)
        done = self("pawc", "--target", str(self.target), *options, name)
        assert done.returncode == 0, done.stderr
        return (self.folder / name).with_suffix(".pawbin")

    def answers(self, program: Path, *records: str) -> list[str]:
        """What the program says to each record."""
        done = self("pawrun", "--deterministic", str(program), stdin="".join(f"{one}\n" for one in records))
        assert done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n").split("\n")
