"""`pawc test` and `--check`: exact comparison through a real pawrun, reports, exit statuses."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as xml

import pytest
import shell
from pawformats import pawbin, pawlib
from shell import Shell

RECORDS = ("disk all full", "error: all", "step 7 loss")


@pytest.fixture(params=["decoder", "encoder"])
def tool(request: pytest.FixtureRequest, tmp_path: Path, tiny_target: Path, label_target: Path) -> Shell:
    return Shell(tmp_path, tiny_target if request.param == "decoder" else label_target)


@cache
def right(target: Path, source: str) -> list[str]:
    """What a source's own program answers to RECORDS."""
    with TemporaryDirectory() as folder:
        tool = Shell(Path(folder), target)
        return tool.answers(tool.compile("first.paw", source), *RECORDS)


def with_tests(tool: Shell, source: str = shell.LABELS, wrong: tuple[str, ...] = ()) -> str:
    """The source with what its own program answers as tests; to records in `wrong` the other answer."""
    other = {"ALERT": "QUIET", "QUIET": "ALERT"}
    lines = ["", "+++ tests"]
    for record, answer in zip(RECORDS, right(tool.target, source), strict=True):
        lines += [f"Input: {record}", f"Output: {other[answer] if record in wrong else answer}"]
    return source + "\n".join(lines) + "\n"


def test_passing_and_failing(tool: Shell) -> None:
    target = ("--target", str(tool.target))
    (tool.folder / "good.paw").write_text(with_tests(tool))
    (tool.folder / "bad.paw").write_text(with_tests(tool, wrong=("error: all",)))
    good = tool("pawc", "test", *target, "good.paw")
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[-1].split() == ["good.paw", "3", "3", "100.0"]
    both = tool("pawc", "test", *target, "good.paw", "bad.paw")
    assert both.returncode == 3 and both.stderr == ""
    lines = both.stdout.splitlines()
    place = shell.LABELS.count("\n") + 5
    assert lines[0] == f"bad.paw:{place}: error: all"
    assert sorted(lines[1:3]) in (["+ALERT", "-QUIET"], ["+QUIET", "-ALERT"])
    assert lines[-1].split() == ["bad.paw", "3", "2", "66.7"]
    enough = tool("pawc", "test", *target, "--min-pass", "0.6", "bad.paw")
    assert enough.returncode == 0


def test_programs_carry_their_tests(tool: Shell) -> None:
    source = with_tests(tool, wrong=("disk all full",))
    tool.compile("t.paw", source)
    done = tool("pawc", "test", "--json", "--junit", "report.xml", "t.pawbin")
    assert done.returncode == 3 and done.stderr == ""
    found = json.loads(done.stdout)[0]
    assert (found["file"], found["passed"]) == ("t.pawbin", 2)
    assert [test["passed"] for test in found["tests"]] == [False, True, True]
    assert [test["input"] for test in found["tests"]] == list(RECORDS)
    suite = xml.parse(tool.folder / "report.xml").getroot()[0]
    assert suite.attrib | {"time": ""} == {
        "name": "t.pawbin",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "time": "",
    }
    failure = suite[0].find("failure")
    assert failure is not None and failure.text is not None
    assert failure.text.startswith("t.pawbin: test 1: disk all full\n")


