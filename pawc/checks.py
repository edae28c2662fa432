"""What is suspicious or wrong in a spec that parses."""

from __future__ import annotations

from collections.abc import Iterator

from pawformats.errors import PawError, Position
from pawformats.values import Example, Spec

from .diagnostics import Diagnostic

#: Every warning, and whether it is given without being asked for.
WARNINGS = {
    "contradictory-example": True,
    "duplicate-example": True,
    "no-tests": True,
    "output-contract": False,
    "test-leak": True,
}


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Errors and warnings about a spec, in source order within each check."""
    yield from _contract(spec)
    yield from _labels(spec)
    yield from _repetitions(spec)
    if spec.contract.kind == "free":
        yield Diagnostic(
            "warning",
            "the answer may be any text",
            position=spec.positions.get("description"),
            hint='name the answers in the front matter, as in: labels = ["yes", "no"]',
            flag="output-contract",
        )


def _contract(spec: Spec) -> Iterator[Diagnostic]:
    """What pawrun would refuse to enforce."""
    contract = spec.contract
    if spec.options.min_confidence is not None and not contract.labels:
        yield Diagnostic(
            "error",
            "min_confidence needs labels: other answers have no probability",
            position=spec.positions.get("min_confidence"),
        )
    if contract.regex is None and contract.json_schema is None:
        return
    from pawllama.grammar import regex_to_gbnf, schema_to_gbnf

    try:
        if contract.regex is not None:
            regex_to_gbnf(contract.regex)
        elif contract.json_schema is not None:
            schema_to_gbnf(contract.json_schema)
    except PawError as error:
        if error.kind in ("regex-unsupported", "schema-unsupported"):
            place = spec.positions.get(f"output.{contract.kind}") or spec.positions.get("output")
            yield Diagnostic("error", error.message, position=place)


def _labels(spec: Spec) -> Iterator[Diagnostic]:
    labels = spec.contract.labels
    if not labels:
        return
    inferred = "" if "labels" in spec.positions else " (read in the description; -fno-infer-labels: none)"
    for what, examples in (("example", spec.examples), ("test", spec.tests)):
        for example in examples:
            if example.output not in labels:
                yield Diagnostic(
                    "error",
                    f"the output {_short(example.output)} of this {what} is not one of the labels",
                    position=example.position,
                    hint=f"labels: {', '.join(labels)}{inferred}",
                )


def _repetitions(spec: Spec) -> Iterator[Diagnostic]:
    first: dict[str, Example] = {}
    for example in spec.examples:
        before = first.setdefault(example.input, example)
        if before is example:
            continue
        place = _place(before, example.position)
        if before.output == example.output:
            flag, message = "duplicate-example", f"this example repeats {place}"
        else:
            flag = "contradictory-example"
            message = f"{place} answers the same input with {_short(before.output)}"
        yield Diagnostic("warning", message, position=example.position, flag=flag)
    for test in spec.tests:
        if test.input in first:
            message = f"this test is {_place(first[test.input], test.position)}, so it shows nothing"
            yield Diagnostic("warning", message, position=test.position, flag="test-leak")


def _place(example: Example, here: Position | None) -> str:
    place = example.position
    if place is None:
        return "another example"
    same = here is not None and here.file == place.file
    return f"the example at line {place.line}" if same else f"the example at {place.file}:{place.line}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
