"""The manifest and the tests of a `.pawbin` (formats/pawbin.md §4, §5): values <-> JSON values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TypeVar, cast

from . import canonical
from .errors import PawError
from .rules import violations
from .text import is_line, spelled_key
from .values import (
    BaseRef,
    Contract,
    Example,
    Options,
    OutputKind,
    Overflow,
    Program,
    Prompt,
    PseudoProgram,
    Refinement,
)

KEYS = {
    "": (
        "base",
        "compiler",
        "contract",
        "metadata",
        "name",
        "options",
        "prompt",
        "spec_digest",
        "target",
        "toolchain",
        "version",
    ),
    "base": ("architecture", "context", "name", "sha256", "size"),
    "contract": ("json_schema", "kind", "labels", "max_tokens", "regex"),
    "options": ("abstain", "min_confidence", "overflow"),
    "prompt": ("after", "before", "suffix"),
}
_HEX = frozenset("0123456789abcdef")

T = TypeVar("T")


def write_manifest(program: Program) -> dict[str, object]:
    """The manifest of a program; every key is there, with null for what the program hasn't."""
    contract = asdict(program.contract) | {"labels": list(program.contract.labels)}
    options = {key: value for key, value in asdict(program.options).items() if key in KEYS["options"]}
    return {
        "base": asdict(program.base),
        "compiler": program.compiler,
        "contract": contract,
        "metadata": _write_refinement(program.refinement),
        "name": program.name,
        "options": options,
        "prompt": asdict(program.prompt),
        "spec_digest": program.pseudo_program.spec_digest,
        "target": program.target,
        "toolchain": program.toolchain,
        "version": program.version,
    }


def read_manifest(
    manifest: Mapping[str, object],
    minor: int,
    text: str,
    source: str | None,
    tests: tuple[Example, ...],
    adapter: bytes | None,
    head: bytes | None,
) -> Program:
    """The program that a manifest and the plain sections make.

    `minor` is the archive's minor version, which decides what its metadata may be. Raises PawError for a
    missing, unknown, ill-typed or impossible entry.
    """
    top = _Table("", manifest)
    refinement = _read_refinement(top.value("metadata", dict), minor)
    contract, options = _contract(top.table("contract")), _options(top.table("options"))
    for _, kind, message in violations(contract, options):
        raise PawError(kind, message)
    base, prompt = top.table("base"), top.table("prompt")
    return Program(
        name=top.line("name"),
        version=top.optional("version", top.line),
        target=top.line("target"),
        compiler=top.optional("compiler", top.line),
        base=BaseRef(
            name=base.line("name"),
            architecture=base.line("architecture"),
            sha256=base.digest("sha256"),
            size=base.positive("size"),
            context=base.positive("context"),
        ),
        prompt=Prompt(*(prompt.value(key, str) for key in ("before", "after", "suffix"))),
        pseudo_program=PseudoProgram(text, top.digest("spec_digest")),
        contract=contract,
        options=options,
        adapter=adapter,
        head=head,
        tests=tests,
        source=source,
        toolchain=top.value("toolchain", str),
        refinement=refinement,
    )


def minor_version(program: Program) -> int:
    """The minor version that an archive of the program has: the least that can say all of it."""
    return 0 if program.refinement is None else 1


def _write_refinement(found: Refinement | None) -> dict[str, object]:
    if found is None:
        return {}
    data: dict[str, object] = {} if found.data is None else {"data": found.data}
    return {"level": str(found.level), **data}


def _read_refinement(metadata: Mapping[str, object], minor: int) -> Refinement | None:
    """What the metadata of version 1.1 say. Raises PawError `pawbin-metadata`."""
    level, data = metadata.get("level"), metadata.get("data")
    found = Refinement(int(level), data) if level in ("2", "3") and isinstance(data, str | None) else None
    wrong = not all(isinstance(value, str) for value in metadata.values())
    wrong |= data is not None and not _is_digest(data)
    if minor < 2:  # of a later version, what isn't known here is ignored
        wrong |= metadata != _write_refinement(found) or minor != int(found is not None)
    if wrong:
        raise PawError("pawbin-metadata", f"the manifest's metadata are not those of minor version {minor}")
    return found


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= _HEX


