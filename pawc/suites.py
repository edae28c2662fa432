"""`pawc test`: the embedded tests of files, and how they fare under other phrasings of a spec."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pawformats import paw
from pawformats.errors import PawError
from pawformats.values import Example, Spec

from . import driver, programs, testing
from .cache import Cache
from .diagnostics import Diagnostic, Failed, Reporter, display_name, from_error
from .driver import Job, Toolbox
from .testing import Suite

if TYPE_CHECKING:
    from pawtrainer.noise import Noise


@dataclass(frozen=True)
class Phrasing:
    """The tests of one spec in other words. `passed` has an entry a test, all false if `error` says why
    the spec could not be compiled or run."""

    seed: int
    passed: tuple[bool, ...]
    error: str | None = None

    @property
    def share(self) -> float:
        return sum(self.passed) / len(self.passed)


@dataclass(frozen=True)
class Tested:
    """A file's tests as they went, and under each phrasing that was asked for."""

    suite: Suite
    phrasings: tuple[Phrasing, ...] = field(default=())

    def flips(self) -> Iterator[tuple[int, Example, int]]:
        """The tests that pass under some wordings and fail under others, the source's own among them: the
        test's number from 1, the test, and how many it passes under."""
        for index, result in enumerate(self.suite.results):
            right = [result.passed, *(phrasing.passed[index] for phrasing in self.phrasings)]
            if len(set(right)) == 2:
                yield index + 1, result.test, sum(right)


def run(
    files: Sequence[str],
    job: Job,
    base: str | None,
    reporter: Reporter,
    seeds: Iterable[int] = (),
    noise: Noise | None = None,
    cache: Cache | None = None,
) -> Iterator[Tested]:
    """The tests of each source, program or program of a library. What can't be tested is reported and is a
    suite with an error. With `seeds` each source is compiled again with the noise of each."""
    seeds = tuple(seeds)
    tools = Toolbox(cache)
    try:
        for file in _programs(files):
            try:
                yield _run_one(file, job, base, reporter, tools, seeds, noise)
            except PawError as error:
                reporter.report(from_error(error))
                yield Tested(Suite(display_name(file), error=error.message))
            except Failed:
                yield Tested(Suite(display_name(file), error="the source has errors"))
    finally:
        tools.close()


def _programs(files: Sequence[str]) -> Iterator[str]:
    """The files, each library as its programs. What can't be read is said where it is tested."""
    for file in files:
        try:
            yield from programs.each(file) if programs.is_program(file) else (file,)
        except PawError:
            yield file


def _run_one(
    file: str,
    job: Job,
    base: str | None,
    reporter: Reporter,
    tools: Toolbox,
    seeds: Sequence[int],
    noise: Noise | None,
) -> Tested:
    name = display_name(file)
    if programs.is_program(file):
        if seeds:
            raise PawError("no-source", f"{name}: --variance compiles anew and needs a source")
        data, program, _ = programs.load(file)
        return Tested(testing.run(name, data, _some(program.tests, name), base))
    spec, data = driver.compile_file(file, job, tools, reporter)
    suite = testing.run(name, data, _some(spec.tests, name), base)
    reporter.tell(f"{name}: {suite.passed} of {len(suite.results)} tests passed")
    if not seeds or noise is None:
        return Tested(suite)
    phrasings = []
    for seed in seeds:
        phrasings.append(_phrased(spec, name, seed, noise, job, base, tools))
        reporter.tell(f"{name}: phrasing {seed}: {sum(phrasings[-1].passed)} of {len(suite.results)} passed")
    return Tested(suite, tuple(phrasings))


def _some(tests: tuple[Example, ...], name: str) -> tuple[Example, ...]:
    if not tests:
        hint = "write them at the source's end, after a line: +++ tests"
        raise PawError("no-tests", f"{name} has no tests", hint=hint)
    return tests


def _phrased(
    spec: Spec, name: str, seed: int, noise: Noise, job: Job, base: str | None, tools: Toolbox
) -> Phrasing:
    """A spec's tests with its description in the words that the seed draws, compiled from there on: labels
    that were read in the description must be found in the new one."""
    from pawtrainer.noise import noisy

    labels_read = spec.contract.kind == "labels" and "labels" not in spec.positions
    declared = replace(spec.contract, kind="free", labels=()) if labels_read else spec.contract
    source = paw.dump(replace(spec, contract=declared))
    source = noisy(source, *noise, random.Random(seed), spec.contract.labels)
    try:
        made = driver.compile_source(source.encode(), name, job, tools, _Silent())
        suite = testing.run(name, made, spec.tests, base)
    except PawError as error:
        return Phrasing(seed, (False,) * len(spec.tests), error.message)
    except Failed:
        return Phrasing(seed, (False,) * len(spec.tests), "the source has errors")
    return Phrasing(seed, tuple(result.passed for result in suite.results))


class _Silent(Reporter):
    """Says nothing: a phrasing is no input of the user's."""

    def report(self, diagnostic: Diagnostic) -> bool:
        return diagnostic.severity == "error"
