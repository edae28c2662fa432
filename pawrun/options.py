"""The options of `pawrun`, which of them go together, and what they make: layout, stall, hook."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from .answers import Policy
    from .hook import Hook
    from .records import Layout
    from .stream import Stall


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_STALL_S = 366 * 86400


def _duration(context: click.Context, option: click.Parameter, given: str | None) -> tuple[float, str] | None:
    """A time as sleep(1) has it, to seconds and the words given."""
    if given is None:
        return None
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[smhd])?", given, re.ASCII)
    seconds = float(found[1]) * _UNITS[found[2] or "s"] if found else 0.0
    if not 0 < seconds <= _LONGEST_STALL_S:
        raise click.BadParameter(f"{given!r} is not a time such as 90s, 10m or 1h", context, option)
    return seconds, given


def _number(context: click.Context, option: click.Parameter, given: float | None) -> float | None:
    """A number that FloatRange has let pass, as it does NaN."""
    if given is not None and math.isnan(given):
        raise click.BadParameter("nan is no number", context, option)
    return given


def _flag(*names: str, help: str) -> click.Option:
    return click.Option(names, is_flag=True, help=help)


def _value(*names: str, **settings: Any) -> click.Option:
    return click.Option(names, show_default=settings.get("default") is not None, **settings)


_POLICIES = click.Choice(["error", "head", "tail", "middle", "chunk"])
_COUNT = click.IntRange(1)
_SECONDS = click.FloatRange(0.001, 86_400)

#: The options by what they are about, in the order of `--help`.
GROUPS: Mapping[str, Sequence[click.Option]] = {
    "Records": (
        _flag("--jsonl", help="Records are JSON objects; the answer is added to each."),
        _value("--field", metavar="F", default="input", help="Field with the text, or a JSON /pointer."),
        _flag("--csv", help="Records are the rows of comma-separated values with a header."),
        _flag("--tsv", help="As --csv, cells separated by tabs and never quoted."),
        _value("--column", metavar="NAME", help="Column with the text."),
        _flag("--no-header", help="The first row is a record too; --column takes a number."),
        _flag("-0", "--null", help="A NUL ends each record and answer, not a line feed."),
        _flag("--whole", help="Each input is one record."),
        _value("--window", metavar="N", type=_COUNT, help="Records are windows of N lines."),
        _value("--stride", metavar="M", type=_COUNT, default=1, help="A window begins every M lines."),
        _value("--overflow", type=_POLICIES, help="What to do with a record that is too long."),
    ),
    "Answers": (
        _value("-g", "--grep", metavar="LABEL", help="Print the records whose answer is LABEL."),
        _flag("--with-input", help="Print the record and a tab before each answer."),
        _flag("--scores", help="Print a tab and the label's probability after it."),
        _flag("--distribution", help="With --jsonl: add the probability of every label."),
        _value("--out-field", metavar="F", default="answer", help="Field or column for the answer."),
        _value("--tee", metavar="FILE", help="Write all records with their answers to FILE too."),
        _value(
            "--min-confidence",
            metavar="P",
            type=click.FloatRange(0, 1),
            callback=_number,
            help="Abstain below P.",
        ),
        _value("--abstain", metavar="WORD", help="What to answer when abstaining."),
        _value("--max-tokens", metavar="N", type=_COUNT, help="Longest answer, in tokens."),
    ),
    "Alarms": (
        _value("--stall", metavar="TIME", callback=_duration, help="Answer a silence of TIME, as in 10m."),
        _value("--stall-answer", metavar="WORD", default="STALL", help="What to answer it with."),
        _value("--exec", "command", metavar="CMD", help="Run CMD in a shell, the record on its stdin."),
        _value("--on", metavar="LABEL", multiple=True, help="The answer to run CMD for; may be repeated."),
        _value(
            "--exec-rate",
            metavar="N",
            type=click.IntRange(1, 1000),
            default=10,
            help="Most runs in a minute, and at a time; more are left out.",
        ),
    ),
    "Running": (
        _value("--base", metavar="PATH", help="The program's base, or a folder that holds it."),
        _flag("--print-base", help="Print where the base was found, and stop."),
        _flag("--verify", help="Read all of the base, even if its digest is remembered."),
        _value(
            "--batch",
            metavar="N",
            type=click.IntRange(1, 128),
            default=8,
            help="Most records to answer together.",
        ),
        _value(
            "--linger", metavar="TIME", callback=_duration, help="Let a record wait for others, as in 50ms."
        ),
        _flag("--deterministic", help="Answer each record alone, as --batch 1."),
        _flag("--no-memo", help="Compute each answer, even to a record that came before."),
        _flag("--no-cache", help="Neither keep nor read on disk what every start needs."),
        _flag("--merge", help="Merge the adapter into the base: faster on long streams."),
        _value(
            "--threads",
            metavar="N",
            type=_COUNT,
            help="Threads to compute with (default: as many as were the fastest lately).",
        ),
        _value(
            "--gpu-layers",
            metavar="N",
            type=click.IntRange(0, 10_000),
            default=0,
            help="Layers of the base for a GPU.",
        ),
        _flag("--stats", help="Say at the end, on stderr, what was done."),
        _flag("-q", "--quiet", help="Say nothing about records that failed."),
        _flag("-v", "--verbose", help="Say on stderr what is run, and with what."),
    ),
    "Server": (
        _value("--serve", metavar="SOCKET", help="Serve PROGRAMs at a Unix socket, until SIGTERM."),
        _value("--http", metavar="[HOST:]PORT", help="Serve them over HTTP too, by name."),
        _value(
            "--sessions",
            metavar="N",
            type=_COUNT,
            default=32,
            help="Most programs held ready.",
        ),
        _value("--via", metavar="SOCKET", help="Answer by the server at SOCKET."),
        _value(
            "--timeout",
            metavar="S",
            type=_SECONDS,
            callback=_number,
            help="Fail a record after S seconds.",
        ),
    ),
}


@dataclass(frozen=True)
class Flags:
    """The options as given, one field each."""

    jsonl: bool
    field: str
    csv: bool
    tsv: bool
    column: str | None
    no_header: bool
    null: bool
    whole: bool
    window: int | None
    stride: int
    overflow: Policy | None
    grep: str | None
    with_input: bool
    scores: bool
    distribution: bool
    out_field: str
    tee: str | None
    min_confidence: float | None
    abstain: str | None
    max_tokens: int | None
    stall: tuple[float, str] | None
    stall_answer: str
    command: str | None
    on: tuple[str, ...]
    exec_rate: int
    base: str | None
    print_base: bool
    verify: bool
    batch: int
    linger: tuple[float, str] | None
    deterministic: bool
    no_memo: bool
    no_cache: bool
    merge: bool
    threads: int | None
    gpu_layers: int
    stats: bool
    quiet: bool
    verbose: bool
    serve: str | None
    http: str | None
    sessions: int
    via: str | None
    timeout: float | None


#: Option to those of which it needs one.
_NEEDS = {
    "--field": ("--jsonl",),
    "--csv": ("--column",),
    "--tsv": ("--column",),
    "--column": ("--csv", "--tsv"),
    "--no-header": ("--csv", "--tsv"),
    "--distribution": ("--jsonl",),
    "--out-field": ("--jsonl", "--csv", "--tsv"),
    "--stride": ("--window",),
    "--stall-answer": ("--stall",),
    "--exec": ("--on",),
    "--on": ("--exec",),
    "--exec-rate": ("--exec",),
    "--http": ("--serve",),
    "--sessions": ("--serve",),
    "--timeout": ("--serve", "--via"),
}
#: Options of which at most one can be given.
_EITHER = (
    ("--jsonl", "--csv", "--tsv", "--null", "--whole", "--window"),
    ("--with-input", "--jsonl", "--csv", "--tsv"),
    ("--serve", "--via"),
    ("--serve", "--merge"),
    ("--via", "--merge"),
    ("--linger", "--deterministic"),
    ("--no-header", "--out-field"),
)
#: What a server is told when it starts, and not by a client.
_SERVERS = ("--base", "--verify", "--no-cache", "--threads", "--gpu-layers")
#: All that is not for clients only.
_SERVING = {"--serve", "--http", "--sessions", "--timeout", "--verbose", *_SERVERS}


def check(context: click.Context, flags: Flags) -> None:
    """Raise UsageError for options that don't go together."""
    given = {
        parameter.opts[-1]
        for parameter in context.command.params
        if isinstance(parameter, click.Option)
        and parameter.name
        and context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT
    } | ({"--exec"} if flags.command is not None else set())
    for name, needed in _NEEDS.items():
        if name in given and not given & set(needed):
            raise click.UsageError(f"{name} needs {' or '.join(needed)}")
    for group in _EITHER:
        if len(both := [name for name in group if name in given]) > 1:
            raise click.UsageError(f"{' and '.join(both)} exclude each other")
    if "--via" in given and (misplaced := [name for name in _SERVERS if name in given]):
        raise click.UsageError(f"{misplaced[0]} is the server's: give it to --serve")
    if "--serve" in given and (misplaced := [name for name in given if name not in _SERVING]):
        raise click.UsageError(f"{min(misplaced)} is a client's: give it to --via")
    probabilities = flags.scores or flags.distribution
    if flags.grep is not None and (flags.with_input or (probabilities and not flags.tee)):
        unneeded = "--with-input, --scores and --distribution"
        raise click.UsageError(f"--grep prints records, not answers: leave {unneeded} out")
    if flags.grep is not None and "--out-field" in given and not flags.tee:
        raise click.UsageError("--grep prints records, not answers: --out-field is for a --tee beside it")
    taken = {"score": flags.scores and "--scores", "distribution": flags.distribution and "--distribution"}
    if option := taken.get(flags.out_field):
        raise click.UsageError(f"--out-field {flags.out_field} is what {option} adds: choose another name")
    if flags.batch == 1 and flags.linger is not None:
        raise click.UsageError("--linger waits for others to answer together, of which --batch 1 has none")
    if flags.batch > 1 and flags.deterministic and "--batch" in given:
        raise click.UsageError(f"--deterministic answers each record alone, --batch {flags.batch} does not")
    if flags.no_header and not re.fullmatch(r"[1-9]\d{0,5}", flags.column or ""):
        raise click.UsageError("with --no-header, --column takes the column's number, from 1")
    if flags.field.startswith("/") and re.search(r"~(?![01])", flags.field):
        raise click.UsageError(f"{flags.field} is no JSON pointer: in a name, ~ is written ~0, and / is ~1")
    for text in (flags.field, flags.out_field, flags.column or "", flags.stall_answer, flags.abstain or ""):
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise click.UsageError(f"{text!r} is not UTF-8")


def layout(flags: Flags) -> Layout:
    """The layout of records and answers that is asked for."""
    from .jsonl import JsonLines
    from .lines import Lines
    from .tables import Table

    if flags.jsonl:
        return JsonLines(flags.field, flags.out_field, flags.scores, flags.distribution)
    if flags.column is not None:
        appended = (flags.out_field, "score") if flags.scores else (flags.out_field,)
        return Table("csv" if flags.csv else "tsv", flags.column, not flags.no_header, appended)
    separator = None if flags.whole else b"\0" if flags.null else b"\n"
    window = None if flags.window is None else (flags.window, flags.stride)
    return Lines(separator, flags.with_input, flags.scores, window)


def stall(flags: Flags) -> Stall | None:
    from .stream import Stall

    return None if flags.stall is None else Stall(*flags.stall, flags.stall_answer)


def hook(flags: Flags) -> Hook | None:
    if flags.command is None:
        return None
    from .hook import Hook

    return Hook(flags.command, flags.on, flags.exec_rate, flags.quiet)