def write_tests(tests: Sequence[Example]) -> bytes:
    """The tests section: a canonical JSON array of objects with input and output."""
    return canonical.dumps([{"input": test.input, "output": test.output} for test in tests]).encode()


def read_tests(text: str) -> tuple[Example, ...]:
    """The tests of a section. Raises PawError unless it is what `write_tests` writes, and not empty."""
    try:
        rows = canonical.loads(text)
        tests = tuple(_test(row) for row in rows) if isinstance(rows, list) else ()
        same = write_tests(tests).decode() == text
    except ValueError as error:
        raise PawError("pawbin-tests", f"the tests are not JSON: {canonical.reason(error)}") from error
    if not tests or not same:
        raise PawError("pawbin-tests", "the tests are not a canonical array of objects with input and output")
    return tests


def _test(row: object) -> Example:
    given, answer = (row.get("input"), row.get("output")) if isinstance(row, dict) else (None, None)
    if not isinstance(given, str) or not isinstance(answer, str):
        raise ValueError("a test is no object with the strings input and output")
    return Example(given, answer)


class _Table:
    """An object of the manifest with exactly its keys; takes values out and checks each."""

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        if values.keys() != set(KEYS[name]):
            odd = min(values.keys() ^ set(KEYS[name]))
            problem = "unknown" if odd in values else "missing"
            raise PawError("pawbin-manifest-keys", f"the manifest's key {self._path(name, odd)} is {problem}")
        self.name, self.values = name, values

    @staticmethod
    def _path(name: str, key: str) -> str:
        key = spelled_key(key)
        return f"{name}.{key}" if name else key

    def _wrong(self, key: str, what: str) -> PawError:
        message = f"the manifest's {self._path(self.name, key)} is not {what}: {self.values[key]!r}"
        return PawError("pawbin-manifest-value", message)

    def value(self, key: str, kind: type[T]) -> T:
        value = self.values[key]
        if type(value) is not kind:  # not isinstance: true is no integer here
            raise PawError(
                "pawbin-manifest-type", f"the manifest's {self._path(self.name, key)} has the wrong type"
            )
        return value

    def optional(self, key: str, read: Callable[[str], T]) -> T | None:
        return None if self.values[key] is None else read(key)

    def text(self, key: str) -> str:
        return self.value(key, str)

    def table(self, key: str) -> _Table:
        return _Table(key, self.value(key, dict))

    def line(self, key: str) -> str:
        text = self.text(key)
        if not is_line(text):
            raise self._wrong(key, "one line of text")
        return text

    def digest(self, key: str) -> str:
        text = self.text(key)
        if not _is_digest(text):
            raise self._wrong(key, "a SHA-256 in lower-case hex")
        return text

    def positive(self, key: str) -> int:
        number = self.value(key, int)
        if number < 1:
            raise self._wrong(key, "above zero")
        return number


def _contract(table: _Table) -> Contract:
    labels = table.value("labels", list)
    if not all(isinstance(label, str) for label in labels):
        raise PawError("pawbin-manifest-type", "the manifest's contract.labels has the wrong type")
    return Contract(
        kind=cast(OutputKind, table.text("kind")),
        labels=tuple(labels),
        json_schema=table.optional("json_schema", table.text),
        regex=table.optional("regex", table.text),
        max_tokens=table.value("max_tokens", int),
    )


def _options(table: _Table) -> Options:
    confidence = table.optional("min_confidence", lambda key: table.value(key, float))
    return Options(
        overflow=cast(Overflow, table.text("overflow")),
        min_confidence=confidence,
        abstain=table.optional("abstain", table.text),
    )
