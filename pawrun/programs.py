"""A program file to a checked Program."""

from __future__ import annotations

from pawformats.errors import PawError
from pawformats.values import Program


def load(path: str) -> Program:
    """Read and verify all of a `.pawbin`. Raises PawError, its message led by the file's name."""
    return read(path)[0]


def read(path: str) -> tuple[Program, str]:
    """The program of a file, and its id. Raises PawError as `load`."""
    from pawformats import pawbin

    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise PawError("program-unreadable", f"cannot read {path}: {error.strerror}") from error
    try:
        return pawbin.load(data), pawbin.program_id(data)
    except PawError as error:
        raise PawError(error.kind, f"{path}: {error.message}", hint=error.hint) from error
