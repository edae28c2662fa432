"""A grid of numbers as colours: in the terminal, and as SVG."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from . import tables
from .diagnostics import printable

#: From low to high: dark violet over green to yellow, evenly light and distinct for the colour-blind.
_SCALE = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_SHADES = " ░▒▓█"
#: Sizes of the drawing, in its own units: a cell, and a character of its text.
_CELL, _CHARACTER = (58, 22), 7
#: Columns to lay a grid out in: a cell is never cut, a terminal breaks the line.
_WIDE = 10_000


@dataclass(frozen=True)
class Grid:
    """Numbers by row and column; NaN is an empty cell. The colours span the finite ones."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]]

    def height(self, value: float) -> float:
        """Where a finite value lies between the least (0) and the greatest (1)."""
        finite = [one for row in self.values for one in row if math.isfinite(one)]
        low, high = min(finite), max(finite)
        return (value - low) / (high - low) if high > low else 0.5


def show(grid: Grid, colour: bool) -> None:
    """Print a grid: cells on colours, or without colour each behind a shade."""
    print(grid.title)
    if not colour:
        rows = [[name, *(_plain(grid, one) for one in row)] for name, row in zip(*_named(grid), strict=True)]
        tables.show(("", *map(printable, grid.columns)), rows)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, padding=(0, 0), header_style="")
    shown.add_column("")
    for column in grid.columns:
        shown.add_column(Text(f" {printable(column)}"), justify="right")
    for name, row in zip(*_named(grid), strict=True):
        shown.add_row(Text(f"{name} "), *(Text(f" {_text(one)}", style=_style(grid, one)) for one in row))
    Console(
        file=sys.stdout, width=_WIDE, force_terminal=True, color_system="truecolor", no_color=False
    ).print(shown)


def svg(grid: Grid) -> bytes:
    """A drawing of a grid, as a document of its own."""
    width, height = _CELL
    left = 10 + _CHARACTER * max(map(len, grid.rows))
    column = max(width, 10 + _CHARACTER * max(map(len, grid.columns)))
    across, down = left + column * len(grid.columns), 48 + height * len(grid.rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
        'font-family="monospace" font-size="11">',
        f'<text x="4" y="16">{escape(grid.title)}</text>',
    ]
    for index, name in enumerate(grid.columns):
        x = left + column * index + column // 2
        parts.append(f'<text x="{x}" y="38" text-anchor="middle">{escape(printable(name))}</text>')
    for number, (name, row) in enumerate(zip(*_named(grid), strict=True)):
        y = 44 + height * number
        parts.append(f'<text x="{left - 6}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for index, value in enumerate(row):
            if math.isfinite(value):
                x, (paint, ink) = left + column * index, _colours(grid, value)
                parts.append(f'<rect x="{x}" y="{y}" width="{column}" height="{height}" fill="{paint}"/>')
                parts.append(
                    f'<text x="{x + column // 2}" y="{y + 15}" text-anchor="middle" fill="{ink}">'
                    f"{_text(value)}</text>"
                )
    return "\n".join([*parts, "</svg>", ""]).encode()


def _named(grid: Grid) -> tuple[list[str], Sequence[Sequence[float]]]:
    return [printable(name) for name in grid.rows], grid.values


def _text(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else ""


def _plain(grid: Grid, value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{_SHADES[min(4, int(5 * grid.height(value)))] * 2} {_text(value)}"


def _style(grid: Grid, value: float) -> str:
    paint, ink = _colours(grid, value) if math.isfinite(value) else ("", "")
    return f"{ink} on {paint}" if paint else ""


def _colours(grid: Grid, value: float) -> tuple[str, str]:
    """The colour of a cell and of the text on it, as #rrggbb."""
    place = grid.height(value) * (len(_SCALE) - 1)
    lower = min(int(place), len(_SCALE) - 2)
    mixed = [
        round(a + (place - lower) * (b - a)) for a, b in zip(_SCALE[lower], _SCALE[lower + 1], strict=True)
    ]
    bright = 0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2] > 140
    return "#{:02x}{:02x}{:02x}".format(*mixed), "#000000" if bright else "#ffffff"
