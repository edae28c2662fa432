"""JSON lines: each record is an object, one of its strings is the text, and the answer joins it.

An object's values are never written anew: their text is taken over as it stands, so that a number keeps
every digit, and a string its escapes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pawformats.errors import PawError

from .framing import Splitter
from .records import Frame, Framer, Record, check_member, decode

if TYPE_CHECKING:
    from .answers import Answer

_SPACE = re.compile(r"[ \t\n\r]*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


@dataclass(frozen=True)
class JsonLines:
    """`field` names the text's member: a JSON pointer (RFC 6901) if it begins with a slash, else a member
    of the object itself. `out_field` gets the answer; with `scores` and `distribution`, members of these
    names get the label's probability and every label's."""

    field: str = "input"
    out_field: str = "answer"
    scores: bool = False
    distribution: bool = False

    def framer(self) -> Framer:
        return Splitter(b"\n")

    def parse(self, frame: Frame) -> Record:
        if frame.error is not None:
            return Record(frame.raw, error=frame.error)
        members: tuple[tuple[str, str], ...] = ()
        try:
            document, members = read_object(decode(frame.raw))
            text = _text(document, self.field)
        except PawError as error:
            return Record(frame.raw, error=error, members=members)
        return Record(frame.raw, text, members=members)

    def silence(self, told: str) -> Record:
        raw = json.dumps({"silence": told})
        return Record(raw.encode(), told, members=read_object(raw)[1], silence=True)

    def render(self, record: Record, answer: Answer) -> bytes:
        """The object with the answer, or with `error`; of a line that is no object, `error` alone."""
        added: dict[str, object] = {self.out_field: answer.text}
        if self.scores:
            added["score"] = answer.score
        if self.distribution:
            added["distribution"] = answer.distribution
        if answer.error is not None:
            added = {"error": answer.error.message}
        # An answer that the record brought along is none to it, should it have failed.
        kept = [text for name, text in record.members if name not in added and name != self.out_field]
        written = json.dumps(added, ensure_ascii=False)[1:-1]
        return f"{{{', '.join([*kept, written])}}}\n".encode()

    def copy(self, record: Record) -> bytes:
        return record.raw + b"\n"

    def matched(self, record: Record) -> bytes:
        return self.copy(record)

    def complete(self) -> JsonLines:
        return self


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _unread(_: str) -> None:
    """A number, which is no text; one of a million digits costs nothing."""


_DECODER = json.JSONDecoder(parse_float=_unread, parse_int=_unread, parse_constant=_refuse)


def read_object(text: str) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """A JSON object's values, but for its numbers, and its members' texts in its order. Raises PawError
    `not-json`."""
    values: dict[str, Any] = {}
    members: list[tuple[str, str]] = []
    try:
        at = _expect(text, 0, "{")
        while text[at : at + 1] != "}":
            if members:
                at = _expect(text, at, ",")
            begin = at
            name, at = _DECODER.raw_decode(text, begin)
            if not isinstance(name, str) or text[begin] != '"':
                raise ValueError(f"a name is expected at character {begin + 1}")
            values[name], end = _DECODER.raw_decode(text, _expect(text, _skip(text, at), ":"))
            members.append((name, text[begin:end]))
            at = _skip(text, end)
        if _skip(text, at + 1) != len(text):
            raise ValueError(f"more follows at character {at + 2}")
    except (ValueError, RecursionError) as error:
        raise PawError("not-json", f"not a JSON object: {error}") from error
    return values, tuple(members)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> int:
    """Where the text goes on behind `sign` and the white space around it."""
    at = _skip(text, at)
    if not text.startswith(sign, at):
        raise ValueError(f"{sign} is expected at character {at + 1}")
    return _skip(text, at + 1)


def _text(document: dict[str, Any], field: str) -> str:
    """The string that `field` points at. Raises PawError `no-field`, `not-utf8`."""
    value: Any = document
    names = [part.replace("~1", "/").replace("~0", "~") for part in field[1:].split("/")]
    for name in names if field.startswith("/") else [field]:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            raise PawError("no-field", f"field {field!r} is missing")
    if not isinstance(value, str):
        raise PawError("no-field", f"field {field!r} is not a string")
    check_member(value, field)
    return value
