"""Tables: each row is a record, one of its cells is the text, and the answer becomes its last cell.

A row is never written anew: the answer's cell is put behind its bytes, so that its quoting stays.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pawformats.errors import PawError

from .framing import Splitter
from .records import LONGEST, Frame, Framer, Record, decode, too_long

if TYPE_CHECKING:
    from .answers import Answer

_BOM = b"\xef\xbb\xbf"
csv.field_size_limit(LONGEST)


class Rows:
    """Rows of comma-separated values: a line feed within quotes (RFC 4180) doesn't end a row."""

    def __init__(self) -> None:
        self._lines = Splitter(b"\n")
        self._held: list[bytes] = []
        self._bytes = self._index = 0
        self._first = False
        self._quoted = self._spoilt = False

    def feed(self, chunk: bytes) -> None:
        self._lines.feed(chunk)

    def take(self) -> Frame | None:
        while (line := self._lines.take()) is not None:
            if (row := self._add(line)) is not None:
                return row
        return None

    def rest(self) -> Frame | None:
        ended = True
        while (line := self._lines.rest()) is not None:
            ended = False
            if (row := self._add(line)) is not None:
                return row
        if not self._held and not self._spoilt:
            return None
        if ended:
            self._held.append(b"")  # the line feed at the input's end is within the quotes
        return self._row(PawError("open-quote", "the quotes of its last cell are not closed"))

    def _add(self, line: Frame) -> Frame | None:
        """Take up a line; the row that it completes."""
        if not self._held and not self._spoilt:
            self._first = line.first
        self._bytes += len(line.raw) + 1
        if line.error is not None or self._bytes > LONGEST:
            self._spoilt = True
            self._held.clear()
        else:
            self._held.append(line.raw)
        begin = len(_BOM) if line.first and line.raw.startswith(_BOM) else 0
        self._quoted = line.error is None and _ends_quoted(line.raw, self._quoted, begin)
        return None if self._quoted else self._row(None)

    def _row(self, error: PawError | None) -> Frame:
        raw, spoilt, index = b"\n".join(self._held), self._spoilt, self._index
        raw += b'"' if error else b""  # so that what is put behind it is a cell of its own
        self._held.clear()
        self._bytes, self._index = 0, index + 1
        self._quoted = self._spoilt = False
        return Frame(b"" if spoilt else raw, index, too_long("the row") if spoilt else error, self._first)


def _ends_quoted(line: bytes, quoted: bool, at: int) -> bool:
    """Whether a cell's quotes are still open at the end of a line; `quoted`: at its begin, which is `at`."""
    if not quoted and line.startswith(b'"', at):
        quoted, at = True, at + 1
    while True:
        if quoted:
            at = line.find(b'"', at) + 1
            if not at:
                return True
            if line.startswith(b'"', at):  # two stand for one
                at += 1
                continue
        at = line.find(b",", at) + 1
        if not at:
            return False
        quoted = line.startswith(b'"', at)
        at += quoted


@dataclass
class _Shape:
    """What the first row has told: how many cells a row has, and which of them is the text."""

    width: int = 0
    column: int = 0
    header: tuple[str, ...] = ()
    awaited: bool = False  # the next row is a header


