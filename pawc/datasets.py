"""The rows that -O2 learns from, beside the spec's own examples: files of inputs and answers."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pawformats import canonical, paw
from pawformats.errors import PawError, Position
from pawformats.text import MAX_SOURCE, decode
from pawformats.values import Example, Spec

from . import checks
from .diagnostics import Diagnostic, display_name

#: Kinds of files by the ends of their names.
KINDS = (".tsv", ".csv", ".jsonl")
COLUMNS = ("input", "output")


@dataclass(frozen=True)
class Data:
    """Rows in the order of `files`; `lines` are the lines of each file, for messages."""

    rows: tuple[Example, ...] = ()
    files: tuple[str, ...] = ()
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @property
    def digest(self) -> str | None:
        """SHA-256 (hex) of the rows (pawbin.md §4); None if there are none."""
        if not self.rows:
            return None
        texts = (canonical.dumps([row.input, row.output]) + "\n" for row in self.rows)
        return hashlib.sha256("".join(texts).encode()).hexdigest()


def read(files: Sequence[str]) -> Data:
    """The rows of all files. Raises PawError, placed where it can be, for what can't be read."""
    rows: list[Example] = []
    lines: dict[str, tuple[str, ...]] = {}
    for file in files:
        if not file.endswith(KINDS):
            hint = f"data are read from files in {', '.join(KINDS)}"
            raise PawError("data-type", f"cannot tell what {display_name(file)} holds", hint=hint)
        try:
            with open(file, "rb") as source:
                content = source.read(MAX_SOURCE + 1)
        except OSError as error:
            message = f"cannot read {display_name(file)}: {error.strerror}"
            raise PawError("cannot-read", message) from error
        rows += _csv(content, file) if file.endswith(".csv") else paw.read_table(content, file)
        lines[file] = decode(content, file).lines
    if files and not rows:
        raise PawError("data-empty", f"there are no rows in {', '.join(map(display_name, files))}")
    return Data(tuple(rows), tuple(files), lines)


def _csv(content: bytes, file: str) -> Iterator[Example]:
    """Rows of a table whose first line names its columns, `input` and `output` among them."""
    source = decode(content, file)
    csv.field_size_limit(MAX_SOURCE)
    table = csv.reader(io.StringIO("\n".join(source.lines), newline=""), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in table:
            if not header:
                header = cells
                if any(cells.count(name) != 1 for name in COLUMNS):
                    message = "the first line of a CSV file names its columns, input and output among them"
                    raise source.error("data-csv", message, line)
            elif cells:
                if len(cells) != len(header):
                    message = f"this row has {len(cells)} of {len(header)} cells"
                    raise source.error("data-csv", message, line)
                given, answer = (cells[header.index(name)] for name in COLUMNS)
                yield Example(given, answer, Position(file, line, 1))
            line = table.line_num + 1
    except csv.Error as error:
        raise source.error("data-csv", f"this row is not CSV: {error}", line) from error


def check(spec: Spec, data: Data) -> Iterator[Diagnostic]:
    """Errors and warnings about data for this spec: answers that its contract rules out, and tests that
    are among the rows."""
    rows = (("row", row) for row in data.rows)
    inputs = {row.input: row for row in data.rows}
    leaks = (checks.leak(test, inputs[test.input], "a row") for test in spec.tests if test.input in inputs)
    for one in chain(checks.outputs(spec, rows), leaks):
        notes = tuple(_with_line(note, data) for note in one.notes)
        yield replace(_with_line(one, data), notes=notes)


def _with_line(diagnostic: Diagnostic, data: Data) -> Diagnostic:
    place = diagnostic.position
    if place is None or place.file not in data.lines:
        return diagnostic
    return replace(diagnostic, source_line=data.lines[place.file][place.line - 1])
