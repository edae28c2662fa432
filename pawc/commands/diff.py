"""`pawc diff`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@options.command("diff")
@click.argument("first", metavar="A.pawbin")
@click.argument("second", metavar="B.pawbin")
@click.option("--on", metavar="RECORDS", help="A file of records, one a line: show which answers flip.")
@options.as_json
@options.base
@options.colour
def command(first: str, second: str, on: str | None, as_json: bool, base: str | None, color: str) -> None:
    """Show what tells two programs apart: manifests, texts, the distance of their
    adapters by layer and module or of their label heads by label, and which
    answers flip on given records.

    Exit status: 0 if they could be compared, whatever the result.
    """
    with reporting(color):
        import json

        from .. import differences, output, records

        lines = None if on is None else records.read_lines(on)
        found = differences.compare(first, second, lines, base)
        with output.stdout():
            if as_json:
                print(json.dumps(found, indent=2, ensure_ascii=False))
            else:
                differences.show(found)
