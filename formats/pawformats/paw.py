"""The `.paw` source (formats/paw.md): text to a Spec with positions, and a Spec to normalised text."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import tomli

from .errors import PawError, Position
from .values import DEFAULT_MAX_TOKENS, Contract, Example, Options, Spec

FENCE = "+++"
TESTS = "+++ tests"
KEYS = ("name", "version", "target", "labels", "overflow", "min_confidence", "abstain", "examples", "output")
OUTPUT_KEYS = ("json_schema", "regex", "max_tokens")
OVERFLOWS = ("error", "head", "tail", "middle")
MAX_SOURCE = 4 << 20


class _Source:
    """The lines of one file, and errors that point into them."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        if len(data) > MAX_SOURCE:
            raise PawError("paw-too-long", f"{file} is longer than {MAX_SOURCE} bytes")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            line, col = before.count("\n") + 1, error.start - data.rfind(b"\n", 0, error.start)
            place = Position(file, line, col)
            raise PawError(
                "paw-encoding", f"byte 0x{data[error.start]:02x} is not UTF-8", position=place
            ) from error
        self.lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        for number, line_text in enumerate(self.lines, 1):
            if "\0" in line_text:
                self.fail("paw-nul", "the text has a NUL character", number, line_text.index("\0") + 1)

    def fail(self, kind: str, message: str, line: int, col: int = 1, hint: str | None = None) -> NoReturn:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        raise PawError(kind, message, position=Position(self.file, line, col), source_line=text, hint=hint)


def parse(data: bytes, file: str, read: Callable[[str], bytes] | None = None) -> Spec:
    """Parse a source; `read` returns the bytes of an included file, its path as written.

    Raises PawError with position and source line.
    """
    source = _Source(data, file)
    table: dict[str, Any] = {}
    begin = 0
    if source.lines[0].rstrip() == FENCE:
        close = next((i for i, line in enumerate(source.lines[1:], 1) if line.rstrip() == FENCE), None)
        if close is None:
            source.fail(
                "paw-front-matter-open", "the front matter is not closed", 1, hint="end it with a line +++"
            )
        table = _toml(source, "\n".join(source.lines[1:close]))
        begin = close + 1
    split = [i for i, line in enumerate(source.lines) if i >= begin and line.rstrip() == TESTS]
    if len(split) > 1:
        source.fail("paw-tests-twice", "a second tests section", split[1] + 1)
    end = split[0] if split else len(source.lines)
    prose, examples = _blocks(source, begin, end)
    description = "\n".join(prose).strip("\n").rstrip()
    if not description.strip():
        source.fail("paw-no-description", "the spec describes nothing", min(begin + 1, len(source.lines)))
    tests: tuple[Example, ...] = ()
    if split:
        stray, tests = _blocks(source, end + 1, len(source.lines))
        if any(line.strip() for line in stray):
            at = next(i for i, line in enumerate(stray) if line.strip())
            source.fail(
                "paw-tests-prose", "prose after +++ tests", end + 2 + at, hint="start tests with Input:"
            )
        if not tests:
            source.fail("paw-tests-empty", "the tests section has no tests", end + 1)
    lead = next(i for i, line in enumerate(prose) if line.strip())
    positions = {"description": Position(file, begin + 1 + lead, 1)}
    return _with_front_matter(
        source, table, read, Spec(None, description, examples, tests, positions=positions)
    )


