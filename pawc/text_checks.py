"""What is suspicious in the text of a source or an included file, line by line as it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from pawformats.errors import Position

from .credentials import find
from .diagnostics import Diagnostic


def check_text(file: str, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Warnings of credentials and of characters that are not in Unicode's normal form C."""
    for number, line in enumerate(lines, 1):
        for found in find(line):
            yield Diagnostic(
                "warning",
                f"this looks like {found.what}",
                Position(file, number, found.start + 1),
                hint="a program carries its source: who has one can read the other",
                flag="secret",
            )
        if not unicodedata.is_normalized("NFC", line):
            yield Diagnostic(
                "warning",
                "this text is not in Unicode's normal form C, as records usually are",
                Position(file, number, _first_difference(line)),
                hint="normalise the file, as with: uconv -x any-nfc",
                flag="non-nfc-text",
            )


def _first_difference(line: str) -> int:
    """The column, from 1, at which a line and its normal form part."""
    normal = unicodedata.normalize("NFC", line)
    pairs = enumerate(zip(line, normal, strict=False), 1)
    return next((col for col, (old, new) in pairs if old != new), len(normal))
