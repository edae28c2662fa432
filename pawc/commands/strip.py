"""`pawc strip`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@options.command("strip")
@click.argument("files", metavar="FILE.pawbin...", nargs=-1, required=True)
@click.option("-o", "out", metavar="OUT", help="Write to OUT and leave the file as it is; one file only.")
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is left.")
@options.colour
def command(files: tuple[str, ...], out: str | None, verbose: bool, color: str) -> None:
    """Drop from programs what running them does not need: source, tests and
    provenance. Their answers stay the same; their ids do not."""
    if out is not None and len(files) > 1:
        raise click.UsageError("-o is for one file")
    with reporting(color, verbose) as reporter:
        from .. import output, strip

        if out is not None:
            output.refuse(out, (), binary=True)
        for file in files:
            strip.strip(file, out or file, reporter)
