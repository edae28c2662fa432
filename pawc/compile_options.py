"""Groups of options of the compile command, each handed over as one value."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from .depfile import Depends, quote
from .warning_flags import State, resolve

if TYPE_CHECKING:
    from .diagnostics import Form

Command = Callable[..., None]
#: Lines to print instead of compiling, given --target.
Shown = Callable[[str | None], Iterator[str]]


def _group(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """The options as one decorator, which keeps their order in --help."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_DEPFILE = _group(
    click.option("-M", "only_all", is_flag=True, help="Print a make rule of what FILE depends on; no more."),
    click.option("-MM", "only_own", is_flag=True, help="The same without the files of the toolchain."),
    click.option("-MD", "also_all", is_flag=True, help="Write that rule to STEM.d beside the output."),
    click.option("-MMD", "also_own", is_flag=True, help="The same without the files of the toolchain."),
    click.option("-MF", "rule_file", metavar="FILE", help="Write the rule to FILE."),
    click.option("-MT", "rule_targets", metavar="NAME", multiple=True, help="Name the rule's target so."),
    click.option("-MQ", "rule_quoted", metavar="NAME", multiple=True, help="The same, quoted for make."),
    click.option("-MP", "phony", is_flag=True, help="Add an empty rule for each file but FILE.paw."),
)


def depfile_options(command: Command) -> Command:
    """Passes `depends`: what -M… asks for, None if nothing is."""

    @_DEPFILE
    @functools.wraps(command)
    def with_depends(
        *,
        only_all: bool,
        only_own: bool,
        also_all: bool,
        also_own: bool,
        rule_file: str | None,
        rule_targets: tuple[str, ...],
        rule_quoted: tuple[str, ...],
        phony: bool,
        **rest: Any,
    ) -> None:
        asked = only_all + only_own + also_all + also_own
        if asked > 1:
            raise click.UsageError("choose one of -M, -MM, -MD and -MMD")
        if not asked and (rule_file or rule_targets or rule_quoted or phony):
            raise click.UsageError("-MF, -MT, -MQ and -MP need one of -M, -MM, -MD and -MMD")
        depends = None
        if asked:
            targets = (*rule_targets, *map(quote, rule_quoted))
            depends = Depends(only_all or only_own, only_all or also_all, rule_file, targets, phony)
        command(depends=depends, **rest)

    return with_depends


@dataclass(frozen=True)
class Messages:
    """How messages are given, and which."""

    warnings: dict[str, State] = field(default_factory=lambda: resolve(()))
    form: Form = "text"
    max_errors: int = 0
    prompt_budget: int | None = None


_MESSAGES = _group(
    click.option(
        "-W",
        "words",
        metavar="NAME",
        multiple=True,
        help="Warn of NAME, all or extra; no-NAME: do not; error[=NAME].",
    ),
    click.option("-w", "silent", is_flag=True, help="Give no warnings."),
    click.option(
        "--prompt-budget",
        metavar="N",
        type=click.IntRange(1),
        help="Warn of a prompt of more tokens; by default of half of what the base reads.",
    ),
    click.option(
        "-fmax-errors",
        "max_errors",
        metavar="N",
        type=click.IntRange(0),
        default=0,
        help="Stop after N errors; 0: no limit.",
    ),
    click.option(
        "-fdiagnostics-format",
        "form",
        type=click.Choice(("text", "json", "sarif")),
        default="text",
        help="Give messages as lines, or as one document on stderr.",
    ),
)


def message_options(command: Command) -> Command:
    """Passes `messages`."""

    @_MESSAGES
    @functools.wraps(command)
    def with_messages(
        *,
        words: tuple[str, ...],
        silent: bool,
        prompt_budget: int | None,
        max_errors: int,
        form: Form,
        verbose: bool,
        **rest: Any,
    ) -> None:
        if verbose and form != "text":
            raise click.UsageError(f"-v tells in words, which no {form} document can hold")
        try:
            warnings = resolve(words, silent)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        messages = Messages(warnings, form, max_errors, prompt_budget)
        command(messages=messages, verbose=verbose, **rest)

    return with_messages


_PRINTS = _group(
    click.option("--print-targets", is_flag=True, help="List the known targets."),
    click.option("--print-search-dirs", is_flag=True, help="List where targets and bases are looked for."),
    click.option("--print-base", is_flag=True, help="Print the file of the base of --target, or of all."),
    click.option("--cache-stats", is_flag=True, help="Show what the compile cache holds and has saved."),
)


def print_options(command: Command) -> Command:
    """Passes `shown`: a function from --target to the lines to print instead of compiling, or None."""

    @_PRINTS
    @functools.wraps(command)
    def with_shown(
        *, print_targets: bool, print_search_dirs: bool, print_base: bool, cache_stats: bool, **rest: Any
    ) -> None:
        shown: Shown | None = None
        if print_targets or print_search_dirs or print_base or cache_stats:
            from . import cache, targets

            asked = {
                targets.listed: print_targets,
                targets.places: print_search_dirs,
                targets.base_files: print_base,
                cache.stats: cache_stats,
            }
            shown = next(function for function, wanted in asked.items() if wanted)
        command(shown=shown, **rest)

    return with_shown
