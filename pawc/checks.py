"""What is suspicious or wrong in a spec that parses."""

from __future__ import annotations

from collections.abc import Iterator

from pawformats.values import Example, Spec

from .diagnostics import Diagnostic

#: Every warning, and whether it is given without being asked for.
WARNINGS = {
    "contradictory-example": True,
    "duplicate-example": True,
    "output-contract": False,
    "test-leak": True,
}


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Errors and warnings about a spec, in source order within each check."""
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


def _labels(spec: Spec) -> Iterator[Diagnostic]:
    labels = spec.contract.labels
    if not labels:
        return
    for what, examples in (("example", spec.examples), ("test", spec.tests)):
        for example in examples:
            if example.output not in labels:
                yield Diagnostic(
                    "error",
                    f"the output {_short(example.output)} of this {what} is not one of the labels",
                    position=example.position,
                    hint="labels: " + ", ".join(labels),
                )


def _repetitions(spec: Spec) -> Iterator[Diagnostic]:
    first: dict[str, Example] = {}
    for example in spec.examples:
        before = first.setdefault(example.input, example)
        if before is example:
            continue
        if before.output == example.output:
            flag, message = "duplicate-example", f"this example repeats {_place(before)}"
        else:
            flag = "contradictory-example"
            message = f"{_place(before)} answers the same input with {_short(before.output)}"
        yield Diagnostic("warning", message, position=example.position, flag=flag)
    for test in spec.tests:
        if test.input in first:
            message = f"this test is {_place(first[test.input])}, so it shows nothing"
            yield Diagnostic("warning", message, position=test.position, flag="test-leak")


def _place(example: Example) -> str:
    return f"the example at line {example.position.line}" if example.position else "another example"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
