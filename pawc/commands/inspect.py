"""`pawc inspect`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@options.command("inspect")
@click.argument("file", metavar="FILE.pawbin")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the adapter's bytes left out.")
@click.option(
    "--tensors",
    is_flag=True,
    help="Show the weights instead: of each layer and module, the norm of its update, its effective rank, "
    "and its share of the base weight's norm; or of each label, its vector. With --json: beside the rest.",
)
@click.option("--heatmap", is_flag=True, help="Show them as colours: layers by modules, or labels by labels.")
@click.option("--svg", metavar="OUT", help="Write the heatmap as a drawing.")
@click.option("--png", metavar="OUT", help="Write it as pixels. Needs the extra [image].")
@options.base
@options.colour
def command(
    file: str,
    as_json: bool,
    tensors: bool,
    heatmap: bool,
    svg: str | None,
    png: str | None,
    base: str | None,
    color: str,
) -> None:
    """Show what a program holds: its manifest, its parts with their sizes, and
    its pseudo-program. The file is verified entirely."""
    with reporting(color) as reporter:
        import sys

        from pawformats import references

        from .. import heatmap as heatmaps
        from .. import inspector, output, tables
        from ..diagnostics import wants_colour

        described = inspector.describe(file)
        figures = inspector.tensors(file, base, reporter) if tensors or heatmap or svg or png else None
        for out, draw in ((svg, heatmaps.svg), (png, heatmaps.png)):
            if out is not None and figures:
                output.refuse(out, (references.split(file)[0],), binary=draw is heatmaps.png)
                output.write(out, draw(inspector.grid(figures)))
        with output.stdout():
            if as_json:
                print(inspector.as_json(described | ({"tensors": figures} if figures else {})))
            elif figures is None:
                print(inspector.as_text(described))
            if figures and tensors and not as_json:
                tables.show(*inspector.tensor_table(figures), left=(0, 4))
            if figures and heatmap and not as_json:
                heatmaps.show(inspector.grid(figures), wants_colour(color, sys.stdout))
