"""Messages: where, what, the source line with a caret, and what to do about it."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TextIO

from pawformats.errors import PawError, Position

Severity = Literal["error", "warning", "note"]

_COLOURS = {"error": "1;31", "warning": "1;35", "note": "1;36", "hint": "1;36", "place": "1", "caret": "1;32"}


@dataclass(frozen=True)
class Diagnostic:
    """One message. `flag` is the warning's name, as in -Wflag."""

    severity: Severity
    message: str
    position: Position | None = None
    source_line: str | None = None
    hint: str | None = None
    flag: str | None = None


def from_error(error: PawError) -> Diagnostic:
    return Diagnostic("error", error.message, error.position, error.source_line, error.hint)


def wants_colour(choice: str, stream: TextIO) -> bool:
    """`choice` is auto, always or never; auto respects NO_COLOR and TERM=dumb."""
    if choice != "auto":
        return choice == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def render(diagnostic: Diagnostic, colour: bool = False) -> str:
    """The text of a message, without a line feed at its end."""

    def paint(text: str, name: str) -> str:
        return f"\033[{_COLOURS[name]}m{text}\033[0m" if colour else text

    place = diagnostic.position
    where = f"{place.file}:{place.line}:{place.col}:" if place else "pawc:"
    flag = f" [-W{diagnostic.flag}]" if diagnostic.flag else ""
    severity = paint(f"{diagnostic.severity}:", diagnostic.severity)
    lines = [f"{paint(where, 'place')} {severity} {diagnostic.message}{flag}"]
    if place and diagnostic.source_line is not None:
        source = diagnostic.source_line.rstrip("\r\n")
        lines.append(f"{place.line:5d} | {printable(source)}")
        lines.append("      | " + _indent(source[: place.col - 1]) + paint("^", "caret"))
    if diagnostic.hint:
        lines.append(f"{paint('hint:', 'hint')} {diagnostic.hint}")
    return "\n".join(lines)


def printable(text: str) -> str:
    """A line with control characters visible, so that a spec cannot drive the terminal."""
    return "".join(
        c if c == "\t" or unicodedata.category(c) not in ("Cc", "Cf") else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )


def display_name(file: str) -> str:
    """An input's name in messages and reports, where bytes that are not UTF-8 become `?`."""
    return "<stdin>" if file == "-" else file.encode("utf-8", "replace").decode("utf-8")


def _indent(text: str) -> str:
    """Blanks as wide as the text: tabs stay, wide characters count two, combining ones none."""

    def blank(c: str) -> str:
        if c == "\t":
            return c
        return "" if unicodedata.combining(c) else "  " if unicodedata.east_asian_width(c) in "WF" else " "

    return "".join(map(blank, text))


class Failed(Exception):
    """An input has errors, all of them reported already."""


@dataclass
class Reporter:
    """Prints messages on stderr and remembers the worst: `status` is the exit status so far.

    `warnings` says of each flag whether it is "off", "on" or an "error". With `verbose`, progress is
    told as well.
    """

    warnings: Mapping[str, str] = field(default_factory=dict)
    colour: bool = False
    verbose: bool = False
    status: int = 0

    def tell(self, text: str) -> None:
        """Progress, for -v."""
        if self.verbose:
            print(f"pawc: {text}", file=sys.stderr)

    def report(self, diagnostic: Diagnostic) -> bool:
        """Print a message unless its warning is off; returns whether it is an error.

        An error with a position is about an input: status 1. One without means that pawc could not
        do its work: status 2.
        """
        if diagnostic.severity == "warning" and diagnostic.flag:
            state = self.warnings.get(diagnostic.flag, "off")
            if state == "off":
                return False
            if state == "error":
                diagnostic = replace(diagnostic, severity="error", flag=f"error={diagnostic.flag}")
        print(render(diagnostic, self.colour), file=sys.stderr)
        if diagnostic.severity != "error":
            return False
        self.status = max(self.status, 1 if diagnostic.position else 2)
        return True
