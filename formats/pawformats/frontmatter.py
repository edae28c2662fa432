"""The front matter of a `.paw` source: TOML to settings, each with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import tomli

from . import canonical
from .errors import PawError, Position
from .rules import violations
from .text import BLANKS, Source, has_control, is_line, spelled_key
from .values import DEFAULT_MAX_TOKENS, Contract, Options, OutputKind, Overflow

FENCE = "+++"
KEYS = ("name", "version", "target", "labels", "overflow", "min_confidence", "abstain", "examples", "output")
OUTPUT_KEYS = ("json_schema", "regex", "max_tokens")

_INNER_KEY = re.compile(r"""(?<![\w-])(?P<key>[\w-]+)["']?[ \t]*=[ \t]*""")


@dataclass(frozen=True)
class FrontMatter:
    """Checked settings. `body` is the number of the first line after them; `places` maps a key
    (`labels`, `output.regex`) to the place of its value."""

    source: Source
    body: int
    places: Mapping[str, Position]
    name: str | None = None
    contract: Contract = field(default_factory=Contract)
    options: Options = field(default_factory=Options)
    includes: tuple[str, ...] = ()

    def error(self, kind: str, key: str, message: str, hint: str | None = None) -> PawError:
        return _error(self.source, self.places, kind, key, message, hint)


def read_front_matter(source: Source) -> FrontMatter:
    """The settings at the head of a source; the defaults if its first line is not `+++`.

    Raises PawError, with the place, for TOML or a setting that paw.md forbids.
    """
    if source.lines[0].rstrip(BLANKS) != FENCE:
        return FrontMatter(source, 1, {})
    end = next((n for n, line in enumerate(source.lines[1:], 1) if line.rstrip(BLANKS) == FENCE), None)
    if end is None:
        raise source.error("paw-front-matter-open", "the front matter has no closing `+++` line", 1)
    reader = _Reader(source, end)
    reader.refuse_unknown_keys()
    contract, options = _contract(reader), _options(reader)
    for key, kind, message in violations(contract, options):
        raise reader.error(kind, key, message)
    name, includes = reader.line_of_text("name"), _includes(reader)
    return FrontMatter(source, end + 2, reader.places, name, contract, options, includes)


def _error(
    source: Source, places: Mapping[str, Position], kind: str, key: str, message: str, hint: str | None
) -> PawError:
    # A key that the scan for places missed (an exotic spelling) is reported at its table or the first line.
    place = places.get(key) or places.get(key.split(".")[0]) or Position(source.file, 1, 1)
    return source.error(kind, message, place.line, place.col, hint)


def _toml(source: Source, end: int) -> dict[str, object]:
    try:
        return tomli.loads("\n".join(source.lines[1:end]))
    except tomli.TOMLDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        line = error.lineno + 1  # tomli counts from the line after the fence
        raise source.error("paw-toml", message, line, error.colno) from error
    except (ValueError, RecursionError) as error:  # an integer or a nesting beyond what Python reads
        raise source.error("paw-toml", "the front matter has a value beyond all bounds", 1) from error


