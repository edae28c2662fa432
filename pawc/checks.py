"""What is suspicious or wrong in a spec that parses."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pawformats.errors import PawError, Position
from pawformats.values import Contract, Example, Spec

from .diagnostics import Diagnostic, quoted
from .verbs import has_verb

#: Characters below which a description says too little to be one.
_LEAST_DESCRIPTION = 10
#: A description of more words than this, or one that names the answers, needs no verb that is known here.
_MOST_VERBLESS_WORDS = 8


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Errors and warnings about a spec, in source order within each check."""
    if spec.options.min_confidence is not None and not spec.contract.labels:
        yield Diagnostic(
            "error",
            "min_confidence needs labels: other answers have no probability",
            position=spec.positions.get("min_confidence"),
            kind="confidence-without-labels",
        )
    yield from outputs(spec, _pairs(spec))
    yield from _repetitions(spec)
    yield from _untrimmed(spec)
    yield from _unshown(spec)
    yield from _vague(spec)
    if spec.contract.kind == "free":
        yield Diagnostic(
            "warning",
            "the answer may be any text",
            position=spec.positions.get("description"),
            hint='name the answers in the front matter, as in: labels = ["yes", "no"]',
            flag="output-contract",
        )


def check_contract(spec: Spec) -> Iterator[Diagnostic]:
    """A regex or schema that pawrun would refuse to enforce. Loads llama.cpp if there is one."""
    contract = spec.contract
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
            yield Diagnostic("error", error.message, position=place, kind=error.kind)


def _pairs(spec: Spec) -> Iterator[tuple[str, Example]]:
    """Every example, then every test, each with what it is."""
    yield from (("example", example) for example in spec.examples)
    yield from (("test", test) for test in spec.tests)


def outputs(spec: Spec, pairs: Iterable[tuple[str, Example]]) -> Iterator[Diagnostic]:
    """Outputs that the contract rules out, of pairs of what it is and the example: an error with labels, to
    one of which it must belong."""
    labels, matches = spec.contract.labels, _Matches(spec.contract.regex)
    inferred = "" if "labels" in spec.positions else " (read in the description; -fno-infer-labels: none)"
    for what, example in pairs:
        output = f"the output {quoted(example.output)} of this {what}"
        if labels and example.output not in labels:
            yield Diagnostic(
                "error",
                f"{output} is not one of the labels",
                position=example.position,
                hint=f"labels: {', '.join(labels)}{inferred}",
                kind="output-not-a-label",
            )
        elif (wrong := _broken(spec.contract, matches, example.output)) is not None:
            message, flag = f"{output} {wrong}", "contradictory-example"
            yield Diagnostic("warning", message, position=example.position, flag=flag)


class _Matches:
    """Whether outputs match a contract's regex whole, as far as a second tells: nested repetitions take
    Python's engine years, and here a warning is all that hangs on it."""

    def __init__(self, regex: str | None) -> None:
        self._regex, self._left = regex, 1.0

    def __call__(self, output: str) -> bool:
        """True where it isn't known."""
        if self._regex is None or self._left <= 0:
            return True
        began = time.monotonic()
        try:
            with _at_most(self._left):
                return re.fullmatch(self._regex, output, re.ASCII) is not None
        except (re.error, OverflowError, RecursionError):  # not Python's dialect after all
            return True
        except TimeoutError:
            return True
        finally:
            self._left -= time.monotonic() - began


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what takes longer. Only a main thread can be told so; others aren't."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _broken(contract: Contract, matches: _Matches, output: str) -> str | None:
    """How an output breaks a regex or is no JSON; whether JSON fits its schema is not judged."""
    if contract.regex is not None:
        return None if matches(output) else "does not match the regex of the contract"
    if contract.json_schema is not None:
        try:
            json.loads(output)
        except (ValueError, RecursionError):
            return "is not JSON, as the contract asks"
    return None


def _repetitions(spec: Spec) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], Example] = {}
    for what, example in _pairs(spec):
        before = first.setdefault((what, example.input), example)
        if before is not example and before.output == example.output:
            message = f"this {what} repeats an earlier one"
            yield _pointing("duplicate-example", example, message, before, "the earlier one")
        elif before is not example:
            message = f"this {what} gives an input another output, {quoted(example.output)}"
            earlier = f"the {what} that answers it with {quoted(before.output)}"
            yield _pointing("contradictory-example", example, message, before, earlier)
        if what == "test" and ("example", example.input) in first:
            yield leak(example, first["example", example.input], "an example")


def leak(test: Example, at: Example, what: str) -> Diagnostic:
    """A warning at a test whose input is that of `at`, which is `what`: an example, a row."""
    message = f"this test shows nothing: its input is that of {what}"
    return _pointing("test-leak", test, message, at, f"the {what.split()[-1]}")


def _pointing(flag: str, at: Example, message: str, to: Example, what: str) -> Diagnostic:
    """A warning at one example with a note at another."""
    note = Diagnostic("note", f"{what} is here", position=to.position)
    return Diagnostic("warning", message, at.position, flag=flag, notes=(note,) if to.position else ())


def _untrimmed(spec: Spec) -> Iterator[Diagnostic]:
    for what, example in _pairs(spec):
        for side, text in (("input", example.input), ("output", example.output)):
            if text != text.strip():
                end = "begins" if text != text.lstrip() else "ends"
                message = f"the {side} of this {what} {end} with white space"
                yield Diagnostic("warning", message, position=example.position, flag="untrimmed-text")


def _unshown(spec: Spec) -> Iterator[Diagnostic]:
    labels = spec.contract.labels
    shown = {example.output for _, example in _pairs(spec)}
    missing = [label for label in labels if label not in shown]
    if missing:
        place: Position | None = spec.positions.get("labels") or spec.positions.get("description")
        yield Diagnostic(
            "warning",
            f"no example or test shows {_listed(missing)}",
            position=place,
            hint="an example of a label says more than its name",
            flag="unshown-label",
        )


def _listed(labels: Sequence[str]) -> str:
    named = ", ".join(map(quoted, labels[:5]))
    more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
    return f"the label{'s' if len(labels) > 1 else ''} {named}{more}"


def _vague(spec: Spec) -> Iterator[Diagnostic]:
    text = spec.description.strip()
    if len(text) < _LEAST_DESCRIPTION:
        why = f"{len(text)} characters"
    elif not spec.contract.labels and len(text.split()) <= _MOST_VERBLESS_WORDS and not has_verb(text):
        why = "no verb"
    else:
        return
    yield Diagnostic(
        "warning",
        f"the description is vague: it has {why}",
        position=spec.positions.get("description"),
        hint="say what the function does with its input, and what it answers",
        flag="vague-spec",
    )
