"""The command `pawc`: options, one call, one place that prints errors."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from pawformats.errors import PawError

from .commands.options import LEVELS as _LEVELS
from .commands.options import QUANTS as _QUANTS
from .commands.options import SETTINGS as _SETTINGS
from .commands.options import colour as _colour

if TYPE_CHECKING:
    from .diagnostics import Reporter
    from .driver import Job, Stop


def _version(context: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("paw-toolchain")
        except PackageNotFoundError:
            number = "uninstalled"
        click.echo(number if option.name == "dumpversion" else f"pawc {number}")
        context.exit()


def _print_targets(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from . import targets

        for name, path in targets.known().items():
            click.echo(f"{name}\t{path}")
        context.exit()


@click.command(
    "pawc",
    context_settings=_SETTINGS,
    epilog="Other commands: pawc diff, eval, explain, inspect, sign, strip, test, train, verify; each has "
    "its own --help. A file of such a name is compiled as ./train or after --.",
)
@click.argument("files", metavar="FILE.paw...", nargs=-1, required=True)
@click.option("-o", "output", metavar="OUT", help="Write to OUT; with several inputs, to the folder OUT/.")
@click.option("-E", "source", is_flag=True, help="Stop after parsing; print the normalised spec.")
@click.option("-S", "pseudo", is_flag=True, help="Stop after the pseudo-program; write STEM.paws.")
@click.option("-c", "adapter", is_flag=True, help="Stop after the adapter; write STEM.gguf.")
@click.option("-fsyntax-only", "syntax_only", is_flag=True, help="Check the spec; write nothing.")
@click.option("-O", "level", type=_LEVELS, default="1", help="0: no adapter. 1: an adapter (default).")
@click.option(
    "--quant", type=click.Choice(_QUANTS), default="q4_0", show_default=True, help="Type of its numbers."
)
@click.option("--target", metavar="NAME", help="What to compile for: a name or a target file.")
@click.option("-fno-infer-labels", "no_infer", is_flag=True, help="Take no set of answers from the prose.")
@click.option("--check", is_flag=True, help="Run the spec's tests; if one fails, write nothing.")
@click.option("--shebang", is_flag=True, help="Make an executable file that starts pawrun.")
@click.option("-W", "warnings", metavar="NAME", multiple=True, help="Warn of NAME; no-NAME: do not; error.")
@click.option("-w", "silent", is_flag=True, help="Give no warnings.")
@_colour
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is done, and what was inferred.")
@click.option("-#", "hashes", count=True, help="-### shows the stages that would run, and runs none.")
@click.option(
    "--print-targets",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_targets,
    help="List the known targets.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print it."
)
@click.option(
    "-dumpversion",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the number alone.",
)
def compile_command(
    files: tuple[str, ...],
    output: str | None,
    source: bool,
    pseudo: bool,
    adapter: bool,
    syntax_only: bool,
    level: str,
    quant: str,
    target: str | None,
    no_infer: bool,
    check: bool,
    shebang: bool,
    warnings: tuple[str, ...],
    silent: bool,
    color: str,
    verbose: bool,
    hashes: int,
) -> None:
    """Compile descriptions of fuzzy functions to programs for pawrun.

    Each FILE.paw becomes STEM.pawbin in the current folder, unless -o says
    otherwise; a FILE of - is standard input, compiled to standard output.

    Exit status: 0 if every output was made; 1 if an input has errors; 2 if
    pawc was called wrongly or could not do its work; 3 if a test failed.
    """
    if hashes not in (0, 3):
        raise click.UsageError("did you mean -###?")
    if adapter and level == "0":
        raise click.UsageError("-c needs an adapter, and -O0 makes none")
    stop = _stop(syntax_only, source, pseudo, adapter)
    if shebang and stop != "program":
        raise click.UsageError("--shebang is for whole programs")
    if check and stop != "program":
        raise click.UsageError("--check is for whole programs")
    with reporting(color, verbose, silent, warnings) as reporter:
        from . import driver

        job = driver.Job(stop, int(level), quant, target, not no_infer, shebang, check)
        pairs = _outputs(files, output, job)
        if hashes:
            for file, out in pairs:
                click.echo("\n".join(driver.stages(file, out, job)), err=True)
            return
        driver.run(pairs, job, reporter)


def _stop(syntax_only: bool, source: bool, pseudo: bool, adapter: bool) -> Stop:
    """The first of the asked-for stops: `-S -E` makes what `-E` does."""
    if syntax_only:
        return "syntax"
    return "source" if source else "pseudo-program" if pseudo else "adapter" if adapter else "program"


def _outputs(files: Sequence[str], output: str | None, job: Job) -> list[tuple[str, str]]:
    """Each input with the path of its output."""
    from .driver import SUFFIXES, stem

    folder = output is not None and (output.endswith(os.sep) or os.path.isdir(output))
    if output is not None and not folder:
        if len(files) > 1 and job.stop != "syntax":
            raise click.UsageError("one -o for several inputs must be a folder, as in: -o build/")
        return [(file, output) for file in files]
    if folder and output is not None and not os.path.isdir(output):
        raise click.UsageError(f"there is no folder {output}")
    pairs = []
    for file in files:
        if output is None and (file == "-" or job.stop in ("syntax", "source")):
            pairs.append((file, "-"))
        else:
            name = stem("stdin" if file == "-" else file) + SUFFIXES.get(job.stop, ".paw")
            pairs.append((file, os.path.join(output or "", name)))
    made = [out for _, out in pairs if out != "-"]
    for out in made:
        if made.count(out) > 1:
            raise click.UsageError(f"two inputs would be written to {out}")
    return pairs


def _warnings(asked: Sequence[str], silent: bool) -> dict[str, str]:
    """The state of each warning after -W… in order and -w."""
    from .checks import WARNINGS

    state = {name: "on" if default else "off" for name, default in WARNINGS.items()}
    for word in asked:
        name = word.removeprefix("no-").removeprefix("error=")
        if word == "error":
            continue
        if name not in WARNINGS:
            raise click.UsageError(f"there is no warning {name!r}; there are: {', '.join(WARNINGS)}")
        state[name] = "off" if word.startswith("no-") else "error" if word.startswith("error=") else "on"
    if "error" in asked:
        state = {name: "error" if value == "on" else value for name, value in state.items()}
    return dict.fromkeys(WARNINGS, "off") if silent else state


@contextmanager
def reporting(
    color: str, verbose: bool = False, silent: bool = False, warnings: Sequence[str] = ()
) -> Iterator[Reporter]:
    """A reporter for the body of a command, which then ends with its status; PawErrors end here."""
    from .diagnostics import Failed, Reporter, from_error, wants_colour

    reporter = Reporter(_warnings(warnings, silent), wants_colour(color, sys.stderr), verbose)
    try:
        yield reporter
    except PawError as error:
        reporter.report(from_error(error))
    except Failed:
        pass
    except BrokenPipeError:  # the reader of stdout has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    if reporter.status:
        sys.exit(reporter.status)


#: The module of pawc.commands that holds each other command, loaded when it is asked for.
COMMANDS = {
    "diff": "diff",
    "eval": "evaluate",
    "explain": "explain",
    "inspect": "inspect",
    "sign": "sign",
    "strip": "strip",
    "test": "test",
    "train": "train",
    "verify": "verify",
}


def find_command(name: str) -> click.Command:
    """One of COMMANDS."""
    found = importlib.import_module(f"{__package__}.commands.{COMMANDS[name]}").command
    assert isinstance(found, click.Command)
    return found


def main(args: Sequence[str] | None = None, prog_name: str = "pawc") -> None:
    """Run the command that the first argument names, else the compiler."""
    words = list(sys.argv[1:] if args is None else args)
    if words and words[0] in COMMANDS:
        find_command(words[0]).main(args=words[1:], prog_name=f"{prog_name} {words[0]}")
    else:
        compile_command.main(args=words, prog_name=prog_name)
