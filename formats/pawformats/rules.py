"""What holds for an output contract and options wherever they stand: in a source and in an archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from . import canonical
from .text import has_control, is_line
from .values import MAX_MAX_TOKENS, Contract, Options, OutputKind, Overflow


class Violation(NamedTuple):
    """A broken rule: the front-matter key that breaks it, the error kind, the message."""

    key: str
    kind: str
    message: str


def violations(contract: Contract, options: Options) -> Iterator[Violation]:
    """Every rule of paw.md §3 that the two values break, given that their fields have the right types."""
    yield from _fields(contract)
    yield from _labels(contract.labels)
    if contract.json_schema is not None and not _is_schema(contract.json_schema):
        yield Violation("output.json_schema", "schema", "json_schema is not a compact JSON object")
    if contract.regex == "":
        yield Violation("output.regex", "regex-empty", "an empty regex permits only an empty answer")
    if not 1 <= contract.max_tokens <= MAX_MAX_TOKENS:
        yield Violation("output.max_tokens", "max-tokens", f"max_tokens must be 1 to {MAX_MAX_TOKENS}")
    if options.overflow not in get_args(Overflow):
        yield Violation("overflow", "overflow", f"overflow must be one of {', '.join(get_args(Overflow))}")
    if options.min_confidence is not None and not 0 < options.min_confidence <= 1:
        yield Violation("min_confidence", "min-confidence", "min_confidence must be above 0 and at most 1")
    if options.abstain is not None and options.min_confidence is None:
        yield Violation("abstain", "abstain-alone", "abstain needs min_confidence")
    if options.abstain is not None and has_control(options.abstain):
        yield Violation("abstain", "abstain-text", "abstain must be one line of text")


def _fields(contract: Contract) -> Iterator[Violation]:
    """The kind names the one field that is filled in."""
    given = {"json_schema": contract.json_schema is not None, "regex": contract.regex is not None}
    filled = [*(["labels"] if contract.labels else []), *(key for key, there in given.items() if there)]
    if contract.kind not in get_args(OutputKind):
        yield Violation("output", "contract-kind", f"unknown kind of contract {contract.kind!r}")
    elif contract.kind == "labels" and not contract.labels:
        yield Violation("labels", "labels-empty", "labels must name at least one answer")
    elif filled != [kind for kind in (contract.kind,) if kind != "free"]:
        key = next((key for key in reversed(filled) if key != contract.kind), contract.kind)
        message = "labels, json_schema and regex exclude each other"
        yield Violation(key if key == "labels" else f"output.{key}", "contracts", message)


def _labels(labels: tuple[str, ...]) -> Iterator[Violation]:
    seen: set[str] = set()
    for label in labels:
        if not is_line(label):
            message = f"label {label!r} is not one line of text without spaces at its ends"
            yield Violation("labels", "label-text", message)
        if label in seen:
            yield Violation("labels", "label-twice", f"label {label!r} stands twice")
        seen.add(label)


def _is_schema(text: str) -> bool:
    try:
        value = canonical.loads(text)
        return isinstance(value, dict) and canonical.dumps(value, sort_keys=False) == text
    except ValueError:
        return False
