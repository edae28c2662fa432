"""Messages: where, what, the source line with a caret, and what to do about it."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TextIO

from pawformats.errors import PawError, Position

from .credentials import mask
from .warning_flags import State

Severity = Literal["error", "warning", "note"]
#: How messages are written: for people as they come, or one document for programs at the end.
Form = Literal["text", "json", "sarif"]

#: Exit status for an error of the kind `test-failed`; that of others is lower, and the highest counts.
TEST_FAILED = 3

_COLOURS = {"error": "1;31", "warning": "1;35", "note": "1;36", "hint": "1;36", "place": "1", "caret": "1;32"}


@dataclass(frozen=True)
class Diagnostic:
    """One message. `flag` is the warning's name, as in -Wflag, and `kind` that of an error; `notes`
    point at other places that belong to it."""

    severity: Severity
    message: str
    position: Position | None = None
    source_line: str | None = None
    hint: str | None = None
    flag: str | None = None
    kind: str | None = None
    notes: tuple[Diagnostic, ...] = ()


class Enough(Exception):
    """As many errors have been reported as were allowed."""


class Failed(Exception):
    """An input has errors, all of them reported already."""


def from_error(error: PawError) -> Diagnostic:
    return Diagnostic("error", error.message, error.position, error.source_line, error.hint, kind=error.kind)


def wants_colour(choice: str, stream: TextIO | None) -> bool:
    """`choice` is auto, always or never; auto respects NO_COLOR and TERM=dumb."""
    if choice != "auto":
        return choice == "always"
    if stream is None or not stream.isatty():
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


#: Characters of a source line that are shown.
_LONGEST_LINE = 240


def render(diagnostic: Diagnostic, colour: bool = False) -> str:
    """The text of a message and of its notes, without a line feed at its end."""

    def paint(text: str, name: str) -> str:
        return f"\033[{_COLOURS[name]}m{text}\033[0m" if colour else text

    place = diagnostic.position
    where = f"{display_name(place.file)}:{place.line}:{place.col}:" if place else "pawc:"
    flag = f" [-W{diagnostic.flag}]" if diagnostic.flag else ""
    severity = paint(f"{diagnostic.severity}:", diagnostic.severity)
    lines = [f"{paint(where, 'place')} {severity} {diagnostic.message}{flag}"]
    if place and diagnostic.source_line is not None:
        source, before = _around(diagnostic.source_line.rstrip("\r\n"), place.col - 1)
        lines.append(f"{place.line:5d} | {printable(source)}")
        lines.append("      | " + _indent(source[:before]) + paint("^", "caret"))
    if diagnostic.hint:
        lines.append(f"{paint('hint:', 'hint')} {diagnostic.hint}")
    return "\n".join([*lines, *(render(note, colour) for note in diagnostic.notes)])


def _around(line: str, at: int) -> tuple[str, int]:
    """What is shown of a line, and where `at` is in it: all of it, or of a long one the part around."""
    if len(line) <= _LONGEST_LINE:
        return line, at
    begin = max(0, min(at - _LONGEST_LINE // 2, len(line) - _LONGEST_LINE))
    end = begin + _LONGEST_LINE
    lead = "…" if begin else ""
    return lead + line[begin:end] + ("…" if end < len(line) else ""), at - begin + len(lead)


def printable(text: str) -> str:
    """A line with control characters visible, so that a spec cannot drive the terminal."""
    return "".join(
        c if c == "\t" or unicodedata.category(c) not in ("Cc", "Cf") else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )


def display_name(file: str) -> str:
    """An input's name in messages and reports, where bytes that are not UTF-8 become `?`."""
    return "<stdin>" if file == "-" else file.encode("utf-8", "replace").decode("utf-8")


def quoted(text: str) -> str:
    """An input or output as a message quotes it: on one line, cut if it is long."""
    text = mask(text)  # before it is cut, after which a credential has no shape
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _indent(text: str) -> str:
    """Blanks as wide as the text: tabs stay, wide characters count two, combining ones none."""

    def blank(c: str) -> str:
        if c == "\t":
            return c
        return "" if unicodedata.combining(c) else "  " if unicodedata.east_asian_width(c) in "WF" else " "

    return "".join(map(blank, text))


def say(text: str) -> None:
    """A line on standard error. If that is closed or full, there is nobody left to tell: the exit status
    still says what happened."""
    if sys.stderr is not None:
        try:
            print(text, file=sys.stderr)
        except OSError:
            sys.stderr = None


@dataclass
class Reporter:
    """Shows messages on standard error and remembers the worst: `status` is the exit status so far.

    `warnings` says of each flag whether it is "off", "on" or an "error". With `verbose`, progress is
    told as well, in the form "text" only. After `max_errors` errors (0: no limit) Enough is raised. In
    the other forms nothing is written before `finish`.
    """

    warnings: Mapping[str, State] = field(default_factory=dict)
    colour: bool = False
    verbose: bool = False
    status: int = 0
    form: Form = "text"
    max_errors: int = 0
    errors: int = 0
    _held: list[Diagnostic] = field(default_factory=list)

    def wants(self, flag: str) -> bool:
        """Whether a warning is on, for checks that cost something."""
        return self.warnings.get(flag, "off") != "off"

    def tell(self, text: str) -> None:
        """Progress, for -v."""
        if self.verbose:
            say(f"pawc: {text}")

    def report(self, diagnostic: Diagnostic) -> bool:
        """Show a message unless its warning is off; returns whether it is an error."""
        if diagnostic.severity == "warning" and diagnostic.flag:
            state = self.warnings.get(diagnostic.flag, "off")
            if state == "off":
                return False
            if state == "error":
                diagnostic = replace(diagnostic, severity="error", flag=f"error={diagnostic.flag}")
        self.show(_masked(diagnostic))
        return diagnostic.severity == "error"

    def show(self, diagnostic: Diagnostic) -> None:
        """Show a message that has been judged.

        An error with a position is about an input: status 1. One without means that pawc could not
        do its work: status 2. A failed test is told from both: status 3.
        """
        if self.form == "text":
            say(render(diagnostic, self.colour))
        else:
            self._held.append(diagnostic)
        if diagnostic.severity != "error":
            return
        status = 1 if diagnostic.position else 2
        self.status = max(self.status, TEST_FAILED if diagnostic.kind == "test-failed" else status)
        self.errors += 1
        if self.errors == self.max_errors:
            raise Enough

    def finish(self) -> None:
        """Write the document of the other forms, which is there even if there was nothing to say."""
        if self.form != "text":
            from . import documents

            say(documents.FORMS[self.form](self._held, self.status))


@dataclass
class Recorder(Reporter):
    """Keeps what it is told, for another reporter to show later: in another process, or in order."""

    events: list[str | Diagnostic] = field(default_factory=list)

    def tell(self, text: str) -> None:
        if self.verbose:
            self.events.append(text)

    def show(self, diagnostic: Diagnostic) -> None:
        self.events.append(diagnostic)

    def replay(self, to: Reporter) -> None:
        for event in self.events:
            if isinstance(event, str):
                to.tell(event)
            else:
                to.show(event)


def _masked(diagnostic: Diagnostic) -> Diagnostic:
    """The message without credentials, which logs would keep."""
    line = diagnostic.source_line
    return replace(
        diagnostic,
        message=mask(diagnostic.message),
        source_line=None if line is None else mask(line),
        notes=tuple(map(_masked, diagnostic.notes)),
    )