class _Reader:
    """Takes settings out of the TOML table and checks the type of each.

    `places` holds where values begin, `keys` where their keys do: found line by line, because tomli
    keeps no positions. A key of the table `output` is written `output.key`.
    """

    def __init__(self, source: Source, end: int) -> None:
        self.source = source
        self.table = _toml(source, end)
        self.places: dict[str, Position] = {}
        self.keys: dict[str, Position] = {}
        self._find_places(end)
        output = self.table.get("output", {})
        if not isinstance(output, dict):
            raise self.error("paw-key-type", "output", "output must be a table")
        self.output: dict[str, object] = output

    def _find_places(self, end: int) -> None:
        prefix = ""
        for number, line in enumerate(self.source.lines[1:end], 2):
            bare = line.lstrip(BLANKS)
            indent = len(line) - len(bare)
            if bare.startswith("["):
                table = bare[1:].partition("]")[0].strip(BLANKS)
                prefix = table + "."
                self._note(table, number, indent + 1, indent + 1)
                continue
            head, equals, rest = line.partition("=")
            if not equals:
                continue
            key = prefix + re.sub(r"""["'\s]""", "", head)
            value = len(line) - len(rest.lstrip(BLANKS))
            self._note(key, number, indent + 1, value + 1)
            if rest.lstrip(BLANKS).startswith("{"):
                for inner in _INNER_KEY.finditer(line, value):
                    self._note(f"{key}.{inner['key']}", number, inner.start() + 1, inner.end() + 1)

    def _note(self, key: str, line: int, key_col: int, value_col: int) -> None:
        self.keys.setdefault(key, Position(self.source.file, line, key_col))
        self.places.setdefault(key, Position(self.source.file, line, value_col))

    def error(self, kind: str, key: str, message: str, hint: str | None = None) -> PawError:
        return _error(self.source, self.places, kind, key, message, hint)

    def refuse_unknown_keys(self) -> None:
        sides = (("", self.table, KEYS, OUTPUT_KEYS), ("output.", self.output, OUTPUT_KEYS, KEYS))
        for prefix, table, known, other in sides:
            for key in table:
                if key in known:
                    continue
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
                if key in other:
                    hint = f"{key} belongs " + ("above [output]" if prefix else "in [output]")
                message = f"unknown key {prefix}{spelled_key(key)}"
                raise _error(self.source, self.keys, "paw-unknown-key", prefix + key, message, hint)

    def value(self, key: str) -> object:
        return self.output.get(key.removeprefix("output.")) if "." in key else self.table.get(key)

    def text(self, key: str) -> str | None:
        value = self.value(key)
        if value is not None and not isinstance(value, str):
            raise self.error("paw-key-type", key, f"{key} must be a string")
        return value

    def line_of_text(self, key: str) -> str | None:
        text = self.text(key)
        if text is not None and not is_line(text):
            raise self.error("paw-line", key, f"{key} must be one line of text without spaces at its ends")
        return text

    def strings(self, key: str) -> tuple[str, ...] | None:
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error("paw-key-type", key, f"{key} must be an array of strings")
        return tuple(value)


def _options(reader: _Reader) -> Options:
    confidence = reader.value("min_confidence")
    if confidence is not None:
        if isinstance(confidence, bool) or not isinstance(confidence, int | float):
            raise reader.error("paw-key-type", "min_confidence", "min_confidence must be a number")
        # A huge integer can't become a float; any number above 1 breaks the same rule.
        confidence = float(min(confidence, 2))
    overflow = reader.text("overflow")
    return Options(
        version=reader.line_of_text("version"),
        target=reader.line_of_text("target"),
        overflow=Options().overflow if overflow is None else cast(Overflow, overflow),
        min_confidence=confidence,
        abstain=reader.text("abstain"),
    )


def _contract(reader: _Reader) -> Contract:
    tokens = reader.value("output.max_tokens")
    if tokens is None:
        tokens = DEFAULT_MAX_TOKENS
    elif isinstance(tokens, bool) or not isinstance(tokens, int):
        raise reader.error("paw-key-type", "output.max_tokens", "output.max_tokens must be an integer")
    kinds: dict[OutputKind, str] = {
        "labels": "labels",
        "json_schema": "output.json_schema",
        "regex": "output.regex",
    }
    return Contract(
        kind=next((kind for kind, key in kinds.items() if reader.value(key) is not None), "free"),
        labels=reader.strings("labels") or (),
        json_schema=_schema(reader),
        regex=reader.text("output.regex"),
        max_tokens=tokens,
    )


def _schema(reader: _Reader) -> str | None:
    """A JSON schema, given as JSON text or as a TOML table, as JSON text without spaces.

    Its keys keep their order: the grammar made from it asks for properties in that order.
    """
    value = reader.value("output.json_schema")
    if value is None:
        return None
    if not isinstance(value, str | dict):
        raise reader.error("paw-key-type", "output.json_schema", "json_schema must be a string or a table")
    try:
        return canonical.dumps(canonical.loads(value) if isinstance(value, str) else value, sort_keys=False)
    except ValueError as error:
        message = f"json_schema is not JSON: {canonical.reason(error)}"
        raise reader.error("schema", "output.json_schema", message) from error


def _includes(reader: _Reader) -> tuple[str, ...]:
    value = reader.value("examples")
    paths = (value,) if isinstance(value, str) else reader.strings("examples") or ()
    if any(not path or has_control(path) for path in paths):
        raise reader.error("paw-line", "examples", "examples must name files")
    return paths
