"""What several commands have in common: how they are made, their settings and options."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pawtrainer.noise import Noise

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 80}
QUANTS = ("q4_0", "q8_0", "f16", "f32")  # pawformats.adapter.QUANTS, which would load numpy


class Command(click.Command):
    """Says what is wrong with a standard output that takes no --help or --version."""

    def make_context(self, *given: Any, **settings: Any) -> click.Context:
        try:
            return super().make_context(*given, **settings)
        except BrokenPipeError:
            raise
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's flush at its exit
            print(f"pawc: error: cannot write standard output: {error.strerror}", file=sys.stderr)
            sys.exit(2)


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """The decorator that makes a function the command `pawc NAME`."""
    return click.command(name, cls=Command, context_settings=SETTINGS)


colour = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour the messages."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
level = click.option(
    "-O",
    "level",
    type=click.Choice(("0", "1", "2")),
    default="1",
    help="0: no adapter. 1: one pass of the compiler (default). 2: fitted to examples.",
)
data = click.option(
    "--data",
    metavar="FILE",
    multiple=True,
    help="With -O2: learn from the rows of a .tsv, .csv or .jsonl, too.",
)
quant = click.option(
    "--quant", type=click.Choice(QUANTS), default="q4_0", show_default=True, help="Type of its numbers."
)
target = click.option("--target", metavar="NAME", help="What to compile for: a name or a target file.")
no_infer = click.option(
    "-fno-infer-labels", "no_infer", is_flag=True, help="Take no set of answers from the prose."
)
cached = click.option(
    "--no-cache",
    "cached",
    flag_value=False,
    default=True,
    help="Compile anew; neither read nor fill the cache.",
)
base = click.option("--base", metavar="PATH", help="The program's base, or a folder that holds it.")


def check_level(level: int, data: tuple[str, ...]) -> None:
    """Raise a UsageError for options that their level of -O has no use for."""
    if data and level < 2:
        raise click.UsageError("--data is for -O2 and -O3")


def compiling(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that compiles whole programs, which it gets as one Job: `job`; `base`; and
    `cached`, whether the user's compile cache is used."""

    @functools.wraps(function)
    def wrapped(
        *, level: str, data: tuple[str, ...], quant: str, target: str | None, no_infer: bool, **given: Any
    ) -> None:
        from ..driver import Job

        check_level(int(level), data)
        function(job=Job("program", int(level), quant, target, not no_infer, data=data), **given)

    for option in (cached, no_infer, base, target, quant, data, level):  # the last is shown first
        option(wrapped)
    return wrapped


def read_noise(_: click.Context, __: click.Parameter, text: str | None) -> Noise | None:
    """The callback of an option that names a noise."""
    if text is None:
        return None
    from pawtrainer import noise

    try:
        return noise.named(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
