"""`pawrun` as a process whose streams a test holds."""

from __future__ import annotations

import select
import subprocess
import sys


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pawrun", *map(str, arguments)]


def run(
    env: dict[str, str], *arguments: object, stdin: str | bytes = b"", timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    return subprocess.run(
        command(*arguments), input=data, env=env, capture_output=True, timeout=timeout, check=False
    )


def start(env: dict[str, str], *arguments: object) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*arguments), env=env, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)


def send(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)


def comes(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether there is something to read, or the end, within so many seconds."""
    return bool(select.select([process.stdout], [], [], timeout)[0])


def read_line(process: subprocess.Popen[bytes]) -> bytes:
    """A line that must come while stdin is still open."""
    assert process.stdout is not None
    line = b""
    while not line.endswith(b"\n"):
        assert comes(process, 30), "no answer while stdin is open"
        byte = process.stdout.read(1)
        assert byte, f"ended with {process.stderr.read()!r}"  # type: ignore[union-attr]
        line += byte
    return line
