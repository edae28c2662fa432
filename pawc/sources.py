"""The texts that one compilation reads: the spec and the files that it includes, by the names that messages
give them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace

from pawformats.errors import PawError
from pawformats.text import decode

from .diagnostics import Diagnostic, display_name


class Sources:
    """`file` names the spec; `opener` returns the bytes of an included file, given its path as the spec
    writes it. `files` are the names of all that were read, the spec first."""

    def __init__(self, file: str, data: bytes, opener: Callable[[str], bytes] | None = None) -> None:
        self.file, self.data = file, data
        self.read = None if opener is None else self._read
        self._opener = opener
        self._texts = {file: data}

    def _read(self, path: str) -> bytes:
        assert self._opener is not None
        name = os.path.join(os.path.dirname(self.file), path)
        self._texts[name] = self._opener(path)
        return self._texts[name]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def lines(self, file: str) -> tuple[str, ...]:
        """The lines of a file that has been parsed, without their ends."""
        return decode(self._texts[file], file).lines

    def with_lines(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic and its notes with the lines of text that they point into."""
        notes = tuple(map(self.with_lines, diagnostic.notes))
        place = diagnostic.position
        if place is None or place.file not in self._texts or diagnostic.source_line is not None:
            return replace(diagnostic, notes=notes)
        line = self.lines(place.file)[place.line - 1]
        return replace(diagnostic, source_line=line, notes=notes)


def sources_of(file: str) -> Sources:
    """The text of a file, or of standard input for `-`, which may include others beside it. Raises
    PawError `cannot-read`."""
    return Sources("<stdin>" if file == "-" else file, _read(file), _includes(file))


def _read(file: str) -> bytes:
    try:
        if file == "-":
            if sys.stdin is None:
                raise PawError("cannot-read", "cannot read standard input: it is closed")
            return sys.stdin.buffer.read()
        with open(file, "rb") as source:
            return source.read()
    except OSError as error:
        raise PawError("cannot-read", f"cannot read {display_name(file)}: {error.strerror}") from error
    except ValueError as error:  # a NUL, which only a response file can bring in
        raise PawError("cannot-read", f"cannot read {file!r}: this is no name of a file") from error


def _includes(file: str) -> Callable[[str], bytes]:
    """A reader of included files, relative to the folder of the source that names them."""
    folder = os.path.dirname(file)

    def read(path: str) -> bytes:
        with open(os.path.join(folder, path), "rb") as included:
            return included.read()

    return read