def _toml(source: _Source, text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        source.fail("paw-toml", error.msg[0].lower() + error.msg[1:], error.lineno + 1, error.colno)
    except RecursionError:
        source.fail("paw-toml", "the front matter is nested too deeply", 1)


def _blocks(source: _Source, begin: int, end: int) -> tuple[list[str], tuple[Example, ...]]:
    """Prose before the first `Input:` line, then the examples. An output ends at the next `Input:` line."""
    starts = [i for i in range(begin, end) if source.lines[i].startswith("Input:")]
    first = starts[0] if starts else end
    for i in range(begin, first):
        if source.lines[i].startswith("Output:"):
            source.fail("paw-output-alone", "Output: without an Input: before it", i + 1)
        if source.lines[i].rstrip() == FENCE:
            source.fail(
                "paw-fence-late",
                "a line +++ in the prose",
                i + 1,
                hint="front matter starts in the first line",
            )
    examples = []
    for start, stop in zip(starts, [*starts, end][1:], strict=True):
        outputs = [i for i in range(start, stop) if source.lines[i].startswith("Output:")]
        if not outputs:
            source.fail("paw-input-alone", "Input: without an Output: after it", start + 1)
        if len(outputs) > 1:
            source.fail("paw-output-twice", "a second Output: for one Input:", outputs[1] + 1)
        given = _value(source.lines[start : outputs[0]], "Input:")
        answer = _value(source.lines[outputs[0] : stop], "Output:")
        examples.append(Example(given, answer, Position(source.file, start + 1, 1)))
    return source.lines[begin:first], tuple(examples)


def _value(lines: list[str], mark: str) -> str:
    """The text of a block: one blank after the colon and blank lines at the end don't count."""
    text = "\n".join([lines[0].removeprefix(mark).removeprefix(" "), *lines[1:]])
    return re.sub(r"(\n[ \t]*)+\Z", "", text)


def _with_front_matter(
    source: _Source, table: dict[str, Any], read: Callable[[str], bytes] | None, spec: Spec
) -> Spec:
    places = dict(spec.positions)

    def fail(kind: str, key: str, message: str, hint: str | None = None) -> NoReturn:
        place = places.get(key, Position(source.file, 1, 1))
        source.fail(kind, message, place.line, place.col, hint)

    def known(keys: dict[str, Any], allowed: tuple[str, ...], prefix: str) -> None:
        for key in keys:
            places[prefix + key] = _place(source, key)
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                fail(
                    "paw-unknown-key",
                    prefix + key,
                    f"unknown key {prefix}{key}",
                    f"did you mean {near[0]}?" if near else None,
                )

    def text(key: str) -> str | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, str) or not value or "\n" in value):
            fail("paw-type", key, f"{key} must be one line of text")
        return value

    known(table, KEYS, "")
    output = table.get("output", {})
    if not isinstance(output, dict):
        fail("paw-type", "output", "output must be a table")
    known(output, OUTPUT_KEYS, "output.")
    contract = _contract(table, output, fail)
    overflow, floor, abstain = table.get("overflow", "error"), table.get("min_confidence"), text("abstain")
    if overflow not in OVERFLOWS:
        fail("paw-overflow", "overflow", f"overflow must be one of {', '.join(OVERFLOWS)}")
    if floor is not None and (
        isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 < floor <= 1
    ):
        fail("paw-confidence", "min_confidence", "min_confidence must be above 0 and at most 1")
    if (floor is None) != (abstain is None):
        key = "abstain" if floor is None else "min_confidence"
        fail("paw-confidence", key, "min_confidence and abstain go together")
    files = table.get("examples", [])
    files = [files] if isinstance(files, str) else files
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        fail("paw-type", "examples", "examples must be a file name or a list of them")
    included: list[Example] = []
    for name in files:
        if read is None:
            fail("paw-include", "examples", f"{name} cannot be included here")
        included += _table_examples(name, read(name))
    options = Options(
        text("version"), text("target"), overflow, None if floor is None else float(floor), abstain
    )
    return replace(
        spec,
        name=text("name"),
        examples=spec.examples + tuple(included),
        contract=contract,
        options=options,
        includes=tuple(files),
        positions=places,
    )


