"""What a client and a server say to each other over HTTP: paths, settings, answers and errors as JSON.

Light on purpose: a client imports this before it can ask anything.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import cast, get_args
from urllib.parse import parse_qsl, quote, urlencode

from pawformats.errors import PawError

from .answers import Answer, Policy
from .jsonl import read_object
from .records import check_member, decode

PROGRAMS, RUN = "/v1/programs/", "/v1/run/"
JSON, NDJSON = "application/json", "application/x-ndjson"

#: The field of a request's object that holds a record's text.
FIELD = "input"


@dataclass(frozen=True)
class Settings:
    """How a session is to be opened; None is the program's own."""

    batch: int = 8
    max_tokens: int | None = None
    overflow: Policy | None = None
    min_confidence: float | None = None
    abstain: str | None = None


@dataclass(frozen=True)
class Query:
    """What a request asks: a session with `settings`, answers within `timeout` seconds, a first line of a
    streamed response that describes the program, and the probability of every label with each answer."""

    settings: Settings = field(default_factory=Settings)
    timeout: float | None = None
    described: bool = False
    distribution: bool = False


_BESIDE = tuple(one.name for one in fields(Query) if one.name != "settings")


def address(program: str, query: Query) -> str:
    """The path and query of a stream to a program, which is a name or an absolute path."""
    asked = vars(query.settings) | {name: getattr(query, name) for name in _BESIDE}
    asked = {name: int(value) if isinstance(value, bool) else value for name, value in asked.items()}
    given = {name: value for name, value in asked.items() if value is not None}
    return f"{RUN}{quote(program.encode('utf-8', 'surrogateescape'), safe='')}?{urlencode(given)}"


def read_query(query: str) -> Query:
    """What the query of a request's address asks. Raises PawError `bad-request`."""
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict"))
    except ValueError as error:
        raise PawError("bad-request", f"the query is none: {error}") from error
    unknown = given.keys() - {one.name for one in fields(Settings)} - set(_BESIDE)
    if unknown:
        raise PawError("bad-request", f"unknown setting {min(unknown)!r}")
    overflow = given.get("overflow")
    if overflow not in (None, *get_args(Policy)):
        raise PawError("bad-request", f"overflow is one of {', '.join(get_args(Policy))}")
    settings = Settings(
        batch=int(_number(given, "batch", 1, 128, whole=True) or Settings.batch),
        max_tokens=_whole(_number(given, "max_tokens", 1, 1 << 20, whole=True)),
        overflow=cast("Policy | None", overflow),
        min_confidence=_number(given, "min_confidence", 0, 1),
        abstain=given.get("abstain"),
    )
    return Query(
        settings,
        _number(given, "timeout", 0.001, 86_400),
        bool(_number(given, "described", 0, 1, whole=True)),
        bool(_number(given, "distribution", 0, 1, whole=True)),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _number(
    given: Mapping[str, str], name: str, least: float, most: float, whole: bool = False
) -> float | None:
    if name not in given:
        return None
    try:
        number = float(int(given[name])) if whole else float(given[name])
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise PawError("bad-request", f"{name} is a number from {least} to {most}")
    return number


def request_line(text: str) -> bytes:
    """A record as a line of a streamed request."""
    return json.dumps({FIELD: text}, ensure_ascii=False).encode("utf-8") + b"\n"


def read_record(line: bytes) -> str:
    """The text of a record's line, or of a request with one. Raises PawError `not-utf8`, `not-json` or
    `no-field`."""
    text = read_object(decode(line))[0].get(FIELD)
    if not isinstance(text, str):
        raise PawError("no-field", f"a record is an object whose field {FIELD!r} is a string")
    check_member(text, FIELD)
    return text


def answer_line(answer: Answer) -> bytes:
    """A record's answer as a line of a streamed response."""
    return json.dumps(answer_object(answer), ensure_ascii=False).encode("utf-8") + b"\n"


def answer_object(answer: Answer) -> dict[str, object]:
    """What a response says of one record: `answer`, with `score` under a label contract and `distribution` if
    it was asked for; or `error`."""
    if answer.error is not None:
        return error_object(answer.error)
    more = {"score": answer.score, "distribution": answer.distribution}
    return {"answer": answer.text} | {name: value for name, value in more.items() if value is not None}


def error_object(error: PawError) -> dict[str, object]:
    said = {"kind": error.kind, "message": error.message}
    return {"error": said | ({"hint": error.hint} if error.hint else {})}


def read_answer(data: bytes) -> Answer:
    """The answer of a server's line. Raises PawError `bad-answer` for anything else."""
    try:
        said = json.loads(data)
        if "error" in said:
            return Answer("", error=read_error(said["error"]))
        text, score, odds = said["answer"], said.get("score"), said.get("distribution")
        if isinstance(text, str) and isinstance(score, float | None) and isinstance(odds, dict | None):
            return Answer(text, score, distribution=odds)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise PawError("bad-answer", f"the server did not answer as one: {data[:80]!r}")


def read_error(said: Mapping[str, str]) -> PawError:
    return PawError(said["kind"], said["message"], hint=said.get("hint"))
