"""`pawc inspect`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@click.command("inspect", context_settings=options.SETTINGS)
@click.argument("file", metavar="FILE.pawbin")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the adapter's bytes left out.")
@options.colour
def command(file: str, as_json: bool, color: str) -> None:
    """Show what a program holds: its manifest, its parts with their sizes, and
    its pseudo-program. The file is verified entirely."""
    with reporting(color):
        from .. import inspector, output

        described = inspector.describe(file)
        text = inspector.as_json(described) if as_json else inspector.as_text(described)
        output.write(output.STDOUT, f"{text}\n".encode())