def test_free_answers_of_several_lines(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    tool.compile("f.paw", shell.FREE + "\n+++ tests\nInput: a\nOutput: one\ntwo\n")
    done = tool("pawc", "test", "f.pawbin")
    assert done.returncode == 3
    assert [line for line in done.stdout.splitlines() if line.startswith("-")] == ["-one", "-two"]


def test_a_record_without_answer_fails(tmp_path: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    tool.compile("t.paw", f"{shell.LABELS}\n+++ tests\nInput: {'disk ' * 90}\nOutput: ALERT\n")
    done = tool("pawc", "test", "--junit", "-", "t.pawbin")
    assert done.returncode == 3 and "\nno answer: 90 tokens do not fit" in done.stdout
    assert '<error message="90 tokens do not fit' in done.stdout and 'errors="1"' in done.stdout


def test_what_cannot_be_tested(tool: Shell) -> None:
    (tool.folder / "bad.paw").write_text('+++\nlabel = ["a"]\n+++\nSay a.\n')
    (tool.folder / "none.paw").write_text(shell.LABELS)
    (tool.folder / "good.paw").write_text(with_tests(tool))
    target = ("--target", str(tool.target))
    bad = tool("pawc", "test", *target, "--junit", "r.xml", "bad.paw", "good.paw")
    assert bad.returncode == 1 and "bad.paw:2:1: error: unknown key" in bad.stderr
    assert '    2 | label = ["a"]' in bad.stderr
    assert bad.stdout.splitlines()[-1].split()[0] == "good.paw"
    report = xml.parse(tool.folder / "r.xml").getroot()
    assert [suite.get("errors") for suite in report] == ["1", "0"]
    none = tool("pawc", "test", *target, "none.paw")
    assert none.returncode == 2 and "none.paw has no tests" in none.stderr
    missing = tool("pawc", "test", "no.paw", "no.pawbin")
    assert missing.returncode == 2
    assert "cannot read no.paw: " in missing.stderr and "cannot read no.pawbin: " in missing.stderr
    no_base = tool("pawc", "test", *target, "--base", "nowhere", "good.paw")
    assert no_base.returncode == 2 and "is not at hand" in no_base.stderr and "hint: " in no_base.stderr


def test_check_keeps_a_failing_program_back(tool: Shell) -> None:
    bad = with_tests(tool, wrong=("error: all", "disk all full"))
    (tool.folder / "bad.paw").write_text(bad)
    (tool.folder / "good.paw").write_text(with_tests(tool))
    target = ("--target", str(tool.target))
    done = tool("pawc", *target, "--check", "-j2", "bad.paw", "good.paw")
    assert done.returncode == 3 and done.stdout == ""
    errors = [line for line in done.stderr.splitlines() if "error: this test is answered" in line]
    first = shell.LABELS.count("\n") + 2
    assert [error.split(":")[1] for error in errors] == [str(first + 1), str(first + 3)]
    assert not (tool.folder / "bad.pawbin").exists()
    checked = (tool.folder / "good.pawbin").read_bytes()
    (tool.folder / "bad.pawbin").write_bytes(b"older")
    assert tool("pawc", *target, "good.paw").returncode == 0
    assert (tool.folder / "good.pawbin").read_bytes() == checked
    cached = tool("pawc", *target, "--check", "-fdiagnostics-format=sarif", "bad.paw")
    (found,) = json.loads(cached.stderr)["runs"]
    assert (cached.returncode, found["invocations"][0]["exitCode"]) == (3, 3)
    assert [result["ruleId"] for result in found["results"]] == ["test-failed"] * 2
    assert (tool.folder / "bad.pawbin").read_bytes() == b"older"


def test_check_without_tests(tmp_path: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    (tmp_path / "t.paw").write_text(shell.LABELS)
    command = ("pawc", "--target", str(label_target), "--check", "t.paw")
    done = tool(*command)
    assert done.returncode == 0 and "there are no tests to check [-Wno-tests]" in done.stderr
    assert (tmp_path / "t.pawbin").exists()
    (tmp_path / "t.pawbin").unlink()
    strict = tool(*command, "-Werror")
    assert strict.returncode == 1 and not (tmp_path / "t.pawbin").exists()
    assert tool("pawc", "--check", "-S", "t.paw").returncode == 2


def test_variance(tmp_path: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    prose = shell.LABELS.replace('+++\nlabels = ["ALERT", "QUIET"]\n+++\n', "")
    prose = prose.replace("Classify lines.", "Classify lines: ALERT or QUIET.")
    (tmp_path / "t.paw").write_text(with_tests(tool, prose))
    command = ("pawc", "test", "--target", str(label_target), "t.paw", "--variance", "2", "--noise")
    first = tool(*command, "all:heavy", "--json")
    assert first.returncode == 0, first.stderr
    variance = json.loads(first.stdout)[0]["variance"]
    shares = [one["share"] for one in variance["phrasings"]]
    assert [one["seed"] for one in variance["phrasings"]] == [1, 2]
    assert (variance["min"], variance["max"]) == (min(shares), max(shares))
    assert variance["mean"] == pytest.approx(sum(shares) / 2)
    failed = {
        index + 1 for one in variance["phrasings"] for index, passed in enumerate(one["passed"]) if not passed
    }
    assert {flip["test"] for flip in variance["flips"]} == failed  # as written, all pass
    shown = tool(*command, "all:heavy")
    assert f"t.paw: mean {100 * variance['mean']:.1f} %" in shown.stdout  # the same again
    assert shown.stdout.count(": flips: passes under ") == len(failed)
    assert tool(*command, "nonesuch").returncode == 2
    tool.compile("u.paw", shell.LABELS)
    program = tool("pawc", "test", "--variance", "2", "u.pawbin")
    assert program.returncode == 2 and "needs a source" in program.stderr


def test_control_characters_reach_neither_terminal_nor_xml(tmp_path: Path, label_target: Path) -> None:
    tool = Shell(tmp_path, label_target)
    tool.compile("t.paw", f"{shell.LABELS}\n+++ tests\nInput: disk\x1b[31m\x01\nOutput: ALERT\n"
                          "Input: disk\x1b[31m\x01\nOutput: QUIET\n")  # fmt: skip
    done = tool("pawc", "test", "--junit", "r.xml", "t.pawbin")
    assert done.returncode == 3 and "\x1b" not in done.stdout and "\x01" not in done.stdout
    assert len(xml.parse(tmp_path / "r.xml").getroot()[0]) == 2


def test_names_that_are_not_utf8(tmp_path: Path, label_target: Path) -> None:
    """Every command that prints a file's name, where standard output takes nothing but UTF-8."""
    tool = Shell(tmp_path, label_target)
    odd = os.fsdecode(b"\xff.pawbin")
    tool.compile("t.paw", f"{shell.LABELS}\n+++ tests\nInput: all\nOutput: ALERT\n").rename(tmp_path / odd)
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    for words in (("inspect",), ("inspect", "--json"), ("test", "--json"), ("explain", odd, "all", "--json")):
        done = tool("pawc", *words, *([] if odd in words else [odd]), environment=strict)
        assert done.returncode in (0, 3) and "Traceback" not in done.stderr, done.stderr
        assert "?.pawbin" in done.stdout
    assert tool("pawc", "diff", odd, odd, environment=strict).returncode == 0
    source = os.fsdecode(b"\xff.paw")
    target = ("--target", str(label_target))
    missing = tool("pawc", "test", "--json", *target, source, environment=strict)
    assert missing.returncode == 2 and "cannot read ?.paw" in missing.stdout
    (tmp_path / source).write_text(f"{shell.LABELS}\n+++ tests\nInput: all\nOutput: ALERT\n"
                                   "Input: all\nOutput: QUIET\n")  # fmt: skip
    done = tool("pawc", "test", "--junit", "r.xml", *target, source, environment=strict)
    assert "Traceback" not in done.stderr and "\n?.paw:" in f"\n{done.stdout}", done.stderr


def test_the_embedded_pair(tmp_path: Path) -> None:
    """The targets that the package brings, on what a first-time user writes."""
    tool = Shell(tmp_path, tmp_path / "none")
    (tmp_path / "mood.paw").write_text(
        "Answer happy or sad. happy: joy, thanks, praise. sad: grief, loss, complaints.\n\n"
        "+++ tests\nInput: thank you so much, this is wonderful\nOutput: happy\n\n"
        "Input: my dog died and I can't stop crying\nOutput: sad\n"
    )
    done = tool("pawc", "test", "--json", "mood.paw")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    (tmp_path / "echo.paw").write_text("Repeat the text.\n\n+++ tests\nInput: a\nOutput: no such answer\n")
    done = tool("pawc", "--check", "echo.paw")
    assert done.returncode == 3 and not (tmp_path / "echo.pawbin").exists()
    assert tool("pawc", "echo.paw").returncode == 0
    figures = json.loads(tool("pawc", "inspect", "--json", "--tensors", "echo.pawbin").stdout)["tensors"]
    assert len(figures["modules"]) == 42 and all(0 < one["share"] < 1 for one in figures["modules"])


def test_programs_of_a_library(tool: Shell) -> None:
    """What takes a program takes one of a library."""
    (tool.folder / "one.paw").write_text(with_tests(tool))
    (tool.folder / "two.paw").write_text(with_tests(tool, wrong=("error: all",)))
    target = ("--target", str(tool.target))
    assert tool("pawc", *target, "one.paw", "two.paw", "-o", "lib.pawbin").returncode == 0
    library = (tool.folder / "lib.pawbin").read_bytes()
    both = tool("pawc", "test", "lib.pawbin:one", "lib.pawbin:two")
    assert both.returncode == 3 and both.stdout.splitlines()[-2].split()[0] == "lib.pawbin:one"
    same = tool("pawc", "diff", "lib.pawbin:one", "lib.pawbin:one")
    other = tool("pawc", "diff", "--json", "lib.pawbin:one", "lib.pawbin:two")
    assert same.returncode == other.returncode == 0
    assert {"key": "name", "values": ["one", "two"]} in json.loads(other.stdout)["manifest"]
    assert tool("pawc", "explain", "lib.pawbin:two", "disk full").returncode == 0
    assert tool("pawc", "inspect", "--tensors", "lib.pawbin:two").returncode == 0
    assert tool("pawc", "strip", "lib.pawbin:one", "-o", "bare.pawbin").returncode == 0
    assert tool.answers(tool.folder / "bare.pawbin", *RECORDS) == right(tool.target, shell.LABELS)
    for words, said in (
        (("strip", "lib.pawbin:one"), "lib.pawbin:one is one of a library"),
        (("strip", "lib.pawbin:one", "-o", "lib.pawbin"), "lib.pawbin is an input"),
        (("inspect", "--svg", "lib.pawbin", "lib.pawbin:one"), "lib.pawbin is an input"),
        (("inspect", "--tensors", "lib.pawbin"), "lib.pawbin: this is a library of programs"),
        (("test", "lib.pawbin:three"), "lib.pawbin: the library has no program 'three'"),
    ):
        done = tool("pawc", *words)
        assert done.returncode == 2 and f"pawc: error: {said}" in done.stderr
    assert (tool.folder / "lib.pawbin").read_bytes() == library


def test_a_whole_library(tool: Shell) -> None:
    """Its tests are those of all its programs, and all are stripped."""
    (tool.folder / "one.paw").write_text(with_tests(tool))
    (tool.folder / "two.paw").write_text(with_tests(tool, wrong=("error: all",)))
    library = tool.folder / "lib.pawbin"
    sources = ("one.paw", "two.paw")
    assert tool("pawc", "--target", str(tool.target), *sources, "-o", "lib.pawbin").returncode == 0
    done = tool("pawc", "test", "--json", "lib.pawbin")
    assert (done.returncode, done.stderr) == (3, "")
    assert [one["file"] for one in json.loads(done.stdout)] == ["lib.pawbin:one", "lib.pawbin:two"]
    before = pawlib.load(library.read_bytes())
    told = tool("pawc", "strip", "-v", "-o", "bare.pawbin", "lib.pawbin")
    assert told.returncode == 0 and f"of {library.stat().st_size} left" in told.stderr
    bare = pawlib.load((tool.folder / "bare.pawbin").read_bytes())
    assert bare.keys() == before.keys() == {"one", "two"}
    for name, data in bare.items():
        old, new = pawbin.load(before[name]), pawbin.load(data)
        assert (new.source, new.tests) == (None, ()) and old.tests and new.adapter == old.adapter
    library.chmod(0o640)
    assert tool("pawc", "strip", "lib.pawbin").returncode == 0
    assert library.read_bytes() == (tool.folder / "bare.pawbin").read_bytes()
    assert library.stat().st_mode & 0o777 == 0o640
    library.write_bytes(library.read_bytes()[:-1])
    for words in (("strip", "lib.pawbin"), ("test", "lib.pawbin")):
        broken = tool("pawc", *words)
        assert broken.returncode == 2 and "error: lib.pawbin: the library ends inside two" in broken.stderr


def test_what_was_compiled_is_not_compiled_again(tool: Shell) -> None:
    """`pawc test`, `explain` and `eval` read and fill the compile cache, unless told not to."""
    (tool.folder / "one.paw").write_text(with_tests(tool))
    record = {"id": "a", "family": "f", "spec": with_tests(tool), "output_kind": "label"}
    record["cases"] = [{"input": "disk full", "output": "ALERT"}]
    (tool.folder / "b.jsonl").write_text(json.dumps(record) + "\n")
    kept = {"PAW_CACHE_DIR": str(tool.folder / "cache")}

    def hits() -> int:
        shown = tool("pawc", "--cache-stats", environment=kept).stdout
        return int(dict(line.split("\t") for line in shown.splitlines())["hits"])

    for words in (("test", "one.paw"), ("explain", "one.paw", "disk full"), ("eval", "b.jsonl")):
        command = ("pawc", words[0], "--target", str(tool.target), *words[1:])
        before = hits()
        without = tool(*command, "--no-cache", environment=kept)
        assert without.returncode == 0 and hits() == before
        tool(*command, environment=kept)
        before = hits()
        again = tool(*command, environment=kept)
        assert again.stdout == without.stdout and hits() > before
