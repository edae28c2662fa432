"""Which part of a program decides on a record: the answer as it is, and with each part left out.

A source is compiled again without each clause and each example of its spec; its contract stays. A program
file does not say what its adapter owes to which line, so the pseudo-program alone is varied, beside the
adapter as it is. With a label head no pseudo-program is read: the source that the program holds is compiled
again, if the target that made it is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pawformats import paw, pawbin
from pawformats.errors import PawError
from pawformats.values import Program, PseudoProgram, Spec

from . import definitions, driver, programs, runtime, tables
from .cache import Cache
from .diagnostics import Diagnostic, Reporter, display_name, printable
from .driver import Job, Toolbox
from .runtime import Reply

#: Columns of probabilities; of more labels the likeliest are shown.
_MOST_LABELS = 6
#: Characters shown of a part, and of a free answer.
_PART, _ANSWER = 52, 60
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+")


@dataclass(frozen=True)
class Variant:
    """A program with a part left out: `kind` says what sort of part, `text` which one, and `line` where it
    stands in the source or pseudo-program. The whole program has the kind "nothing"."""

    kind: str
    text: str
    line: int | None
    program: bytes


@dataclass(frozen=True)
class Row:
    variant: Variant
    reply: Reply


@dataclass(frozen=True)
class Explanation:
    """The whole program's row first. `labels` is empty for free answers."""

    file: str
    record: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]

    def change(self, row: Row) -> float | None:
        """What the left-out part adds to the probability of the label that is likeliest with it."""
        whole, without = self.rows[0].reply.distribution, row.reply.distribution
        return None if not whole or not without else whole[likeliest(whole)] - without[likeliest(whole)]


def likeliest(distribution: Mapping[str, float]) -> str:
    return max(distribution, key=lambda label: distribution[label])


def explain(
    file: str, record: str, job: Job, base: str | None, reporter: Reporter, cache: Cache | None = None
) -> Explanation:
    """Run every variant of a source or program file on one record. Raises PawError as the file can't be
    compiled or run, or has no answer to the record, and Failed for a source with errors."""
    tools = Toolbox(cache)
    try:
        if programs.is_program(file):
            data, program, _ = programs.load(file)
            variants = list(_of_program(data, program, job, tools, reporter))
        else:
            spec, data = driver.compile_file(file, job, tools, reporter)
            program = pawbin.load(data)
            variants = list(_of_spec(spec, data, program, display_name(file), job, tools))
    finally:
        tools.close()
    labels = program.contract.labels
    rows: list[Row] = []
    for variant in variants:
        reporter.tell(
            f"without {variant.kind}: {variant.text}" if variant.text else f"without {variant.kind}"
        )
        reply = runtime.answer(
            variant.program, [record], base, deterministic=True, distribution=bool(labels)
        )[0]
        if reply.answer is None and not rows:
            raise PawError("record-failed", f"{file} has no answer to this record: {reply.error}")
        rows.append(Row(variant, reply))
    return Explanation(display_name(file), record, labels, tuple(rows))


def _of_spec(
    spec: Spec, data: bytes, program: Program, name: str, job: Job, tools: Toolbox
) -> Iterator[Variant]:
    """A spec's program, and those of the spec without each of its parts."""

    def compiled(kind: str, shorter: Spec, text: str = "", line: int | None = None) -> Variant:
        return Variant(kind, text, line, driver.compile_spec(shorter, name, job, tools, Reporter()))

    yield Variant("nothing", "", None, data)
    yield from _without_adapter(program)
    spans = list(definitions.clauses(spec.description, spec.contract.labels))
    if spec.examples:
        yield compiled("the examples", replace(spec, examples=()))
    if len(spans) > 1:
        yield compiled("the description", replace(spec, description=""))
    if program.head is not None:
        yield compiled("all but the labels' names", replace(spec, description="", examples=()))
    place = spec.positions.get("description")
    for begin, end in spans:
        rest = (spec.description[:begin] + spec.description[end:]).strip()
        line = place.line + spec.description.count("\n", 0, begin) if place else None
        yield compiled("clause", replace(spec, description=rest), spec.description[begin:end], line)
    for index, example in enumerate(spec.examples):
        rest_of = spec.examples[:index] + spec.examples[index + 1 :]
        line = example.position.line if example.position else None
        shown = f"{example.input} → {example.output}"
        yield compiled("example", replace(spec, examples=rest_of), shown, line)


def _without_adapter(program: Program) -> Iterator[Variant]:
    if program.joint is not None:
        yield Variant("joint reading", "", None, pawbin.dump(replace(program, adapter=None, joint=None)))
    elif program.adapter is not None:
        bare = replace(program, adapter=None, compiler=None)
        yield Variant("the adapter", "", None, pawbin.dump(bare))