@dataclass(frozen=True)
class Table:
    """`column` is the text's: its name in the header, or its number from 1 where there is none.
    `appended` are the names of the columns that answers add: the answer's, and perhaps the score's."""

    dialect: Literal["csv", "tsv"]
    column: str
    has_header: bool = True
    appended: tuple[str, ...] = ("answer",)
    _shape: _Shape = field(default_factory=_Shape, compare=False, repr=False)

    def framer(self) -> Framer:
        return Rows() if self.dialect == "csv" else Splitter(b"\n")

    def parse(self, frame: Frame) -> Record | None:
        """The text in a row. A blank line passes through; so does the first input's header.

        Raises PawError for a header that can't be read, lacks the column, has the answer's already, or
        isn't that of the first input.
        """
        raw, shape = frame.raw, self._shape
        if frame.first:
            shape.awaited = self.has_header
        if not raw.removesuffix(b"\r") and frame.error is None:
            return Record(raw, tail=b"")
        cells = [""] * shape.width
        try:
            if frame.error is not None:
                raise frame.error
            cells = self._cells(raw.removeprefix(_BOM) if frame.first else raw)
            if shape.awaited:
                return self._header(raw, cells)
            return Record(raw, self._text(cells), fields=len(cells))
        except PawError as error:
            if shape.awaited:
                raise PawError(error.kind, f"the header: {error.message}", hint=error.hint) from error
            return Record(raw, error=error, fields=len(cells) if raw else 1)

    def _cells(self, raw: bytes) -> list[str]:
        """Bytes that aren't UTF-8 are escaped: they matter in the text's cell only."""
        text = raw.removesuffix(b"\r").decode("utf-8", "surrogateescape")
        if self.dialect == "tsv":
            return text.split("\t")
        try:
            return next(csv.reader([text]))
        except csv.Error as error:
            raise PawError("not-csv", f"not comma-separated values: {error}") from error

    def _header(self, raw: bytes, cells: list[str]) -> Record | None:
        shape, header = self._shape, tuple(cells)
        if shape.header:
            if header != shape.header:
                raise PawError("other-header", "it differs from the first input's")
            shape.awaited = False
            return None
        if self.column not in header:
            hint = "it has: " + ", ".join(header)
            raise PawError("no-column", f"there is no column {self.column!r}", hint=hint)
        for name in self.appended:
            if name in header:
                hint = "name the answers' with --out-field"
                raise PawError("column-exists", f"there is a column {name!r} already", hint=hint)
        shape.width, shape.column, shape.header = len(header), header.index(self.column), header
        shape.awaited = False
        return Record(raw, tail=self._line(["", *self.appended]))

    def _text(self, cells: list[str]) -> str:
        shape = self._shape
        if not shape.width:
            shape.width, shape.column = len(cells), int(self.column) - 1
        if len(cells) > shape.width:
            raise PawError("other-width", f"{len(cells)} cells, where the first row has {shape.width}")
        if shape.column >= len(cells):
            raise PawError("no-cell", f"no cell in column {self.column}")
        return decode(cells[shape.column].encode("utf-8", "surrogateescape"))

    def _line(self, cells: list[str]) -> bytes:
        """Cells as written, without an end."""
        if self.dialect == "tsv":
            return "\t".join(re.sub(r"\r\n|[\t\n\r]", " ", cell) for cell in cells).encode("utf-8")
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(cells)
        return line.getvalue().removesuffix("\r\n").encode("utf-8")

    def silence(self, told: str) -> Record | None:
        """A row with `told` for its text; None before the first row, for it has no shape yet."""
        shape = self._shape
        if not shape.width:
            return None
        cells = [""] * shape.width
        cells[shape.column] = told
        return Record(self._line(cells), told, fields=shape.width, silence=True)

    def render(self, record: Record, answer: Answer) -> bytes:
        """The row with the answer behind it: a shorter row is filled up with empty cells first."""
        if record.tail is not None:
            return self._ended(record.raw, record.tail)
        missing = [""] * max(0, self._shape.width - record.fields)
        score = "" if answer.score is None else f"{answer.score:.4f}"
        added = [answer.text, score][: len(self.appended)]
        return self._ended(record.raw, self._line(["", *missing, *added]))

    def copy(self, record: Record) -> bytes:
        return self._ended(record.raw, b"")

    def matched(self, record: Record) -> bytes:
        return self.copy(record)

    def complete(self) -> Table:
        return self

    def _ended(self, raw: bytes, tail: bytes) -> bytes:
        content = raw.removesuffix(b"\r")
        return content + tail + raw[len(content) :] + b"\n"