def _contract(table: dict[str, Any], output: dict[str, Any], fail: Callable[..., NoReturn]) -> Contract:
    limit = output.get("max_tokens", DEFAULT_MAX_TOKENS)
    if type(limit) is not int or not 0 < limit <= 1 << 20:
        fail("paw-max-tokens", "output.max_tokens", "max_tokens must be a positive whole number")
    schema, regex, labels = output.get("json_schema"), output.get("regex"), table.get("labels")
    if sum(value is not None for value in (schema, regex, labels)) > 1:
        fail(
            "paw-contracts",
            "labels" if labels is not None else "output",
            "labels, json_schema and regex exclude each other",
        )
    if labels is not None:
        words = isinstance(labels, list) and labels and all(isinstance(label, str) for label in labels)
        if not words or any(not label.strip() or set(label) & {"\n", "\t"} for label in labels):
            fail("paw-labels", "labels", "labels must be a list of words without tabs and line breaks")
        if len(set(labels)) < len(labels):
            fail("paw-labels", "labels", "a label occurs twice")
        return Contract("labels", tuple(labels), max_tokens=limit)
    if schema is not None:
        try:
            schema = json.loads(schema) if isinstance(schema, str) else schema
            canonical = json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        except (ValueError, TypeError, RecursionError):
            fail("paw-schema", "output.json_schema", "json_schema is not JSON")
        if not isinstance(schema, dict):
            fail("paw-schema", "output.json_schema", "json_schema must be an object")
        return Contract("json_schema", json_schema=canonical, max_tokens=limit)
    if regex is not None:
        if not isinstance(regex, str) or not regex:
            fail("paw-regex", "output.regex", "regex must be text")
        return Contract("regex", regex=regex, max_tokens=limit)
    return Contract(max_tokens=limit)


def _place(source: _Source, key: str) -> Position:
    """Line and column of a front-matter key; of the fence when it is spelt in an unusual way."""
    found = re.compile(rf'\s*(?:\[\s*)?"?{re.escape(key)}"?\s*[=\].]')
    for number, line in enumerate(source.lines, 1):
        if found.match(line):
            return Position(source.file, number, line.index(key) + 1)
    return Position(source.file, 1, 1)


def _table_examples(name: str, data: bytes) -> list[Example]:
    """Examples of an included file: `.jsonl` objects with input and output, else TAB-separated pairs."""
    source = _Source(data, name)
    examples = []
    for number, line in enumerate(source.lines, 1):
        if not line.strip():
            continue
        if name.endswith(".jsonl"):
            try:
                row = json.loads(line)
                pair = [row["input"], row["output"]]
            except (ValueError, KeyError, TypeError, RecursionError):
                source.fail("paw-table", "not an object with input and output", number)
        else:
            pair = line.split("\t")
        if len(pair) != 2 or not all(isinstance(value, str) for value in pair):
            source.fail("paw-table", "not an input and an output", number, hint="separate them by one TAB")
        examples.append(Example(pair[0], pair[1], Position(name, number, 1)))
    return examples


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def dump(spec: Spec) -> str:
    """The normalised source: includes resolved, keys in a fixed order.

    `parse(dump(s))` equals s but for `includes`.
    """
    options, contract = spec.options, spec.contract
    lines = [
        f"{key} = {_quoted(value)}"
        for key, value in (("name", spec.name), ("version", options.version), ("target", options.target))
        if value is not None
    ]
    if contract.kind == "labels":
        lines.append(f"labels = [{', '.join(map(_quoted, contract.labels))}]")
    if options.overflow != "error":
        lines.append(f"overflow = {_quoted(options.overflow)}")
    if options.min_confidence is not None and options.abstain is not None:
        lines += [f"min_confidence = {options.min_confidence!r}", f"abstain = {_quoted(options.abstain)}"]
    table = []
    if contract.json_schema is not None:
        table.append(f"json_schema = {_quoted(contract.json_schema)}")
    if contract.regex is not None:
        table.append(f"regex = {_quoted(contract.regex)}")
    if contract.max_tokens != DEFAULT_MAX_TOKENS:
        table.append(f"max_tokens = {contract.max_tokens}")
    if table:
        lines += ["[output]", *table]
    parts = [f"{FENCE}\n" + "\n".join(lines) + f"\n{FENCE}\n"] if lines else []
    parts.append(spec.description + "\n")
    parts += [f"\nInput: {e.input}\nOutput: {e.output}\n" for e in spec.examples]
    if spec.tests:
        parts.append(f"\n{TESTS}\n")
        parts += [f"Input: {e.input}\nOutput: {e.output}\n" for e in spec.tests]
    return "".join(parts)


def digest(spec: Spec) -> str:
    """SHA-256, in hex, of the normalised source without its tests: what the compiler sees."""
    return hashlib.sha256(dump(replace(spec, tests=())).encode()).hexdigest()
