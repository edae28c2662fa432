"""Exact match on a benchmark: every spec compiled by pawc, its cases run by pawrun as a process.

A line of the benchmark is {"id", "family", "spec", "output_kind", "labels", "cases": [{"input",
"output"}]}. The compiler sees the spec alone, as a user's source; the labels never. Trivial baselines
that see the same are counted on the same cases. With noise, both see each spec as a careless author would
have written it; the noise of a record is drawn from its id.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pawformats import paw
from pawformats.errors import PawError, Position

from pawc import labels, runtime, tables
from pawc.cache import Cache
from pawc.diagnostics import Failed, Reporter
from pawc.driver import Job, Toolbox, compile_source

from .noise import Noise, noisy

BASELINES = ("majority", "random label", "nearest example")
_RESAMPLES = 2_000


@dataclass(frozen=True)
class Record:
    id: str
    family: str
    spec: str
    output_kind: str
    cases: tuple[tuple[str, str], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Of one record: for each case, whether the program was right, and the expected score of each
    baseline (those of BASELINES). `error` says why the program answered nothing."""

    record: Record
    right: tuple[bool, ...]
    baselines: tuple[tuple[float, ...], ...]
    error: str | None


def load(path: str, limit: int | None = None) -> list[Record]:
    """Read a benchmark. Raises PawError, placed at its line, for a record of another form."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")  # a JSON string may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise PawError("cannot-read", f"cannot read {path}: {reason}") from error
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            cases = tuple((case["input"], case["output"]) for case in row["cases"])
            texts = (row["id"], row["family"], row["spec"], row["output_kind"])
            record = Record(*texts, cases, tuple(row.get("labels") or ()))
            given = (*texts, *sum(cases, ()), *record.labels)
            if not cases or not all(isinstance(text, str) for text in given):
                raise ValueError("a field is not a string, or there are no cases")
            json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise PawError(
                "bad-record",
                f"not a record of a benchmark: {_reason(error)}",
                position=Position(path, number, getattr(error, "colno", 1)),
            ) from error
        records.append(record)
    if not records:
        raise PawError("bad-record", f"{path} has no records")
    return records[:limit]


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, UnicodeEncodeError):
        return "a string has half of a surrogate pair"
    return str(error) if isinstance(error, ValueError) else "it has another form"


def evaluate(
    records: Sequence[Record],
    job: Job,
    base: str | None = None,
    tell: Callable[[str], None] = lambda text: None,
    noise: Noise | None = None,
    cache: Cache | None = None,
) -> dict[str, Any]:
    """Compile and run every record, with noise in its spec if asked for; the figures as plain data.

    `base` is pawrun's --base. A record that cannot be compiled or run counts as wrong in every case,
    and is named under "failures". Raises PawError if that is so of all: then something else is wrong.
    """
    if noise:
        records = [disturbed(record, noise) for record in records]
    tools = Toolbox(cache)
    try:
        outcomes = []
        for record in records:
            outcome = _judge(record, job, base, tools)
            outcomes.append(outcome)
            tell(
                f"{record.id}: {sum(outcome.right)} of {len(outcome.right)}"
                + (f", {outcome.error}" if outcome.error else "")
            )
    finally:
        tools.close()
    if all(outcome.error for outcome in outcomes):
        raise PawError("run-failed", f"no record could be compiled and run; the first: {outcomes[0].error}")
    return {**_summary(outcomes, job), "noise": str(noise) if noise else None}


def disturbed(record: Record, noise: Noise) -> Record:
    """The record with noise in its spec, drawn from its id; labels and answers stay as they are."""
    answers = (*record.labels, *(answer for _, answer in record.cases))
    return replace(record, spec=noisy(record.spec, *noise, random.Random(record.id), answers))


def _judge(record: Record, job: Job, base: str | None, tools: Toolbox) -> Outcome:
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
    right = tuple(answer == expected for answer, (_, expected) in zip(answers, record.cases, strict=True))
    return Outcome(record, right, _baselines(record, tools), error)


def _baselines(record: Record, tools: Toolbox) -> tuple[tuple[float, ...], ...]:
    """Scores of each of BASELINES, a row a case. They see the spec's examples and what labels the
    compiler infers; with neither they answer nothing."""
    try:
        spec = paw.parse(record.spec.encode(), record.id)
    except PawError:
        return tuple((0.0,) * len(BASELINES) for _ in record.cases)
    shown = [example.output for example in spec.examples]
    known = labels.infer(spec.description, shown, tools.encoder()) or tuple(dict.fromkeys(shown))
    majority = Counter(shown).most_common(1)[0][0] if shown else known[0] if known else None
    rows = []
    for given, expected in record.cases:
        words = _words(given)
        near = max(spec.examples, key=lambda example: _overlap(words, _words(example.input)), default=None)
        nearest = near.output if near else majority
        chance = 1 / len(known) if expected in known else 0.0
        rows.append((float(majority == expected), chance, float(nearest == expected)))
    return tuple(rows)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _summary(outcomes: Sequence[Outcome], job: Job) -> dict[str, Any]:
    low, high = _interval(outcomes)
    return {
        "level": job.level,
        "quant": job.quant if job.level else None,
        "target": job.target,
        "all": {**_figures(outcomes), "interval95": [low, high]},
        "families": dict(_groups(outcomes, lambda record: record.family)),
        "output_kinds": dict(_groups(outcomes, lambda record: record.output_kind)),
        "failures": [{"id": one.record.id, "error": one.error} for one in outcomes if one.error],
    }


def _groups(
    outcomes: Sequence[Outcome], key: Callable[[Record], str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in sorted({key(one.record) for one in outcomes}):
        yield name, _figures([one for one in outcomes if key(one.record) == name])


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    cases = sum(len(one.right) for one in outcomes)
    scores = np.array([row for one in outcomes for row in one.baselines])
    return {
        "records": len(outcomes),
        "cases": cases,
        "exact_match": sum(map(sum, (one.right for one in outcomes))) / cases,
        "baselines": dict(zip(BASELINES, scores.mean(axis=0).tolist(), strict=True)),
    }


def _interval(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """95 % bootstrap interval of the overall exact match. Whole records are drawn, since the cases of
    one spec are right or wrong together."""
    right = np.array([sum(one.right) for one in outcomes], float)
    cases = np.array([len(one.right) for one in outcomes], float)
    drawn = np.random.default_rng(0).integers(0, len(outcomes), (_RESAMPLES, len(outcomes)))
    shares = right[drawn].sum(axis=1) / cases[drawn].sum(axis=1)
    low, high = np.percentile(shares, (2.5, 97.5))
    return float(low), float(high)


def show(result: dict[str, Any], as_json: bool) -> None:
    """Print the figures: JSON, a table for a terminal, or the same table plainly."""
    if as_json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return
    rows = [("all", result["all"]), *_section(result, "families"), *_section(result, "output_kinds")]
    header = ["", "cases", "exact", *BASELINES]
    table = [
        [
            name,
            str(one["cases"]),
            *(f"{100 * score:.1f}" for score in (one["exact_match"], *one["baselines"].values())),
        ]
        for name, one in rows
    ]
    tables.show(header, table, ends=(0, len(result["families"])))
    exact, low, high = (100 * share for share in (result["all"]["exact_match"], *result["all"]["interval95"]))
    noise = f", noise {result['noise']}" if result["noise"] else ""
    print(f"exact match {exact:.1f} %, 95 % interval {low:.1f} to {high:.1f}{noise}")
    for failure in result["failures"]:
        print(f"failed: {failure['id']}: {failure['error']}")


def _section(result: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    return list(result[name].items())
