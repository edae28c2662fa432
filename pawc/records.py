"""Records for programs to be tried on."""

from __future__ import annotations

import sys

from pawformats.errors import PawError, Position

STDIN = "-"


def read(path: str) -> str:
    """All of a UTF-8 file, or of standard input for `-`. Raises PawError `cannot-read`."""
    name = "standard input" if path == STDIN else path
    try:
        if path != STDIN:
            with open(path, "rb") as file:
                data = file.read()
        elif sys.stdin is None:
            raise PawError("cannot-read", "cannot read standard input: it is closed")
        else:
            data = sys.stdin.buffer.read()
    except OSError as error:
        raise PawError("cannot-read", f"cannot read {name}: {error.strerror}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = None if path == STDIN else Position(path, line, 1)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise PawError("cannot-read", message if place else f"{name}: {message}", position=place) from error


def read_lines(path: str) -> list[str]:
    """The lines of a file as pawrun takes them: without LF or CRLF, the last one with or without it."""
    lines = read(path).split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]
