"""The command `pawc`: options, one call, one place that prints errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from pawformats.errors import PawError

if TYPE_CHECKING:
    from pawtrainer.noise import Noise

    from .diagnostics import Reporter
    from .driver import Job, Stop

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 80}
_QUANTS = ("q4_0", "q8_0", "f16", "f32")  # pawformats.adapter.QUANTS, which would load numpy
_LEVELS = click.Choice(("0", "1"))


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


_colour = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour the messages."
)


@click.command(
    "pawc",
    context_settings=_SETTINGS,
    epilog="Other commands: pawc train, pawc eval, pawc inspect; each has its own --help. A file of "
    "such a name is compiled as ./train or after --.",
)
@click.argument("files", metavar="FILE.paw...", nargs=-1, required=True)
@click.option("-o", "output", metavar="OUT", help="Write to OUT; several inputs: folder or library.")
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
    pawc was called wrongly or could not do its work.
    """
    if hashes not in (0, 3):
        raise click.UsageError("did you mean -###?")
    if adapter and level == "0":
        raise click.UsageError("-c needs an adapter, and -O0 makes none")
    stop = _stop(syntax_only, source, pseudo, adapter)
    if shebang and stop != "program":
        raise click.UsageError("--shebang is for whole programs")
    with _reporting(color, verbose, silent, warnings) as reporter:
        from . import driver

        job = driver.Job(stop, int(level), quant, target, not no_infer, shebang)
        if output is not None and _is_library(files, output, stop):
            from . import library

            if shebang:
                raise click.UsageError("a library can't be run itself: leave --shebang out")
            if not hashes:
                library.run(files, output, job, reporter)
                return
            pairs = [(file, output) for file in files]
        else:
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


def _is_library(files: Sequence[str], output: str, stop: Stop) -> bool:
    return len(files) > 1 and stop == "program" and output.endswith(".pawbin") and not os.path.isdir(output)


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
def _reporting(
    color: str, verbose: bool = False, silent: bool = False, warnings: Sequence[str] = ()
) -> Iterator[Reporter]:
    """A reporter for the body of a command, which then ends with its status; PawErrors end here."""
    from .diagnostics import Reporter, from_error, wants_colour

    reporter = Reporter(_warnings(warnings, silent), wants_colour(color, sys.stderr), verbose)
    try:
        yield reporter
    except PawError as error:
        reporter.report(from_error(error))
    except BrokenPipeError:  # the reader of stdout has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    if reporter.status:
        sys.exit(reporter.status)


@click.command("inspect", context_settings=_SETTINGS)
@click.argument("file", metavar="FILE.pawbin")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the adapter's bytes left out.")
@_colour
def inspect_command(file: str, as_json: bool, color: str) -> None:
    """Show what a program holds: its manifest, its parts with their sizes, and
    its pseudo-program. The file is verified entirely."""
    with _reporting(color):
        from . import inspector, output

        described = inspector.describe(file)
        text = inspector.as_json(described) if as_json else inspector.as_text(described)
        output.write(output.STDOUT, f"{text}\n".encode())


def _noise(_: click.Context, __: click.Parameter, text: str | None) -> Noise | None:
    if text is None:
        return None
    from pawtrainer import noise

    try:
        return noise.named(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@click.command("eval", context_settings=_SETTINGS)
@click.argument("file", metavar="FILE.jsonl")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-O", "level", type=_LEVELS, default="1", help="0: no adapter. 1: an adapter (default).")
@click.option(
    "--quant", type=click.Choice(_QUANTS), default="q4_0", show_default=True, help="Type of its numbers."
)
@click.option("--target", metavar="NAME", help="What to compile for: a name or a target file.")
@click.option("--base", metavar="PATH", help="The target's base, or a folder that holds it.")
@click.option("-fno-infer-labels", "no_infer", is_flag=True, help="Take no set of answers from the prose.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Only the first N records.")
@click.option(
    "--noise",
    metavar="AXIS[:INTENSITY]",
    callback=_noise,
    help="Compile each spec as a careless author would have written it. AXIS: typos, grammar, ambiguity, "
    "formatting, terse, casual, paraphrase, or all; INTENSITY: light, medium (default) or heavy.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr how each record went.")
@_colour
def eval_command(
    file: str,
    as_json: bool,
    level: str,
    quant: str,
    target: str | None,
    base: str | None,
    no_infer: bool,
    limit: int | None,
    noise: Noise | None,
    verbose: bool,
    color: str,
) -> None:
    """Compile every spec of a benchmark, run its cases, and count exact matches
    beside trivial baselines.

    FILE.jsonl has an object a line: id, family, spec, output_kind, and cases,
    each with input and output. Only the spec is shown to the compiler.
    """
    with _reporting(color, verbose) as reporter:
        from pawtrainer import evaluate

        from . import output
        from .driver import Job

        job = Job("program", int(level), quant, target, not no_infer)
        result = evaluate.evaluate(evaluate.load(file, limit), job, base, reporter.tell, noise)
        with output.stdout():
            evaluate.show(result, as_json)


@click.command("train", context_settings=_SETTINGS)
@click.argument("recipe", metavar="RECIPE.toml")
@click.option("-o", "--out", metavar="DIR", help="Folder of the run; the recipe names a default.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint of that folder.")
@click.option("-n", "--dry-run", is_flag=True, help="Do a few steps of each stage only.")
@click.option("--data", metavar="DIR", help="Folder of data files, in place of the recipe's; '' for none.")
@click.option(
    "--release", metavar="ROOT", help="Write base, compiler and target file below ROOT; train no further."
)
@_colour
def train_command(
    recipe: str,
    out: str | None,
    resume: bool,
    dry_run: bool,
    data: str | None,
    release: str | None,
    color: str,
) -> None:
    """Train an interpreter and its compiler as a recipe says. Needs the extra
    [train], which brings torch. With --release, RECIPE.toml is the recipe of
    a run that has a checkpoint of its second stage."""
    with _reporting(color):
        import importlib.util

        for package in ("torch", "safetensors", "tokenizers"):
            if importlib.util.find_spec(package) is None:
                raise PawError(
                    "no-train-extra",
                    f"training needs the package {package}",
                    hint="install the extra with: pip install 'paw-toolchain[train]'",
                )
        if release is not None:
            from pawtrainer.release import release_recipe

            click.echo(release_recipe(recipe, out, release))
            return
        from pawtrainer.train import run

        run(recipe, out, resume, dry_run, data)


COMMANDS = {"train": train_command, "eval": eval_command, "inspect": inspect_command}


def main(args: Sequence[str] | None = None, prog_name: str = "pawc") -> None:
    """Run the command that the first argument names, else the compiler."""
    words = list(sys.argv[1:] if args is None else args)
    if words and words[0] in COMMANDS:
        COMMANDS[words[0]].main(args=words[1:], prog_name=f"{prog_name} {words[0]}")
    else:
        compile_command.main(args=words, prog_name=prog_name)
