"""What a text file is: bytes to lines, errors that point into them, and what counts as one line of text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .errors import PawError, Position

MAX_SOURCE = 16 << 20
BLANKS = " \t"
BOM = "\ufeff"


@dataclass(frozen=True)
class Source:
    """A decoded text file; lines carry no line ends."""

    file: str
    lines: tuple[str, ...]

    def error(self, kind: str, message: str, line: int, col: int = 1, hint: str | None = None) -> PawError:
        """An error at a place of this file, with the line that it points into."""
        shown = self.lines[line - 1] if line <= len(self.lines) else ""
        return PawError(kind, message, position=Position(self.file, line, col), source_line=shown, hint=hint)


def decode(data: bytes, file: str) -> Source:
    """Lines of UTF-8 bytes. A byte order mark is dropped and CRLF read as LF.

    Raises PawError at the first byte that is not UTF-8, a NUL or a lone carriage return, and for more
    than MAX_SOURCE bytes.
    """
    if len(data) > MAX_SOURCE:
        raise PawError("text-too-large", f"{file} has {len(data)} bytes; {MAX_SOURCE} are allowed")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(BOM).split("\n")
        line = data.split(b"\n")[len(before) - 1].decode("utf-8", "replace").removeprefix(BOM)
        where = Position(file, len(before), len(before[-1]) + 1)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise PawError("text-encoding", message, position=where, source_line=line.rstrip("\r")) from error
    source = Source(file, tuple(text.removeprefix(BOM).replace("\r\n", "\n").split("\n")))
    for number, line in enumerate(source.lines, 1):
        if "\0" in line:
            raise source.error("text-nul", "a text has no NUL", number, line.index("\0") + 1)
        if "\r" in line:
            message = "a carriage return stands only before a line feed"
            raise source.error("text-carriage-return", message, number, line.index("\r") + 1)
    return source


def spelled_key(key: str) -> str:
    """A TOML key as a file could have it, on one line: as it is, or in quotes unless it is bare."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)


def is_line(text: str) -> bool:
    """Whether a text is one line to show to people: not empty, no control character, no space at its ends."""
    return bool(text) and text == text.strip(" ") and not has_control(text)


def has_control(text: str) -> bool:
    """Whether a text has a control character (C0, DEL, C1) or one of Unicode's line separators."""
    return any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" for c in text)
