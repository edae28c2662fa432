"""Exact match on a benchmark: every spec compiled by pawc, its cases run by pawrun as a process.

The compiler sees the spec alone, as a user's source; the labels never. What it is compared with answers the
same cases in the same run: programs for other targets, the same program under noise in its specs, and the
rules of baselines.py. The noise of a record is drawn from its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pawformats.errors import PawError

from pawc import runtime
from pawc.cache import Cache
from pawc.diagnostics import Failed, Reporter
from pawc.driver import Job, Toolbox, compile_source

from . import baselines
from .benchmark import Record, disturbed
from .noise import Noise

#: The system whose figures these are; all others stand beside it.
PROGRAM = "program"
#: What the names of the program's systems under noise begin with.
UNDER = "under "
_RESAMPLES = 2_000


@dataclass(frozen=True)
class System:
    """Something that answers: for each record the share of being right of each case, and for those that could
    not be compiled or run, why."""

    name: str
    scores: tuple[tuple[float, ...], ...]
    failures: Mapping[str, str]


@dataclass(frozen=True)
class Rival:
    """Another target, which a benchmark's specs are compiled for at `level`."""

    target: str
    level: int

    def __str__(self) -> str:
        return f"{self.target} -O{self.level}"


def evaluate(
    records: Sequence[Record],
    job: Job,
    base: str | None = None,
    tell: Callable[[str], None] = lambda text: None,
    noise: Noise | None = None,
    cache: Cache | None = None,
    *,
    against: Sequence[Rival] = (),
    under: Sequence[Noise] = (),
    strong: bool = False,
) -> dict[str, Any]:
    """Compile and run every record, with noise in its spec if asked for; the figures as plain data.

    `base` is pawrun's --base. Beside the program stand those for the targets `against`, the program with the
    noise of each of `under` instead, and the baselines, with the `strong` ones if asked for. A record that
    cannot be compiled or run counts as wrong in every case, and is named under "failures". Raises PawError if
    that is so of all: then something else is wrong.
    """
    rules = baselines.rules(strong)
    clean = records
    if noise:
        records = [disturbed(record, noise) for record in records]
    tools = Toolbox(cache)
    try:
        systems = [_answered(PROGRAM, records, job, base, tools, tell)]
        for rival in against:
            other = replace(job, target=rival.target, level=rival.level, data=())
            systems.append(_answered(str(rival), records, other, base, tools, tell))
        for other_noise in under:
            spoilt = [disturbed(record, other_noise) for record in clean]
            systems.append(_answered(f"{UNDER}{other_noise}", spoilt, job, base, tools, tell))
        shown = [baselines.seen(record, tools) for record in records]
    finally:
        tools.close()
    for name, rule in rules.items():
        scores = tuple(rule(given, record) for given, record in zip(shown, records, strict=True))
        systems.append(System(name, scores, {}))
    return {**_summary(records, systems, job), "noise": str(noise) if noise else None}


def _answered(
    name: str,
    records: Sequence[Record],
    job: Job,
    base: str | None,
    tools: Toolbox,
    tell: Callable[[str], None],
) -> System:
    scores, failures = [], {}
    for record in records:
        right, error = _judge(record, job, base, tools)
        scores.append(right)
        if error:
            failures[record.id] = error
        told = f"{record.id}: {sum(right):.0f} of {len(right)}{f', {error}' if error else ''}"
        tell(told if name == PROGRAM else f"{name}: {told}")
    if len(failures) == len(records):
        first = failures[records[0].id]
        subject = "no record" if name == PROGRAM else f"{name}: no record"
        raise PawError("run-failed", f"{subject} could be compiled and run; the first: {first}")
    return System(name, tuple(scores), failures)


def _judge(
    record: Record, job: Job, base: str | None, tools: Toolbox
) -> tuple[tuple[float, ...], str | None]:
    """Which cases are right, and why none is if the program answered nothing."""
    error: str | None = None
    answers: list[str | None] = []
    try:
        program = compile_source(record.spec.encode(), "spec.paw", job, tools, Reporter())
        replies = runtime.answer(program, [given for given, _ in record.cases], base)
        answers = [reply.answer for reply in replies]
    except PawError as failure:
        error = failure.message
    except Failed:
        error = "the spec has errors"
    answers = answers or [None] * len(record.cases)
    pairs = zip(answers, record.cases, strict=True)
    return tuple(float(answer == expected) for answer, (_, expected) in pairs), error


def _summary(records: Sequence[Record], systems: Sequence[System], job: Job) -> dict[str, Any]:
    every = list(range(len(records)))
    return {
        "level": job.level,
        "quant": job.quant if job.level else None,
        "target": job.target,
        "all": _figures(systems, every),
        "families": dict(_groups(systems, [record.family for record in records])),
        "output_kinds": dict(_groups(systems, [record.output_kind for record in records])),
        "failures": [
            {"system": system.name, "id": name, "error": error}
            for system in systems
            for name, error in system.failures.items()
        ],
    }


def _groups(systems: Sequence[System], names: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in sorted(set(names)):
        yield name, _figures(systems, [place for place, one in enumerate(names) if one == name])


def _figures(systems: Sequence[System], places: Sequence[int]) -> dict[str, Any]:
    """Of some records: the program's share of right cases with its interval, and those of all others."""
    cases = np.array([len(systems[0].scores[place]) for place in places], float)
    drawn = np.random.default_rng(0).integers(0, len(places), (_RESAMPLES, len(places)))
    shares = {}
    for system in systems:
        right = np.array([sum(system.scores[place]) for place in places], float)
        low, high = _interval(right, cases, drawn)
        shares[system.name] = {"exact_match": right.sum() / cases.sum(), "interval95": [low, high]}
    own = shares.pop(PROGRAM)
    return {"records": len(places), "cases": int(cases.sum()), **own, "others": shares}


def _interval(right: np.ndarray, cases: np.ndarray, drawn: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the share of right cases. Whole records are drawn, since the cases of one
    spec are right or wrong together."""
    low, high = np.percentile(right[drawn].sum(axis=1) / cases[drawn].sum(axis=1), (2.5, 97.5))
    return float(low), float(high)
