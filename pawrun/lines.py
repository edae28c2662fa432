"""Plain text: records are lines, windows of lines, whole inputs, or what NULs end; so are answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pawformats.errors import PawError

from .framing import Splitter, Windows
from .records import Frame, Framer, Record, decode

if TYPE_CHECKING:
    from .answers import Answer

_LINE_BREAK = re.compile(rb"\r\n|[\n\r]")


@dataclass
class _Written:
    """How far `matched` has written: the index of the first line behind that."""

    end: int = 0


@dataclass(frozen=True)
class Lines:
    """`separator` ends each record and each answer; None makes a whole input one record, whose answer
    ends with a line feed. `window` is the size and the stride of windows of lines, which then are the
    records."""

    separator: bytes | None = b"\n"
    with_input: bool = False
    scores: bool = False
    window: tuple[int, int] | None = None
    _written: _Written = field(default_factory=_Written, compare=False, repr=False)

    def framer(self) -> Framer:
        lines = Splitter(self.separator)
        return lines if self.window is None else Windows(lines, *self.window)

    def parse(self, frame: Frame) -> Record:
        """The text of a record: UTF-8, a carriage return before a line feed dropped."""
        if frame.error is not None:
            return Record(frame.raw, error=frame.error, index=frame.index)
        try:
            return Record(frame.raw, decode(self._content(frame.raw)), index=frame.index)
        except PawError as error:
            return Record(frame.raw, error=error, index=frame.index)

    def silence(self, told: str) -> Record:
        return Record(told.encode(), told, silence=True)

    def render(self, record: Record, answer: Answer) -> bytes:
        """Where a line feed ends an answer, one within it is written as a space."""
        text = answer.text.encode("utf-8")
        columns = [_LINE_BREAK.sub(b" ", text) if self.separator == b"\n" else text]
        if self.with_input:
            content = self._content(record.raw)
            columns.insert(0, content if self.window is None else content.replace(b"\n", b" "))
        if self.scores:
            columns.append(b"" if answer.score is None else f"{answer.score:.4f}".encode())
        return b"\t".join(columns) + (self.separator or b"\n")

    def copy(self, record: Record) -> bytes:
        return record.raw + (self.separator or b"")

    def matched(self, record: Record) -> bytes:
        if self.window is None or record.silence:
            return self.copy(record)
        lines = record.raw.split(b"\n")
        fresh = lines[max(0, self._written.end - record.index) :]
        self._written.end = record.index + len(lines)
        return b"".join(line + b"\n" for line in fresh)

    def complete(self) -> Lines:
        return replace(self, with_input=True)

    def _content(self, raw: bytes) -> bytes:
        """A record without the carriage returns of lines that end in CR LF."""
        if self.separator != b"\n":
            return raw
        return raw.removesuffix(b"\r").replace(b"\r\n", b"\n")
