"""Tables on standard output: drawn on a terminal, plain elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence


def show(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: Collection[int] = (0,),
    ends: Collection[int] = (),
) -> None:
    """Print rows of text below their header. Columns but those of `left` are aligned to the right; on a
    terminal a line is drawn below each row of `ends`."""
    if sys.stdout.isatty():
        _drawn(header, rows, left, ends)
    else:
        _plain(header, rows, left)


def _plain(header: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[int]) -> None:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = (
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())


def _drawn(
    header: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[int], ends: Collection[int]
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table()
    for column, name in enumerate(header):
        shown.add_column(Text(name), justify="left" if column in left else "right")
    for index, row in enumerate(rows):
        shown.add_row(*map(Text, row), end_section=index in ends)
    Console().print(shown)
