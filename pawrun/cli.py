"""The command `pawrun`: options, one call, one place that prints errors."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import click
from pawformats.errors import PawError

if TYPE_CHECKING:
    from pawformats.values import Overflow

    from .answers import Chosen
    from .protocol import Settings
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
@click.argument("program", required=False)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--serve", metavar="SOCKET", help="Serve PROGRAMs at a Unix socket, until SIGTERM.")
@click.option("--http", metavar="[HOST:]PORT", help="Serve them over HTTP too, by name.")
@click.option(
    "--sessions",
    metavar="N",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    help="Most programs that a server holds ready.",
)
@click.option("--via", metavar="SOCKET", help="Answer by the server at SOCKET.")
@click.option(
    "--timeout", metavar="S", type=click.FloatRange(0.001, 86_400), help="Fail a record after S seconds."
)
@click.option("-g", "--grep", metavar="LABEL", help="Print the records whose answer is LABEL.")
@click.option("--with-input", is_flag=True, help="Print the record and a tab before each answer.")
@click.option("--scores", is_flag=True, help="Print a tab and the label's probability after it.")
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
    program: str | None,
    files: tuple[str, ...],
    serve: str | None,
    http: str | None,
    sessions: int,
    via: str | None,
    timeout: float | None,
    grep: str | None,
    with_input: bool,
    scores: bool,
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
    With --serve there are any number of PROGRAMs and no FILE.

    Exit status: 0 if every record was answered; 1 if one failed, or if --grep
    found none; 2 if the program could not run.
    """
    if jsonl + null + whole > 1:
        raise click.UsageError("--jsonl, --null and --whole exclude each other")
    if grep is not None and (with_input or scores):
        raise click.UsageError("--grep prints records, not answers: leave --with-input and --scores out")
    if jsonl and with_input:
        raise click.UsageError("--jsonl answers hold the input already: leave --with-input out")
    _check_places(program, serve, http, via, timeout, base, threads)
    try:
        if serve is not None or program is None:
            from . import serve as server

            server.run(
                serve or "",
                (program, *files) if program else (),
                http=http,
                base=base,
                threads=threads,
                sessions=sessions,
                timeout=timeout,
                verbose=verbose,
            )
            return
        from . import stream
        from .protocol import Settings
        from .records import Layout

        separator = None if whole else b"\0" if null else b"\n"
        layout = Layout(separator, field if jsonl else None, out_field, with_input, scores)
        settings = Settings(1 if deterministic else batch, max_tokens, overflow, min_confidence, abstain)
        chosen = _chosen(program, settings, base, threads, via, timeout)
        _check(chosen, layout, grep, abstain)
        inputs = files or ("-",)
        if print_base:
            click.echo(chosen.base)
            return
        stream.check_streams(inputs)
        with chosen as session:
            if verbose:
                for name, value in session.facts().items():
                    print(f"pawrun: {name}: {value}", file=sys.stderr)
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


def _check_places(
    program: str | None,
    serve: str | None,
    http: str | None,
    via: str | None,
    timeout: float | None,
    base: str | None,
    threads: int | None,
) -> None:
    """Where records are answered, and what belongs to which place."""
    if program is None and serve is None:
        raise click.UsageError("Missing argument 'PROGRAM'.")
    if serve is not None and via is not None:
        raise click.UsageError("--serve and --via exclude each other")
    if http is not None and serve is None:
        raise click.UsageError("--http needs --serve")
    if via is not None and (base is not None or threads is not None):
        raise click.UsageError("--base and --threads are the server's: give them to --serve")
    if timeout is not None and serve is None and via is None:
        raise click.UsageError("--timeout needs --serve or --via")


def _chosen(
    program: str,
    settings: Settings,
    base: str | None,
    threads: int | None,
    via: str | None,
    timeout: float | None,
) -> Chosen:
    """The program, here or in a server."""
    if via is not None:
        from .via import Remote

        return Remote(via, program, settings, timeout)
    from .local import Local

    return Local(program, settings, base, threads)


def _check(chosen: Chosen, layout: Layout, grep: str | None, abstain: str | None) -> None:
    """Raise PawError for options that this program's contract can't serve."""
    labels = chosen.labels
    if layout.scores and not labels:
        raise PawError("no-labels", "--scores needs a program that answers with labels")
    if grep is None:
        return
    words = [*labels, abstain or chosen.abstain]
    if not labels:
        raise PawError("no-labels", "--grep needs a program that answers with labels")
    if grep not in words:
        raise PawError(
            "no-such-label",
            f"{grep!r} is not an answer of this program",
            hint="it answers with: " + ", ".join(labels),
        )


def _report(summary: Summary, grep: str | None) -> None:
    rate = summary.records / summary.seconds if summary.seconds > 0 else 0.0
    matched = f", {summary.matched} matched" if grep is not None else ""
    print(
        f"pawrun: {summary.records} records{matched}, {summary.failed} failed, "
        f"{summary.seconds:.2f} s, {rate:.1f} records/s",
        file=sys.stderr,
    )
