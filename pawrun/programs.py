"""A program file to a checked Program; `lib.pawbin:name` is one of a library."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pawformats import references
from pawformats.errors import PawError

if TYPE_CHECKING:
    from pawformats.values import Program


#: What tells a file from the one that replaced it: time of change in ns, size, inode.
Stamp = tuple[int, int, int]


def stamp_of(path: str | Path) -> Stamp | None:
    """That of a file as it is now; None if it can't be found."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def load(reference: str) -> Program:
    """Read and verify all of a program. Raises PawError, its message led by the file's name."""
    return read(reference)[0]


def read(reference: str) -> tuple[Program, str]:
    """A program, and its id. Raises PawError as `load`."""
    from pawformats import pawbin

    path, name = references.split(reference)
    with _bytes(path) as data:
        chosen = references.choose(data, name)
        return pawbin.load(chosen), pawbin.program_id(chosen)


def listed(reference: str) -> dict[str, str]:
    """References by name: to each program of a library, or to the one that is meant, which is called by its
    name in a library or the stem of its file. Raises PawError as `load`."""
    from pawformats import pawlib

    path, name = references.split(reference)
    if name is not None:
        return {name: reference}
    with _bytes(path) as data:
        if pawlib.is_library(data):
            return {name: f"{path}:{name}" for name in pawlib.load(data)}
    return {Path(path).stem: path}


@contextmanager
def _bytes(path: str) -> Iterator[bytes]:
    """The file, whose name leads the message of every PawError about it."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise PawError("program-unreadable", f"cannot read {path}: {error.strerror}") from error
    try:
        yield data
    except PawError as error:
        raise PawError(error.kind, f"{path}: {error.message}", hint=error.hint) from error
