"""Several sources to one library: each is compiled as if it were alone, and then they are put together."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence

from pawformats import pawbin, pawlib
from pawformats.errors import PawError

from . import driver, output
from .diagnostics import Reporter


def run(files: Sequence[str], out: str, job: driver.Job, reporter: Reporter) -> None:
    """Write a library of the programs, or nothing if one of them fails, which is reported.

    Raises PawError if two have one name, or if the library can't be written.
    """
    for file in files:
        output.refuse(out, (file,), job.binary)
    with tempfile.TemporaryDirectory(prefix="pawc-") as folder:
        pairs = [(file, os.path.join(folder, f"{number}.pawbin")) for number, file in enumerate(files)]
        driver.run(pairs, job, reporter)
        if reporter.status:
            return
        output.write(out, pawlib.dump(_named(pairs)))
    reporter.tell(f"wrote {out}, a library of {len(files)} programs")


def _named(pairs: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    """The programs by the names that their sources give them."""
    named: dict[str, bytes] = {}
    sources: dict[str, str] = {}
    for file, made in pairs:
        with open(made, "rb") as program:
            data = program.read()
        name = pawbin.load(data).name
        if name in named:
            raise PawError(
                "two-of-a-name",
                f"{sources[name]} and {file} are both named {name!r}",
                hint="give each a name of its own in its front matter",
            )
        named[name], sources[name] = data, file
    return named
