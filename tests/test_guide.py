"""The guide does what it says: its commands run one after the other, and its output is theirs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[1] / "docs" / "guide.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_every_command_of_the_guide(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, module in (("pawc", "pawc.cli"), ("pawrun", "pawrun.start")):
        start = f"import sys; from {module} import main; sys.argv[0] = {name!r}; main()"
        (tools / name).write_text(f'#!/bin/sh\nexec {sys.executable} -c "{start}" "$@"\n')
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    settings = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    blocks = _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert sum(kind == "sh" for kind, _ in blocks) > 15
    for index, (kind, text) in enumerate(blocks):
        if kind != "sh":
            continue
        done = subprocess.run(
            ["sh", "-eu", "-c", text], cwd=work, env=settings, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{text}\n{done.stderr}"
        if index + 1 < len(blocks) and blocks[index + 1][0] == "text":
            assert done.stdout == blocks[index + 1][1], text
