"""The command `pawc`: options, one call, one place that prints errors."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from pawformats.errors import PawError

from .commands import options
from .compile_options import Messages, Shown, depfile_options, message_options, print_options
from .depfile import Depends
from .words import expand

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


class _Words(options.Command):
    """A command whose words may stand in response files."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, expand(args))
        except PawError as error:
            raise click.UsageError(error.message, ctx) from error


@click.command(
    "pawc",
    cls=_Words,
    context_settings=options.SETTINGS,
    epilog="Other commands: pawc diff, eval, explain, inspect, sign, strip, test, train, verify; each has "
    "its own --help. A file of such a name is compiled as ./train or after --. Words are read from FILE "
    "where @FILE stands.",
)
@click.argument("files", metavar="FILE.paw...", nargs=-1)
@click.option("-o", "output", metavar="OUT", help="Write to OUT; several inputs: folder or library.")
@click.option("-E", "source", is_flag=True, help="Stop after parsing; print the normalised spec.")
@click.option("-S", "pseudo", is_flag=True, help="Stop after the pseudo-program; write STEM.paws.")
@click.option("-c", "adapter", is_flag=True, help="Stop after the adapter; write STEM.gguf.")
@click.option("-fsyntax-only", "syntax_only", is_flag=True, help="Check the spec; write nothing.")
@click.option(
    "-O",
    "level",
    type=click.Choice(("0", "1", "2", "3")),
    default="1",
    help="0: no adapter. 1: one pass of the compiler (default). 2: fitted to examples. 3: and a teacher's.",
)
@options.data
@click.option("--teacher", metavar="URL", help="With -O3: the OpenAI-compatible server of a teacher.")
@click.option("--teacher-model", metavar="NAME", help="The teacher's name on a server of several.")
@options.quant
@options.target
@options.no_infer
@click.option("--check", is_flag=True, help="Run the spec's tests; if one fails, write nothing.")
@click.option("--shebang", is_flag=True, help="Make an executable file that starts pawrun.")
@click.option("-j", "jobs", metavar="N", type=click.IntRange(1), default=1, help="Compile N inputs at once.")
@depfile_options
@options.cached
@message_options
@options.colour
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is done, and what was inferred.")
@click.option("-#", "hashes", count=True, help="-### shows the stages that would run, and runs none.")
@print_options
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
    data: tuple[str, ...],
    teacher: str | None,
    teacher_model: str | None,
    quant: str,
    target: str | None,
    no_infer: bool,
    check: bool,
    shebang: bool,
    jobs: int,
    depends: Depends | None,
    cached: bool,
    messages: Messages,
    color: str,
    verbose: bool,
    hashes: int,
    shown: Shown | None,
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
    options.check_level(int(level), data)
    if (teacher or teacher_model) and level != "3":
        raise click.UsageError("--teacher is for -O3")
    if not files and not shown:
        raise click.UsageError("Missing argument 'FILE.paw...'.")
    rules_only = depends is not None and depends.only
    stop = "dependencies" if rules_only else _stop(syntax_only, source, pseudo, adapter)
    for option, given in {"--check": check, "--shebang": shebang}.items():
        if given and stop not in ("program", "dependencies"):
            raise click.UsageError(f"{option} is for whole programs")
    with reporting(color, verbose, messages) as reporter:
        if shown:
            from . import output as files_out

            files_out.write(files_out.STDOUT, "".join(f"{line}\n" for line in shown(target)).encode())
            return
        from . import batch, cache, driver, library
        from .teacher import Teacher

        job = driver.Job(
            stop,
            int(level),
            quant,
            target,
            not no_infer,
            shebang,
            messages.prompt_budget,
            check,
            data,
            Teacher(teacher, teacher_model) if teacher else None,
        )
        together = _library(files, output, job)
        pairs = [(file, together) for file in files] if together else _outputs(files, output, job)
        if depends is not None:
            depends = _rule_file(depends, output, pairs[:1] if together else pairs)
        if hashes:
            for file, out in pairs:
                click.echo("\n".join(driver.stages(file, out, job)), err=True)
            return
        kept = cache.of_user(cached)
        settings = batch.Settings(job, reporter.warnings, verbose, kept, depends)
        if together:
            library.run(files, together, settings, reporter, jobs)
        else:
            batch.run(pairs, settings, reporter, jobs)


def _stop(syntax_only: bool, source: bool, pseudo: bool, adapter: bool) -> Stop:
    """The first of the asked-for stops: `-S -E` makes what `-E` does."""
    if syntax_only:
        return "syntax"
    return "source" if source else "pseudo-program" if pseudo else "adapter" if adapter else "program"


def _rule_file(depends: Depends, output: str | None, pairs: Sequence[tuple[str, str]]) -> Depends:
    """Where the rules go: with -M and -MM, -o names their file unless -MF does."""
    if depends.only:
        return replace(depends, file=depends.file or output)
    if depends.file is not None and len(pairs) > 1:
        raise click.UsageError("-MF names the file of one rule, and there are several inputs")
    from .driver import stem

    for file, out in pairs:
        rules = depends.path(out, stem(file))
        if "-" not in (rules, out) and os.path.realpath(rules) == os.path.realpath(out):
            raise click.UsageError(f"the rule and the output would both be {out}")
    return depends


def _library(files: Sequence[str], output: str | None, job: Job) -> str | None:
    """The path of the library that the inputs' programs go to, if they go to one."""
    if output is None or not output.endswith(".pawbin") or os.path.isdir(output):
        return None
    if len(files) == 1 or job.stop != "program":
        return None
    if job.shebang:
        raise click.UsageError("a library can't be run itself: leave --shebang out")
    return output


def _outputs(files: Sequence[str], output: str | None, job: Job) -> list[tuple[str, str]]:
    """Each input with the path of its output."""
    from .driver import SUFFIXES, stem

    if job.stop == "dependencies":
        return [(file, "-") for file in files]
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
            name = stem(file) + SUFFIXES.get(job.stop, ".paw")
            pairs.append((file, os.path.join(output or "", name)))
    made = [out for _, out in pairs if out != "-"]
    for out in made:
        if made.count(out) > 1:
            raise click.UsageError(f"two inputs would be written to {out}")
    return pairs


@contextmanager
def reporting(color: str, verbose: bool = False, messages: Messages | None = None) -> Iterator[Reporter]:
    """A reporter for the body of a command, which then ends with its status; PawErrors end here."""
    from .diagnostics import Diagnostic, Enough, Failed, Reporter, from_error, wants_colour

    asked = messages or Messages()
    reporter = Reporter(
        asked.warnings, wants_colour(color, sys.stderr), verbose, form=asked.form, max_errors=asked.max_errors
    )
    try:
        yield reporter
    except PawError as error:
        with suppress(Enough):
            reporter.report(from_error(error))
    except Failed:
        pass
    except Enough:
        many = "an error" if reporter.errors == 1 else f"{reporter.errors} errors"
        reporter.show(Diagnostic("note", f"stopped after {many}, as -fmax-errors asks"))
    except BrokenPipeError:  # the reader of stdout has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    reporter.finish()
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
