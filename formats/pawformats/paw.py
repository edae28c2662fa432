"""The `.paw` source format (formats/paw.md): text to a Spec and back."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from . import canonical
from .errors import Position
from .frontmatter import FrontMatter, read_front_matter
from .text import BLANKS, BOM, Source, decode
from .values import DEFAULT_MAX_TOKENS, Contract, Example, Options, Spec

_FENCE = re.compile(r"\+\+\+(?P<tests> tests)?[ \t]*\Z")
_ESCAPED = re.compile(r"\\+(?:Input:|Output:|\+\+\+(?: tests)?[ \t]*\Z)")
_NEEDS_ESCAPE = re.compile(r"\\*(?:Input:|Output:|\+\+\+(?: tests)?[ \t]*\Z)")
_ESCAPE_HINT = "put a backslash before a line of text that looks like a marker"


def parse(data: bytes, file: str, read: Callable[[str], bytes] | None = None) -> Spec:
    """The spec that a `.paw` source states.

    `file` names the source in positions. `read` returns the bytes of an included file, given its path
    as the source writes it. Raises PawError with a position for everything that paw.md forbids.
    """
    source = decode(data, file)
    front = read_front_matter(source)
    blocks = _split(source, front.body)
    description, place = _description(source, blocks[0])
    examples, tests = _examples(source, blocks[1:])
    for path in front.includes:
        examples += _include(front, path, read)
    return Spec(
        name=front.name,
        description=description,
        examples=tuple(examples),
        tests=tuple(tests),
        contract=front.contract,
        options=front.options,
        includes=front.includes,
        positions={**front.places, "description": place},
    )


def dump(spec: Spec) -> str:
    """The normalised source of a spec, with included examples written out: `parse` gives the spec back."""
    front = _front_lines(spec.name, spec.options, spec.contract)
    parts = ["+++", *front, "+++"] if front else []
    parts += [_escape(line) for line in spec.description.split("\n")]
    for example in spec.examples:
        parts += ["", *_block("Input:", example.input), *_block("Output:", example.output)]
    if spec.tests:
        parts += ["", "+++ tests"]
        for index, test in enumerate(spec.tests):
            parts += [""] if index else []
            parts += [*_block("Input:", test.input), *_block("Output:", test.output)]
    text = "\n".join(parts) + "\n"
    # A byte order mark at the start of a file is dropped: a text that begins with one needs another.
    return BOM + text if text.startswith(BOM) else text


def digest(spec: Spec) -> str:
    """SHA-256 (hex) of the normalised source without its tests: what a compiled program depends on."""
    return hashlib.sha256(dump(replace(spec, tests=())).encode()).hexdigest()


@dataclass
class _Block:
    """The lines from one marker to the next; `line` is the marker's line number."""

    marker: str  # "", "Input:", "Output:" or "tests"
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        return _drop_blank_end("\n".join(self.lines))


def _split(source: Source, start: int) -> list[_Block]:
    """Cut the body (from line `start` on) at its marker lines; the first block is the description."""
    blocks = [_Block("", start, [])]
    for number, line in enumerate(source.lines[start - 1 :], start):
        fence = _FENCE.match(line)
        marker = next((m for m in ("Input:", "Output:") if line.startswith(m)), None)
        if marker is not None:
            first = line[len(marker) :].removeprefix(" ")
            blocks.append(_Block(marker, number, [first] if first else []))
        elif fence and fence["tests"]:
            blocks.append(_Block("tests", number, []))
        elif fence:
            message = "a `+++` line must be the first of the file, or end the front matter"
            raise source.error("paw-fence", message, number, hint=_ESCAPE_HINT)
        else:
            blocks[-1].lines.append(line[1:] if _ESCAPED.match(line) else line)
    return blocks


def _description(source: Source, block: _Block) -> tuple[str, Position]:
    lines = block.lines
    blank = next((index for index, line in enumerate(lines) if line.strip(BLANKS)), len(lines))
    if blank == len(lines):
        place = min(block.line, len(source.lines))
        hint = "say what the function does"
        raise source.error("paw-no-description", "the description is missing", place, hint=hint)
    return _drop_blank_end("\n".join(lines[blank:])), Position(source.file, block.line + blank, 1)


def _examples(source: Source, blocks: list[_Block]) -> tuple[list[Example], list[Example]]:
    """Pair inputs with outputs; those after `+++ tests` are tests."""
    examples: list[Example] = []
    tests: list[Example] = []
    found, waiting = examples, None
    for block in [*blocks, None]:
        if waiting is not None and (block is None or block.marker != "Output:"):
            message = "this input has no output"
            raise source.error("paw-input-without-output", message, waiting.line, hint=_ESCAPE_HINT)
        if block is None:
            break
        if block.marker == "Input:":
            waiting = block
        elif block.marker == "Output:":
            if waiting is None:
                message = "this output has no input"
                raise source.error("paw-output-without-input", message, block.line, hint=_ESCAPE_HINT)
            found.append(Example(waiting.text, block.text, Position(source.file, waiting.line, 1)))
            waiting = None
        elif found is tests:
            raise source.error("paw-tests-twice", "the tests have begun already", block.line)
        else:
            found = tests
            for number, line in enumerate(block.lines, block.line + 1):
                if line.strip(BLANKS):
                    message = "only inputs and outputs stand among the tests"
                    raise source.error("paw-tests-text", message, number)
    return examples, tests


