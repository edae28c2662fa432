"""The command `pawrun`: options, one call, one place that prints errors."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from pawformats.errors import PawError

from . import options, stderr
from .stderr import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .answers import Chosen
    from .hook import Hook
    from .memo import Memo
    from .stream import Summary


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"pawrun {version('paw-toolchain')}")
        except PackageNotFoundError:
            click.echo("pawrun, not installed")
        context.exit()


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell a usage error, and end with its status even where it can't be told."""
    try:
        yield
    except click.UsageError as error:
        try:
            error.show()
        except OSError:
            sys.stderr = None
        sys.exit(error.exit_code)


class _Command(click.Command):
    """Shows the options by groups; says what is wrong with a standard output that takes no --help, and ends
    as it must where standard error takes nothing."""

    groups = options.GROUPS

    def main(self, *given: Any, **settings: Any) -> Any:
        stderr.hold()
        return super().main(*given, **settings)

    def make_context(self, *given: Any, **settings: Any) -> click.Context:
        try:
            with _refusing():
                return super().make_context(*given, **settings)
        except BrokenPipeError:
            raise
        except OSError as error:
            _forget_stdout()
            say(f"pawrun: error: cannot write standard output: {error.strerror}")
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        with _refusing():
            return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        grouped = {option for group in self.groups.values() for option in group}
        others = [
            option
            for option in self.get_params(ctx)
            if isinstance(option, click.Option) and option not in grouped
        ]
        for title, group in {**self.groups, "Other": others}.items():
            with formatter.section(title):
                formatter.write_dl([row for option in group if (row := option.get_help_record(ctx))])


@click.command(
    cls=_Command,
    params=[option for group in options.GROUPS.values() for option in group],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.argument("program", required=False)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print it."
)
@click.pass_context
def main(context: click.Context, /, program: str | None, files: tuple[str, ...], **given: Any) -> None:
    """Answer records with a compiled program: one record in, one answer out.

    PROGRAM is a .pawbin made by pawc. Records are the lines of each FILE, or of standard input;
    answers are lines on standard output, in the same order, each as soon as it is known.
    With --serve there are any number of PROGRAMs and no FILE.

    Exit status: 0 if every record was answered; 1 if one failed, or if --grep
    found none; 2 if the program could not run.
    """
    flags = options.Flags(**given)
    options.check(context, flags)
    memo = None
    try:
        if flags.serve is not None:
            _serve(flags.serve, (program, *files) if program is not None else (), flags)
            return
        if program is None:
            raise click.UsageError("Missing argument 'PROGRAM'.")
        from . import inputs, stream
        from .memo import Memo

        chosen = _chosen(program, flags)
        _check(chosen, flags)
        if flags.print_base:
            _print(chosen.base)
            return
        inputs.check_streams(files or ("-",), flags.tee)
        with chosen as session, stream.copying(flags.tee) as tee:
            if flags.verbose:
                for name, value in session.facts().items():
                    say(f"pawrun: {name}: {value}")
            memo = None if flags.no_memo else Memo(session, session.version)
            outlets = stream.Outlets(sys.stdout.buffer, flags.grep, tee, options.hook(flags), flags.quiet)
            layout, stall = options.layout(flags), options.stall(flags)
            linger = 0.0 if flags.linger is None else flags.linger[0]
            summary = stream.run(memo or session, files or ("-",), layout, outlets, stall, linger)
    except PawError as error:
        if error.kind == "output-unwritable" and sys.stdout is not None:
            _forget_stdout()
        say(f"pawrun: error: {error.message}")
        if error.hint:
            say(f"pawrun: hint: {error.hint}")
        sys.exit(2)
    except KeyboardInterrupt:  # before the first record: from then on the stream takes note of signals
        sys.exit(128 + signal.SIGINT)
    if flags.stats or (summary.signal is not None and stderr.watched()):
        _report(summary, flags.grep, memo, outlets.hook)
    if summary.closed:
        _forget_stdout()
        sys.exit(0)
    if summary.signal is not None:
        sys.exit(128 + summary.signal)
    sys.exit(1 if summary.failed or (flags.grep is not None and not summary.matched) else 0)


