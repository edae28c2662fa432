"""The command `pawrun`: options, one call, one place that prints errors."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import click
from pawformats.errors import PawError

if TYPE_CHECKING:
    from pathlib import Path

    from pawformats.values import Overflow, Program

    from .answers import Session
    from .records import Layout
    from .stream import Summary


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"pawrun {version('paw-toolchain')}")
        except PackageNotFoundError:
            click.echo("pawrun, not installed")
        context.exit()


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.argument("program")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("-g", "--grep", metavar="LABEL", help="Print the records whose answer is LABEL.")
@click.option("--with-input", is_flag=True, help="Print the record and a tab before each answer.")
@click.option("--scores", is_flag=True, help="Print a tab and the label's probability after it.")
@click.option("--distribution", is_flag=True, help="With --jsonl: add the probability of every label.")
@click.option("--jsonl", is_flag=True, help="Records are JSON objects; the answer is added to each.")
@click.option("--field", default="input", show_default=True, help="Field with the record's text.")
@click.option("--out-field", default="answer", show_default=True, help="Field that gets the answer.")
@click.option("-0", "--null", is_flag=True, help="A NUL ends each record and answer, not a line feed.")
@click.option("--whole", is_flag=True, help="Each input is one record.")
@click.option("--min-confidence", metavar="P", type=click.FloatRange(0, 1), help="Abstain below P.")
@click.option("--abstain", metavar="WORD", help="What to answer when abstaining.")
@click.option(
    "--overflow",
    type=click.Choice(["error", "head", "tail", "middle"]),
    help="What to keep of a record that is too long.",
)
@click.option("--max-tokens", metavar="N", type=click.IntRange(1), help="Longest answer, in tokens.")
@click.option(
    "--batch",
    metavar="N",
    type=click.IntRange(1, 128),
    default=8,
    show_default=True,
    help="Most records to answer together.",
)
@click.option("--deterministic", is_flag=True, help="Answer each record alone, as --batch 1.")
@click.option("--base", metavar="PATH", help="The program's base, or a folder that holds it.")
@click.option("--print-base", is_flag=True, help="Print where the base was found, and stop.")
@click.option("--threads", metavar="N", type=click.IntRange(1), help="Threads to compute with.")
@click.option("--stats", is_flag=True, help="Say at the end, on stderr, what was done.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing about records that failed.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is run, and with what.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print it."
)
def main(
    program: str,
    files: tuple[str, ...],
    grep: str | None,
    with_input: bool,
    scores: bool,
    distribution: bool,
    jsonl: bool,
    field: str,
    out_field: str,
    null: bool,
    whole: bool,
    min_confidence: float | None,
    abstain: str | None,
    overflow: Overflow | None,
    max_tokens: int | None,
    batch: int,
    deterministic: bool,
    base: str | None,
    print_base: bool,
    threads: int | None,
    stats: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Answer records with a compiled program: one record in, one answer out.

    PROGRAM is a .pawbin made by pawc. Records are the lines of each FILE, or of standard input;
    answers are lines on standard output, in the same order, each as soon as it is known.

    Exit status: 0 if every record was answered; 1 if one failed, or if --grep
    found none; 2 if the program could not run.
    """
    if jsonl + null + whole > 1:
        raise click.UsageError("--jsonl, --null and --whole exclude each other")
    if grep is not None and (with_input or scores):
        raise click.UsageError("--grep prints records, not answers: leave --with-input and --scores out")
    if jsonl and with_input:
        raise click.UsageError("--jsonl answers hold the input already: leave --with-input out")
    if distribution and not jsonl:
        raise click.UsageError("--distribution is for --jsonl")
    try:
        from . import bases, programs, stream
        from .records import Layout

        separator = None if whole else b"\0" if null else b"\n"
        layout = Layout(separator, field if jsonl else None, out_field, with_input, scores, distribution)
        loaded = programs.load(program)
        _check(loaded, layout, grep, abstain)
        inputs = files or ("-",)
        found = bases.find(loaded.base, base)
        if print_base:
            click.echo(found)
            return
        stream.check_streams(inputs)

        from .answers import open_session

        with open_session(
            loaded,
            found,
            batch=1 if deterministic else batch,
            threads=threads,
            max_tokens=max_tokens,
            overflow=overflow,
            min_confidence=min_confidence,
            abstain=abstain,
        ) as session:
            if verbose:
                _describe(loaded, found, session)
            summary = stream.run(session, inputs, sys.stdout.buffer, layout, grep=grep, quiet=quiet)
    except PawError as error:
        print(f"pawrun: error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"pawrun: hint: {error.hint}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:  # before the first record: from then on the stream takes note of signals
        sys.exit(128 + signal.SIGINT)
    if stats or (summary.signal is not None and sys.stderr.isatty()):
        _report(summary, grep)
    if summary.closed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's flush at its exit
        sys.exit(0)
    if summary.signal is not None:
        sys.exit(128 + summary.signal)
    sys.exit(1 if summary.failed or (grep is not None and not summary.matched) else 0)


def _check(program: Program, layout: Layout, grep: str | None, abstain: str | None) -> None:
    """Raise PawError for options that this program's contract can't serve."""
    labels = program.contract.labels
    if (layout.scores or layout.distribution) and not labels:
        option = "--scores" if layout.scores else "--distribution"
        raise PawError("no-labels", f"{option} needs a program that answers with labels")
    if grep is None:
        return
    words = [*labels, abstain or program.options.abstain]
    if not labels:
        raise PawError("no-labels", "--grep needs a program that answers with labels")
    if grep not in words:
        raise PawError(
            "no-such-label",
            f"{grep!r} is not an answer of this program",
            hint="it answers with: " + ", ".join(labels),
        )


def _describe(program: Program, base: Path, session: Session) -> None:
    contract = program.contract
    kinds = {"labels": " | ".join(contract.labels), "regex": contract.regex or "", "json_schema": "JSON"}
    answers = kinds.get(contract.kind, "free text")
    made = program.adapter or program.head
    adapter = "none" if made is None else f"{len(made)} bytes by {program.compiler}"
    lines = {
        "program": f"{program.name} for {program.target}",
        "answers": answers,
        "adapter" if program.head is None else "label head": adapter,
        "base": str(base),
        **session.facts(),
    }
    for name, value in lines.items():
        print(f"pawrun: {name}: {value}", file=sys.stderr)


def _report(summary: Summary, grep: str | None) -> None:
    rate = summary.records / summary.seconds if summary.seconds > 0 else 0.0
    matched = f", {summary.matched} matched" if grep is not None else ""
    print(
        f"pawrun: {summary.records} records{matched}, {summary.failed} failed, "
        f"{summary.seconds:.2f} s, {rate:.1f} records/s",
        file=sys.stderr,
    )