def _include(front: FrontMatter, path: str, read: Callable[[str], bytes] | None) -> list[Example]:
    """The examples of an included `.tsv` or `.jsonl` file."""
    if not path.endswith((".tsv", ".jsonl")):
        message = f"cannot tell what {path} holds"
        hint = "examples are read from .tsv and .jsonl files"
        raise front.error("paw-include-type", "examples", message, hint)
    if read is None:
        raise front.error("paw-include-refused", "examples", f"{path} cannot be included here")
    try:
        data = read(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise front.error("paw-include-unreadable", "examples", f"cannot read {path}: {reason}") from error
    return read_table(data, os.path.join(os.path.dirname(front.source.file), path))


def read_table(data: bytes, file: str) -> list[Example]:
    """The examples of a table whose name ends in `.tsv`, or of one in `.jsonl` (paw.md §4). Raises PawError
    with a position for a row of another form."""
    source = decode(data, file)
    row = _tsv_row if file.endswith(".tsv") else _jsonl_row
    return [row(source, number) for number, line in enumerate(source.lines, 1) if line.strip(BLANKS)]


def _tsv_row(table: Source, number: int) -> Example:
    cells = table.lines[number - 1].split("\t")
    if len(cells) != 2:
        message = f"a row is an input, one TAB and an output, but this one has {len(cells) - 1} TABs"
        raise table.error("paw-tsv-row", message, number, hint="write texts with TABs or line ends as .jsonl")
    return Example(_drop_blank_end(cells[0]), _drop_blank_end(cells[1]), Position(table.file, number, 1))


def _jsonl_row(table: Source, number: int) -> Example:
    try:
        row = canonical.loads(table.lines[number - 1])
    except ValueError as error:
        col = error.colno if isinstance(error, json.JSONDecodeError) else 1
        message = f"this row is not JSON: {canonical.reason(error)}"
        raise table.error("paw-jsonl-row", message, number, col) from error
    given, answer = (row.get("input"), row.get("output")) if isinstance(row, dict) else (None, None)
    if not isinstance(given, str) or not isinstance(answer, str):
        raise table.error("paw-jsonl-row", "a row is an object with the strings input and output", number)
    texts = [text.replace("\r\n", "\n") for text in (given, answer)]
    if any("\r" in text or "\0" in text for text in texts):
        raise table.error("paw-jsonl-row", "a text has a NUL or a carriage return", number)
    return Example(_drop_blank_end(texts[0]), _drop_blank_end(texts[1]), Position(table.file, number, 1))


def _drop_blank_end(text: str) -> str:
    """Without blank lines at the end; white space at the end of the last other line stays."""
    lines = text.split("\n")
    while lines and not lines[-1].strip(BLANKS):
        lines.pop()
    return "\n".join(lines)


def _escape(line: str) -> str:
    return "\\" + line if _NEEDS_ESCAPE.match(line) else line


def _block(marker: str, text: str) -> list[str]:
    """A marker with its value, which begins on the marker's line unless its first line is empty."""
    first, *rest = text.split("\n")
    begin = [f"{marker} {first}"] if first else [marker, ""] if rest else [marker]
    return [*begin, *(_escape(line) for line in rest)]


def _front_lines(name: str | None, options: Options, contract: Contract) -> list[str]:
    """The front matter in its one order, without the fences; a setting with its default is left out."""
    texts = {"name": name, "version": options.version, "target": options.target}
    lines = [f"{key} = {_toml(text)}" for key, text in texts.items() if text is not None]
    if contract.kind == "labels":
        lines.append(f"labels = [{', '.join(map(_toml, contract.labels))}]")
    if options.overflow != Options().overflow:
        lines.append(f"overflow = {_toml(options.overflow)}")
    if options.min_confidence is not None:
        lines.append(f"min_confidence = {options.min_confidence!r}")
    if options.abstain is not None:
        lines.append(f"abstain = {_toml(options.abstain)}")
    output = []
    if contract.json_schema is not None:
        output.append(f"json_schema = {_toml(contract.json_schema)}")
    if contract.regex is not None:
        output.append(f"regex = {_toml(contract.regex)}")
    if contract.max_tokens != DEFAULT_MAX_TOKENS:
        output.append(f"max_tokens = {contract.max_tokens}")
    return [*lines, "[output]", *output] if output else lines


def _toml(text: str) -> str:
    """A basic string of TOML, which differs from JSON's only in that DEL must be escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