def _of_program(
    data: bytes, program: Program, job: Job, tools: Toolbox, reporter: Reporter
) -> Iterator[Variant]:
    """What can be varied of a program file; what can't is said in a note."""
    if program.head is None:
        message = "only the pseudo-program is varied: what its lines gave the adapter isn't known"
        reporter.report(_note(message, "explain the source: pawc explain FILE.paw RECORD"))
        yield Variant("nothing", "", None, data)
        yield from _without_adapter(program)
        text, digest = program.pseudo_program.text, program.pseudo_program.spec_digest
        for kind, begin, end in parts(text):
            shorter = PseudoProgram(text[:begin] + text[end:] or "\n", digest)
            line = text.count("\n", 0, begin) + 1
            yield Variant(kind, text[begin:end], line, pawbin.dump(replace(program, pseudo_program=shorter)))
        return
    yield from _of_head(data, program, job, tools, reporter)


def _of_head(
    data: bytes, program: Program, job: Job, tools: Toolbox, reporter: Reporter
) -> Iterator[Variant]:
    """The variants of the source that a program with a label head holds."""
    spec, obstacle = None, "it holds no source"
    if program.source is not None:
        spec = paw.parse(program.source.encode(), "source")
        job = replace(job, target=job.target or program.target)
        obstacle = _recompiled(spec, program, job, tools)
    if spec is not None and not obstacle:
        yield from _of_spec(spec, data, program, program.name, job, tools)
        return
    message = f"what the lines of the spec do can't be known from the program: {obstacle}"
    reporter.report(_note(message, "explain the source: pawc explain FILE.paw RECORD"))
    yield Variant("nothing", "", None, data)


def _recompiled(spec: Spec, program: Program, job: Job, tools: Toolbox) -> str:
    """Why the compiler at hand does not make the program's label head of its source; empty if it does."""
    try:
        again = driver.compile_spec(spec, program.name, job, tools, Reporter())
    except PawError as error:
        return error.message
    made = pawbin.load(again)
    same = (made.head, made.joint) == (program.head, program.joint)
    return "" if same else "the compiler at hand makes another label head of its source"


def _note(message: str, hint: str) -> Diagnostic:
    return Diagnostic("note", message, hint=hint)


def parts(text: str) -> Iterator[tuple[str, int, int]]:
    """The clauses and examples of a pseudo-program as (kind, begin, end), in order. An example begins with
    a line `Input:` and ends before the next; before the first, each line is cut at its sentences."""
    starts = [found.start() for found in re.finditer(r"^Input: ", text, re.MULTILINE)]
    at = 0
    for line in text[: starts[0] if starts else None].splitlines(keepends=True):
        end = at + len(line)
        gaps = [gap.end() for gap in _SENTENCE_END.finditer(text, at, end) if gap.end() < end]
        for begin, after in zip([at, *gaps], [*gaps, end], strict=True):
            if text[begin:after].strip() not in ("", "Examples:"):
                yield "clause", begin, after
        at = end
    for begin, end in pairwise([*starts, len(text)]):
        yield "example", begin, end


def plain(found: Explanation) -> dict[str, Any]:
    """All of it as plain data, for JSON."""
    rows = [
        {
            "without": row.variant.kind,
            "text": row.variant.text or None,
            "line": row.variant.line,
            "answer": row.reply.answer,
            "error": row.reply.error,
            "distribution": dict(row.reply.distribution) if row.reply.distribution else None,
            "change": found.change(row),
        }
        for row in found.rows
    ]
    return {"file": found.file, "record": found.record, "labels": list(found.labels), "rows": rows}


def show(found: Explanation) -> None:
    """A table for people: a row for each part, with the probabilities of the labels where it is missing."""
    whole = found.rows[0].reply.distribution
    if not whole:
        tables.show(("left out", "answer", ""), [_free_row(found, row) for row in found.rows], left=(0, 1, 2))
        return
    top = likeliest(whole)
    shown = sorted(sorted(whole, key=lambda label: -whole[label])[:_MOST_LABELS], key=found.labels.index)
    header = ("left out", *map(printable, shown), f"adds to {printable(top)}")
    tables.show(header, [_label_row(found, row, shown) for row in found.rows])
    if len(shown) < len(whole):
        print(f"the {len(shown)} likeliest of {len(whole)} labels; --json has them all")


def _label_row(found: Explanation, row: Row, labels: list[str]) -> tuple[str, ...]:
    odds, change = row.reply.distribution, found.change(row)
    if odds is None or change is None:
        return (f"{_named(row)} ({row.reply.error})", *("" for _ in labels), "")
    added = "" if row.variant.kind == "nothing" else f"{change:+.3f}"
    return (_named(row), *(f"{odds[label]:.3f}" for label in labels), added)


def _free_row(found: Explanation, row: Row) -> tuple[str, ...]:
    answer = row.reply.answer
    text = f"no answer: {row.reply.error}" if answer is None else answer
    differs = answer != found.rows[0].reply.answer
    return _named(row), _one_line(text, _ANSWER), "another answer" if differs else ""


def _named(row: Row) -> str:
    variant = row.variant
    place = f"line {variant.line}: " if variant.line else ""
    return place + _one_line(variant.text, _PART) if variant.text else variant.kind


def _one_line(text: str, most: int) -> str:
    folded = printable(" ".join(text.split()))
    return folded if len(folded) <= most else folded[: most - 1] + "…"
