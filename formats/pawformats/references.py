"""What names a program on a command line: `x.pawbin`, or `lib.pawbin:name` for one of a library."""

from __future__ import annotations

import os

from .errors import PawError


def split(reference: str) -> tuple[str, str | None]:
    """The file, and the name within it if it is given. A path may have colons: a file that exists as it is
    written is meant, else the shortest one before a colon."""
    at = -1
    while not os.path.exists(reference) and (at := reference.find(":", at + 1)) >= 0:
        if os.path.isfile(reference[:at]):
            return reference[:at], reference[at + 1 :]
    return reference, None


def choose(data: bytes, name: str | None) -> bytes:
    """The program that is meant: of a library the one of that name, else the file itself, which has none.

    Raises PawError as pawlib.load, and for a name that is missing, unknown or too much.
    """
    from . import pawlib  # late: whoever only splits needs no compressor

    if not pawlib.is_library(data):
        if name is None:
            return data
        raise PawError("no-such-program", "this is one program and no library", hint="leave the name out")
    programs = pawlib.load(data)
    if name is not None and name in programs:
        return programs[name]
    hint = f"name one of its programs after a colon: {', '.join(programs)}"
    if name is None:
        raise PawError("whole-library", "this is a library of programs", hint=hint)
    raise PawError("no-such-program", f"the library has no program {name!r}", hint=hint)
