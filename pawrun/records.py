"""Records and answers as bytes: where one ends, what its text is, how an answer is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pawformats.errors import PawError

if TYPE_CHECKING:
    from .answers import Answer

_LINE_BREAK = re.compile(r"\r\n|[\n\r]")


@dataclass(frozen=True)
class Layout:
    """How records are framed and answers are written.

    `separator` ends each record and each answer; None makes a whole input one record, whose answer
    ends with a line feed. `field` set: each record is a JSON object, that field is its text, and the
    answer is the object with `out_field` added; with `distribution`, also every label's probability.
    """

    separator: bytes | None = b"\n"
    field: str | None = None
    out_field: str = "answer"
    with_input: bool = False
    scores: bool = False
    distribution: bool = False


@dataclass(frozen=True)
class Record:
    """One input: its bytes without the separator, and its text or why it has none."""

    raw: bytes
    text: str = ""
    error: PawError | None = None
    document: dict[str, Any] | None = None


class Splitter:
    """Cuts a stream into records, whatever the sizes of the chunks."""

    def __init__(self, separator: bytes | None) -> None:
        self.separator = separator
        self._buffer = bytearray()
        self._searched = 0
        self._begin = 0

    def feed(self, chunk: bytes) -> None:
        del self._buffer[: self._begin]
        self._searched -= self._begin
        self._begin = 0
        self._buffer += chunk

    def take(self) -> bytes | None:
        """The next complete record; None if it isn't complete yet."""
        if self.separator is None:
            return None
        end = self._buffer.find(self.separator, self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        raw = bytes(self._buffer[self._begin : end])
        self._begin = self._searched = end + 1
        return raw

    def rest(self) -> bytes | None:
        """What is left at the end of an input: a last record without its separator, or nothing. The
        whole input, be it empty, without a separator."""
        raw = bytes(self._buffer[self._begin :])
        self._buffer.clear()
        self._begin = self._searched = 0
        return raw if raw or self.separator is None else None


def _content(raw: bytes, layout: Layout) -> bytes:
    """A record without the carriage return of a line that ends in CR LF."""
    return raw[:-1] if layout.separator == b"\n" and raw.endswith(b"\r") else raw


def parse(raw: bytes, layout: Layout) -> Record:
    """The text of a record: UTF-8, a carriage return before a line feed dropped."""
    try:
        text = _content(raw, layout).decode("utf-8")
    except UnicodeDecodeError as error:
        return Record(raw, error=PawError("not-utf8", f"byte {error.start + 1} is not UTF-8"))
    if layout.field is None:
        return Record(raw, text)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Record(raw, error=PawError("not-json", f"not a JSON object: {error}"))
    if not isinstance(document, dict):
        return Record(raw, error=PawError("not-json", "not a JSON object"))
    value = document.get(layout.field)
    if not isinstance(value, str):
        wrong = "is not a string" if layout.field in document else "is missing"
        return Record(raw, error=PawError("no-field", f"field {layout.field!r} {wrong}"), document=document)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        half = PawError("not-utf8", f"field {layout.field!r} holds half a surrogate pair")
        return Record(raw, error=half, document=document)
    return Record(raw, value, document=document)


def render(record: Record, answer: Answer, layout: Layout) -> bytes:
    """An answer with its end; a failed one is an empty slot, or a JSON object with `error`.

    Where a line feed ends an answer, one within it is written as a space.
    """
    if layout.field is not None:
        return _json_line(record, answer, layout)
    text = answer.text
    if layout.separator == b"\n":
        text = _LINE_BREAK.sub(" ", text)
    columns = [text.encode("utf-8")]
    if layout.with_input:
        columns.insert(0, _content(record.raw, layout))
    if layout.scores:
        columns.append(b"" if answer.score is None else f"{answer.score:.4f}".encode())
    return b"\t".join(columns) + (layout.separator or b"\n")


def _json_line(record: Record, answer: Answer, layout: Layout) -> bytes:
    document = dict(record.document or {})
    if answer.error is not None:
        document.pop(layout.out_field, None)  # an answer that the record brought along is none to it
        document["error"] = answer.error.message
    else:
        document[layout.out_field] = answer.text
        if layout.scores:
            document["score"] = answer.score
        if layout.distribution:
            document["distribution"] = answer.distribution
    try:
        return json.dumps(document, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair in another field: leave it escaped
        return json.dumps(document).encode("utf-8") + b"\n"
