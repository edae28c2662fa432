"""The one error type of the toolchain, and where in a source text it points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text file: 1-based line, 1-based column counted in characters."""

    file: str
    line: int
    col: int


class PawError(Exception):
    """Anything that a user can mend: bad input, a missing file, a refused archive.

    `kind` is a stable kebab-case name, one per way to be wrong; `message` is lower case without a
    full stop; `position` and `source_line` let the command draw a caret; `hint` says what to do.
    The commands catch this type in one place and print it; every other exception is a bug.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        position: Position | None = None,
        source_line: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.position = position
        self.source_line = source_line
        self.hint = hint
