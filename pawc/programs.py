"""Program files as pawc reads them: verified entirely, with the file's name in each error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pawformats import pawbin, pawlib, references
from pawformats.errors import PawError
from pawformats.values import Program

from .diagnostics import display_name


def read(path: str) -> bytes:
    """The bytes of a file. Raises PawError `program-unreadable`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise PawError("program-unreadable", f"cannot read {display_name(path)}: {error.strerror}") from error


def load(reference: str) -> tuple[bytes, Program, pawbin.Layout]:
    """A program's bytes, what they hold and what lies where; the program is a file, or `lib.pawbin:name`, one
    of a library. Raises PawError for a file that cannot be read or is not wholly valid."""
    path, name = references.split(reference)
    data = read(path)
    with about(path):
        data = references.choose(data, name)
        return data, pawbin.load(data), pawbin.describe(data)


def each(reference: str) -> list[str]:
    """The programs that are meant: of a whole library all, each as `lib.pawbin:name`; else the one itself.
    Raises PawError as `load` does."""
    path, name = references.split(reference)
    data = read(path)
    with about(path):
        if name is not None or not pawlib.is_library(data):
            return [reference]
        return [f"{path}:{member}" for member in pawlib.load(data)]


@contextmanager
def about(path: str) -> Iterator[None]:
    """Lead the message of every PawError with the name of the file that it is about."""
    try:
        yield
    except PawError as error:
        raise PawError(error.kind, f"{display_name(path)}: {error.message}", hint=error.hint) from error


def is_program(reference: str) -> bool:
    """Whether an input is to be read as a program: by its name, or by how it begins. Standard input and
    what can't be read are sources."""
    path, _ = references.split(reference)
    if path.endswith(".pawbin"):
        return True
    if path == "-" or path.endswith(".paw") or not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(pawbin.SHEBANG + pawbin.MAGIC)).startswith((pawbin.MAGIC, pawbin.SHEBANG))
    except OSError:
        return False
