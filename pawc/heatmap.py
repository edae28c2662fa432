"""A grid of numbers as colours: in the terminal, as SVG and as PNG."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pawformats.extras import need

from . import tables
from .diagnostics import printable

#: From low to high: dark violet over green to yellow, evenly light and distinct for the colour-blind.
_SCALE = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_SHADES = " ░▒▓█"
#: Sizes of the drawing, in its own units: a cell, a character of its text, and its font.
_CELL, _CHARACTER, _FONT = (58, 22), 7, 11
#: Pixels a unit of a PNG, and Pillow's names of where a text stands at a point of its baseline.
_DENSITY, _ANCHORS = 2, {"start": "ls", "middle": "ms", "end": "rs"}
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


@dataclass(frozen=True)
class _Box:
    """A painted cell, its corner in units of the drawing."""

    x: int
    y: int
    width: int
    height: int
    paint: str


@dataclass(frozen=True)
class _Words:
    """A line of text. `x` is its start, middle or end, as `anchor` says; `y` is its baseline."""

    x: int
    y: int
    text: str
    anchor: str = "start"
    ink: str = "#000000"


def _drawing(grid: Grid) -> tuple[int, int, list[_Box | _Words]]:
    """Width, height and parts of the drawing of a grid, later ones over earlier ones."""
    width, height = _CELL
    left = 10 + _CHARACTER * max(len(printable(name)) for name in grid.rows)
    column = max(width, 10 + _CHARACTER * max(len(printable(name)) for name in grid.columns))
    across, down = left + column * len(grid.columns), 48 + height * len(grid.rows)
    parts: list[_Box | _Words] = [_Words(4, 16, grid.title)]
    for index, name in enumerate(grid.columns):
        parts.append(_Words(left + column * index + column // 2, 38, printable(name), "middle"))
    for number, (name, row) in enumerate(zip(*_named(grid), strict=True)):
        y = 44 + height * number
        parts.append(_Words(left - 6, y + 15, name, "end"))
        for index, value in enumerate(row):
            if math.isfinite(value):
                x, (paint, ink) = left + column * index, _colours(grid, value)
                parts.append(_Box(x, y, column, height, paint))
                parts.append(_Words(x + column // 2, y + 15, _text(value), "middle", ink))
    return max(across, 8 + _CHARACTER * len(grid.title)), down, parts


def svg(grid: Grid) -> bytes:
    """A drawing of a grid, as a document of its own."""
    width, height, parts = _drawing(grid)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="monospace" font-size="{_FONT}">'
    ]
    for part in parts:
        place = f'x="{part.x}" y="{part.y}"'
        if isinstance(part, _Box):
            lines.append(f'<rect {place} width="{part.width}" height="{part.height}" fill="{part.paint}"/>')
        else:
            words = f'text-anchor="{part.anchor}" fill="{part.ink}">{escape(part.text)}'
            lines.append(f"<text {place} {words}</text>")
    return "\n".join([*lines, "</svg>", ""]).encode()


def png(grid: Grid) -> bytes:
    """The same drawing as pixels, at _DENSITY pixels a unit. Raises PawError without the extra [image]."""
    need("image", "a PNG needs")
    from PIL import Image, ImageDraw, ImageFont

    width, height, parts = _drawing(grid)
    image = Image.new("RGB", (_DENSITY * width, _DENSITY * height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_DENSITY * _FONT)
    for part in parts:
        x, y = _DENSITY * part.x, _DENSITY * part.y
        if isinstance(part, _Box):
            corner = (x + _DENSITY * part.width - 1, y + _DENSITY * part.height - 1)
            draw.rectangle((x, y, *corner), part.paint)
        else:
            draw.text((x, y), part.text, part.ink, font, anchor=_ANCHORS[part.anchor])
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


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
