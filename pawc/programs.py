"""Program files as pawc reads them: verified entirely, with the file's name in each error."""

from __future__ import annotations

import os

from pawformats import pawbin
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


def load(path: str) -> tuple[bytes, Program, pawbin.Layout]:
    """A program file's bytes, what they hold and what lies where. Raises PawError for a file that cannot
    be read or is not wholly valid."""
    data = read(path)
    try:
        return data, pawbin.load(data), pawbin.describe(data)
    except PawError as error:
        raise PawError(error.kind, f"{display_name(path)}: {error.message}", hint=error.hint) from error


def is_program(path: str) -> bool:
    """Whether an input is to be read as a program: by its name, or by how it begins. Standard input and
    what can't be read are sources."""
    if path.endswith(".pawbin"):
        return True
    if path == "-" or path.endswith(".paw") or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(pawbin.SHEBANG + pawbin.MAGIC)).startswith((pawbin.MAGIC, pawbin.SHEBANG))
