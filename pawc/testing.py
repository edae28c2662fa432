"""The tests of a program, run through pawrun and compared exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pawformats.values import Example, Spec

from . import runtime
from .diagnostics import Diagnostic, quoted
from .runtime import Reply


@dataclass(frozen=True)
class Result:
    """One test and what the program made of it."""

    test: Example
    reply: Reply

    @property
    def passed(self) -> bool:
        return self.reply.answer == self.test.output


@dataclass(frozen=True)
class Suite:
    """The tests of one file as they went; `error` says why none was run."""

    file: str
    results: tuple[Result, ...] = ()
    seconds: float = 0.0
    error: str | None = None

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def share(self) -> float:
        """Passed tests of all, 0 if none was run."""
        return self.passed / len(self.results) if self.results else 0.0


def run(file: str, program: bytes, tests: Sequence[Example], base: str | None = None) -> Suite:
    """Run tests, one record at a time. Raises PawError `run-failed` if the program can't run."""
    begin = time.perf_counter()
    replies = runtime.answer(program, [test.input for test in tests], base, deterministic=True)
    results = tuple(Result(test, reply) for test, reply in zip(tests, replies, strict=True))
    return Suite(file, results, time.perf_counter() - begin)


def check(spec: Spec, program: bytes) -> Iterator[Diagnostic]:
    """An error for each test of the spec that its program fails; a warning if there is none."""
    if not spec.tests:
        place = spec.positions.get("description")
        yield Diagnostic("warning", "there are no tests to check", place, flag="no-tests")
        return
    for result in run(spec.name or "", program, spec.tests).results:
        if not result.passed:
            yield Diagnostic("error", _complaint(result), result.test.position, kind="test-failed")


def _complaint(result: Result) -> str:
    wanted, got = quoted(result.test.output), result.reply.answer
    if got is None:
        return f"this test has no answer: {result.reply.error}; it wants {wanted}"
    return f"this test is answered {quoted(got)} and wants {wanted}"
