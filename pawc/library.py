"""Several sources to one library: each is compiled as if it were alone, and then they are put together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pawformats import pawbin, pawlib
from pawformats.errors import PawError

from . import batch, depfile, output
from .depfile import Depends
from .diagnostics import Reporter
from .driver import stem


def run(files: Sequence[str], out: str, settings: batch.Settings, reporter: Reporter, jobs: int = 1) -> None:
    """Write a library of the programs, and its rule if one is asked for; or nothing if an input fails, which
    is reported.

    Raises PawError if two have one name, or if the library can't be written.
    """
    programs: list[tuple[str, bytes]] = []
    read: list[str] = []
    with batch.outcomes([(file, out) for file in files], settings, jobs) as outcomes:
        for file, outcome in zip(files, outcomes, strict=True):
            outcome.told.replay(reporter)
            if outcome.made is not None:
                programs.append((file, outcome.made.data))
                read += outcome.files
    if reporter.status:
        return
    data = pawlib.dump(_named(programs))
    output.refuse(out, tuple(read), binary=True)
    if settings.depends is not None:
        _write_rule(files, out, read, settings.depends)
    output.write(out, data)
    reporter.tell(f"wrote {out}, a library of {len(files)} programs")


def _write_rule(files: Sequence[str], out: str, read: Sequence[str], depends: Depends) -> None:
    """Before the library: should that fail, make tries again."""
    path = depends.path(out, stem(out))
    output.refuse(path, tuple(read), binary=False)
    sources = [file for file in files if file != "-"]
    output.write(path, os.fsencode(depfile.rule(out, sources, read, depends)))


def _named(programs: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The programs by the names that their sources give them."""
    named: dict[str, bytes] = {}
    sources: dict[str, str] = {}
    for file, data in programs:
        name = pawbin.load(data).name
        if name in named:
            raise PawError(
                "two-of-a-name",
                f"{sources[name]} and {file} are both named {name!r}",
                hint="give each a name of its own in its front matter",
            )
        named[name], sources[name] = data, file
    return named
