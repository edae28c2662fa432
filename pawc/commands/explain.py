"""`pawc explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..cli import reporting
from . import options

if TYPE_CHECKING:
    from ..driver import Job


@options.command("explain")
@click.argument("file", metavar="FILE")
@click.argument("record", metavar="RECORD")
@options.as_json
@options.compiling
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is done.")
@options.colour
def command(
    file: str,
    record: str,
    as_json: bool,
    job: Job,
    base: str | None,
    cached: bool,
    verbose: bool,
    color: str,
) -> None:
    """Show which line of a spec does the work: the answer to a record, and the
    labels' probabilities, with each clause and each example left out.

    FILE is a source, compiled anew without each part, or a .pawbin, of which
    less can be known. A RECORD of - is standard input.
    """
    if file == record == "-":
        raise click.UsageError("standard input can't be both FILE and RECORD")
    with reporting(color, verbose) as reporter:
        import json

        from .. import cache, explain, output, records

        if record == "-":
            record = records.read(record).removesuffix("\n")
        found = explain.explain(file, record, job, base, reporter, cache.of_user(cached))
        with output.stdout():
            if as_json:
                print(json.dumps(explain.plain(found), indent=2, ensure_ascii=False))
            else:
                explain.show(found)