def _serve(path: str, programs: Sequence[str], flags: options.Flags) -> None:
    from . import serve

    if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:  # by start.main; a server has to take leave
        signal.signal(signal.SIGINT, signal.default_int_handler)
    serve.run(
        path,
        programs,
        http=flags.http,
        base=flags.base,
        verify=flags.verify,
        threads=flags.threads,
        gpu_layers=flags.gpu_layers,
        cached=not flags.no_cache,
        sessions=flags.sessions,
        timeout=flags.timeout,
        verbose=flags.verbose,
    )


def _chosen(program: str, flags: options.Flags) -> Chosen:
    """The program, here or in a server."""
    from .protocol import Settings

    settings = Settings(
        1 if flags.deterministic else flags.batch,
        flags.max_tokens,
        flags.overflow,
        flags.min_confidence,
        flags.abstain,
    )
    if flags.via is not None:
        from .via import Remote

        return Remote(flags.via, program, settings, flags.timeout, distributions=flags.distribution)
    from .local import Local

    return Local(
        program,
        settings,
        flags.base,
        verify=flags.verify,
        threads=flags.threads,
        gpu_layers=flags.gpu_layers,
        cached=not flags.no_cache,
        merge=flags.merge,
        distributions=flags.distribution,
    )


def _check(chosen: Chosen, flags: options.Flags) -> None:
    """Raise PawError for options that this program's contract can't serve."""
    labels = chosen.labels
    for option, asked in {"--scores": flags.scores, "--distribution": flags.distribution}.items():
        if asked and not labels:
            raise PawError("no-labels", f"{option} needs a program that answers with labels")
    if labels and flags.max_tokens is not None:
        raise PawError(
            "has-labels", "--max-tokens needs a program that generates: this one answers with labels"
        )
    if flags.abstain is not None and flags.min_confidence is None and chosen.min_confidence is None:
        raise PawError(
            "no-threshold", "--abstain needs a threshold below which to abstain", hint="give --min-confidence"
        )
    words = {*labels, flags.abstain or chosen.abstain, flags.stall_answer if flags.stall else None}
    wanted = {"--grep": () if flags.grep is None else (flags.grep,), "--on": flags.on}
    for option, word in ((option, word) for option, asked in wanted.items() for word in asked):
        if word in words:
            continue
        if not labels:
            raise PawError("no-labels", f"{option} needs a program that answers with labels")
        raise PawError(
            "no-such-label",
            f"{word!r} is not an answer of this program",
            hint="it answers with: " + ", ".join(labels),
        )


def _print(line: str) -> None:
    try:
        click.echo(line)
    except BrokenPipeError:
        _forget_stdout()
    except OSError as error:
        raise PawError("output-unwritable", f"cannot write standard output: {error.strerror}") from error


def _forget_stdout() -> None:
    """What couldn't be written must not be tried again when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(summary: Summary, grep: str | None, memo: Memo | None, hook: Hook | None) -> None:
    rate = summary.records / summary.seconds if summary.seconds > 0 else 0.0
    matched = f", {summary.matched} matched" if grep is not None else ""
    silences = f", {summary.silences} silences" if summary.silences else ""
    lines = [
        f"{summary.records} records{matched}, {summary.failed} failed{silences}, "
        f"{summary.seconds:.2f} s, {rate:.1f} records/s"
    ]
    if memo is not None and memo.asked:
        lines.append(f"memo: {memo.hits} of {memo.asked} answers, {100 * memo.hits / memo.asked:.1f} %")
    if hook is not None:
        lines.append(f"exec: {hook.runs} runs, {hook.failed} failed, {hook.left_out} left out")
    for line in lines:
        say(f"pawrun: {line}")
