"""Messages: their exact text, and which warning is given when."""

from __future__ import annotations

import io

import pytest
from pawformats import paw
from pawformats.errors import PawError, Position

from pawc import checks
from pawc.diagnostics import Diagnostic, Reporter, from_error, render, wants_colour

SPEC = """+++
labels = ["yes", "no"]
+++
Say yes or no.

Input: a
Output: yes

Input: a
Output: yes

Input: a
Output: no

Input: b
Output: maybe

+++ tests
Input: a
Output: yes
"""


def test_every_check() -> None:
    found = [
        (one.severity, one.flag, one.position and one.position.line, one.message)
        for one in checks.check(paw.parse(SPEC.encode(), "s.paw"))
    ]
    assert found == [
        ("error", None, 15, "the output 'maybe' of this example is not one of the labels"),
        ("warning", "duplicate-example", 9, "this example repeats the example at line 6"),
        ("warning", "contradictory-example", 12, "the example at line 6 answers the same input with 'yes'"),
        ("warning", "test-leak", 19, "this test is the example at line 6, so it shows nothing"),
    ]


def test_an_open_contract() -> None:
    (found,) = checks.check(paw.parse(b"Say something.", "s.paw"))
    assert found.flag == "output-contract" and not checks.WARNINGS["output-contract"]


def test_the_text_of_a_message() -> None:
    place = Position("s.paw", 12, 8)
    diagnostic = Diagnostic("warning", "text", place, "\tlabel\t= 1", "do this", "some-name")
    assert render(diagnostic).splitlines() == [
        "s.paw:12:8: warning: text [-Wsome-name]",
        "   12 | \tlabel\t= 1",
        "      | \t     \t^",
        "hint: do this",
    ]
    assert render(from_error(PawError("kind", "text"))) == "pawc: error: text"


def test_the_caret_stands_under_wide_and_combining_characters() -> None:
    line = "日本e\u0301x"
    shown = render(Diagnostic("error", "text", Position("s.paw", 1, 5), line)).splitlines()
    assert shown[2] == "      | " + " " * 5 + "^"


def test_a_source_line_cannot_drive_the_terminal() -> None:
    shown = render(Diagnostic("error", "text", Position("s.paw", 1, 1), "\033[2Jx"))
    assert "\033" not in shown


@pytest.mark.parametrize(
    ("choice", "environment", "wanted"),
    [
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {}, False),
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"TERM": "dumb"}, False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch, choice: str, environment: dict[str, str], wanted: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(choice, Terminal()) is wanted
    assert not wants_colour("auto", io.StringIO())


def test_the_status_is_that_of_the_worst(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = Reporter({"a": "on", "b": "off", "c": "error"})
    place = Position("s.paw", 1, 1)
    assert not reporter.report(Diagnostic("warning", "one", place, flag="a"))
    assert not reporter.report(Diagnostic("warning", "two", place, flag="b"))
    assert reporter.status == 0
    assert reporter.report(Diagnostic("warning", "three", place, flag="c"))
    assert reporter.status == 1
    assert reporter.report(from_error(PawError("kind", "four")))
    assert reporter.status == 2
    assert capsys.readouterr().err.splitlines() == [
        "s.paw:1:1: warning: one [-Wa]",
        "s.paw:1:1: error: three [-Werror=c]",
        "pawc: error: four",
    ]
