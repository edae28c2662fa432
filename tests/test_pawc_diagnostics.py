"""Messages: their exact text, and which warning is given when."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pawformats import paw
from pawformats.errors import PawError, Position

from pawc import checks, driver
from pawc.diagnostics import (
    Diagnostic,
    Enough,
    Failed,
    Form,
    Recorder,
    Reporter,
    from_error,
    render,
    wants_colour,
)
from pawc.documents import as_json, as_sarif
from pawc.sources import Sources
from pawc.text_checks import check_text
from pawc.warning_flags import resolve

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
        ("warning", "duplicate-example", 9, "this example repeats an earlier one"),
        ("warning", "contradictory-example", 12, "this example gives an input another output, 'no'"),
        ("warning", "test-leak", 19, "this test shows nothing: its input is that of an example"),
    ]


def warned(source: str) -> list[tuple[str | None, int, str]]:
    """The flag, line and message of each warning about a spec."""
    found = list(checks.check(paw.parse(source.encode(), "s.paw")))
    return [(one.flag, one.position.line if one.position else 0, one.message) for one in found]


def test_an_open_contract() -> None:
    assert warned("Say something.") == [("output-contract", 1, "the answer may be any text")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "+++\nlabels = ['a', 'b', 'c']\n+++\nPick the one.\n\nInput: x\nOutput: b\n"
            "+++ tests\nInput: y\nOutput: a\n",
            ("unshown-label", 2, "no example or test shows the label 'c'"),
        ),
        (
            "+++\nlabels = ['a', 'b', 'c', 'd', 'e', 'f', 'g']\n+++\nPick the one.\n",
            ("unshown-label", 2, "no example or test shows the labels 'a', 'b', 'c', 'd', 'e' and 2 more"),
        ),
        (
            "+++\noutput.regex = '[0-9]+'\n+++\nCount them.\n\nInput: x\nOutput: two\n",
            (
                "contradictory-example",
                6,
                "the output 'two' of this example does not match the regex of the contract",
            ),
        ),
        (
            "+++\noutput.json_schema = {}\n+++\nMake JSON.\n\n+++ tests\nInput: x\nOutput: {1}\n",
            ("contradictory-example", 7, "the output '{1}' of this test is not JSON, as the contract asks"),
        ),
        (
            "+++\nlabels = ['a']\n+++\nPick the one.\n\nInput: x\u00a0\nOutput: a\n",
            ("untrimmed-text", 6, "the input of this example ends with white space"),
        ),
        (
            "+++\nlabels = ['a']\n+++\nPick the one.\n\n"
            "+++ tests\nInput: x\nOutput: a\nInput: x\nOutput: a\n",
            ("duplicate-example", 9, "this test repeats an earlier one"),
        ),
        (
            "+++\noutput.regex = 'x'\n+++\nAnswer x.\n",
            ("vague-spec", 4, "the description is vague: it has 9 characters"),
        ),
        (
            "+++\noutput.regex = 'x'\n+++\nplural of the noun\n",
            ("vague-spec", 4, "the description is vague: it has no verb"),
        ),
    ],
)
def test_each_warning(source: str, found: tuple[str, int, str]) -> None:
    assert warned(source) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "classified tickets",
        "Is it spam, then?",
        "python dict to json",
        "tagging of parts",
        "Geburtstage für alle",
    ],
)
def test_what_is_not_vague(text: str) -> None:
    assert "vague-spec" not in [flag for flag, _, _ in warned(text)]


def test_texts_as_they_are_written() -> None:
    lines = ["fine", "cafe\u0301 x", "key AKIA" + "ABCDEFGH23456723"]
    found = [(one.flag, one.position) for one in check_text("s.paw", lines)]
    assert found == [("non-nfc-text", Position("s.paw", 2, 4)), ("secret", Position("s.paw", 3, 5))]


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ([], {"test-leak": "on", "unshown-label": "off", "output-contract": "off"}),
        (["all"], {"test-leak": "on", "unshown-label": "on", "output-contract": "off"}),
        (["extra"], {"unshown-label": "off", "output-contract": "on"}),
        (["no-unshown-label", "all"], {"unshown-label": "off", "non-nfc-text": "on"}),
        (["all", "no-all", "secret"], {"unshown-label": "off", "secret": "on"}),
        (["error"], {"test-leak": "error", "unshown-label": "off"}),
        (["no-error=test-leak", "error"], {"test-leak": "on", "secret": "error"}),
        (["error", "no-error"], {"test-leak": "on"}),
        (["error=unshown-label"], {"unshown-label": "error", "test-leak": "on"}),
        (["no-error=unshown-label"], {"unshown-label": "off"}),
        (["error=test-leak", "no-test-leak"], {"test-leak": "off"}),
    ],
)
def test_the_states_of_warnings(words: list[str], states: dict[str, str]) -> None:
    found = resolve(words)
    assert {name: found[name] for name in states} == states
    assert set(resolve(words, silent=True).values()) == {"off"}


@pytest.mark.parametrize("word", ["tset-leak", "no-tset-leak", "error=tset-leak", "no-error=tset-leak"])
def test_a_warning_that_there_is_not(word: str) -> None:
    with pytest.raises(ValueError, match="did you mean 'test-leak'"):
        resolve([word])


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
    assert reporter.errors == 2
    assert capsys.readouterr().err.splitlines() == [
        "s.paw:1:1: warning: one [-Wa]",
        "s.paw:1:1: error: three [-Werror=c]",
        "pawc: error: four",
    ]


def test_notes_follow_their_message() -> None:
    note = Diagnostic("note", "the earlier one is here", Position("s.paw", 3, 1), "Input: a")
    shown = render(
        Diagnostic("warning", "twice", Position("s.paw", 6, 1), "Input: a", flag="x", notes=(note,))
    )
    assert [line for line in shown.splitlines() if line.startswith("s.paw")] == [
        "s.paw:6:1: warning: twice [-Wx]",
        "s.paw:3:1: note: the earlier one is here",
    ]


def test_enough_errors() -> None:
    reporter = Reporter(max_errors=2)
    reporter.report(Diagnostic("error", "one"))
    with pytest.raises(Enough):
        reporter.report(Diagnostic("error", "two"))


def document(form: Form, capsys: pytest.CaptureFixture[str], *diagnostics: Diagnostic) -> dict | list:
    reporter = Reporter({"a": "on", "b": "error"}, form=form)
    for one in diagnostics:
        reporter.report(one)
    assert capsys.readouterr().err == ""
    reporter.finish()
    found = json.loads(capsys.readouterr().err)
    assert isinstance(found, dict | list)
    return found


NOTE = Diagnostic("note", "here", Position("a b/s.paw", 1, 1), "x")
ALL = (
    Diagnostic("warning", "one", Position("a b/s.paw", 3, 2), "text", "mend it", "a", notes=(NOTE,)),
    Diagnostic("warning", "two", Position("/s.paw", 4, 1), flag="b"),
    from_error(PawError("no-such-target", "three")),
)


def test_messages_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = document("json", capsys, *ALL)
    assert first == {
        "kind": "warning",
        "message": "one",
        "option": "-Wa",
        "hint": "mend it",
        "locations": [{"caret": {"file": "a b/s.paw", "line": 3, "column": 2}}],
        "column-origin": 1,
        "children": [
            {
                "kind": "note",
                "message": "here",
                "locations": [{"caret": {"file": "a b/s.paw", "line": 1, "column": 1}}],
                "column-origin": 1,
                "children": [],
            }
        ],
    }
    assert (second["kind"], second["option"]) == ("error", "-Werror=b")
    assert (third["kind"], third["locations"]) == ("error", [])
    assert document("json", capsys) == []


def test_messages_as_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    """The properties that SARIF 2.1.0 requires, and those by which a viewer finds the place."""
    log = document("sarif", capsys, *ALL)
    assert isinstance(log, dict)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "pawc" and [rule["id"] for rule in driver["rules"]] == [
        "a",
        "b",
        "no-such-target",
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]
    for result in run["results"]:
        assert result["message"]["text"] and result["level"] in ("error", "warning", "note")
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first, second, third = run["results"]
    assert first["message"]["text"] == "one\nhint: mend it"
    (place,) = first["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "a%20b/s.paw"}
    assert place["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 2,
        "snippet": {"text": "text"},
    }
    assert first["relatedLocations"][0]["message"] == {"text": "here"}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///s.paw"}
    assert second["level"] == "error" and "locations" not in third
    empty = document("sarif", capsys)
    assert isinstance(empty, dict) and empty["runs"][0]["results"] == []


def test_messages_echo_no_credential(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    source = f"+++\nlabels = ['x']\n+++\nSay x.\n\nInput: {secret}\nOutput: token {secret}\n"
    reporter = Reporter(resolve(["all", "extra"]))
    for one in (*checks.check(paw.parse(source.encode(), "s")), *check_text("s", source.split("\n"))):
        line = source.split("\n")[one.position.line - 1] if one.position else None
        reporter.report(Diagnostic(one.severity, one.message, one.position, line, one.hint, one.flag))
    said = capsys.readouterr().err
    assert said.count("this looks like a GitHub token") == 2 and "not one of the labels" in said
    assert secret[:12] not in said and "Input: ****" in said


LINES = [
    *(
        "",
        " ",
        "\t",
        "+++",
        "+++ tests",
        "Input: a",
        "Input:",
        "Output: a",
        "Output:",
        "\\Input: x",
        "[output]",
    ),
    *('labels = ["a", "b"]', "regex = '[a-z]+'", "json_schema = {}", "min_confidence = 0.5", "abstain = ''"),
    *(
        "name = 'x'",
        "examples = 'x.tsv'",
        "Say a or b.",
        "e\u0301",
        "password = 'a8Kd02LmQz71xT9v'",
        "a -> b",
    ),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=12).map("\n".join))
def test_any_source_is_checked_or_refused(text: str) -> None:
    """Nothing but a PawError or a reported failure, and messages that every form can show."""
    data = text.encode("utf-8", "replace")
    reporter = Recorder(resolve(["all", "extra"]))
    sources = Sources("s.paw", data, lambda _: data)
    try:
        made = driver.make(sources, driver.Job("source"), driver.Toolbox(), reporter)
    except PawError as error:
        reporter.report(sources.with_lines(from_error(error)))
    except Failed:
        assert any(one.severity == "error" for one in reporter.events if isinstance(one, Diagnostic))
    else:
        assert paw.dump(paw.parse(made.data, "again")).encode() == made.data
    shown = [one for one in reporter.events if isinstance(one, Diagnostic)]
    assert len(json.loads(as_sarif(shown, 0))["runs"][0]["results"]) == len(json.loads(as_json(shown, 0)))
    assert all(render(one).startswith("s.paw:") for one in shown if one.position)
