"""`pawc explain`: leave-one-out over spec and pseudo-program, for decoders and encoders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shell
from shell import Shell

from pawc import definitions, explain

RECORD = "error: disk"


def rows(tool: Shell, *words: str) -> list[dict[str, Any]]:
    done = tool("pawc", "explain", "--json", *words)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return found


def test_clauses_are_what_definitions_read() -> None:
    text = (
        "One of two words. Say ALERT if the disk is full and nobody has been told of it\n"
        "  in time; else QUIET.\n\n- QUIET: steps\n- ALERT: else"
    )
    found = [text[begin:end] for begin, end in definitions.clauses(text, ("ALERT", "QUIET"))]
    assert found == [
        "One of two words. ",
        "Say ALERT if the disk is full and nobody has been told of it\n  in time; ",
        "else QUIET.",
        "- QUIET: steps",
        "- ALERT: else",
    ]


def test_parts_of_a_pseudo_program() -> None:
    text = (
        "Task: Say it. Then stop.\nAnswers: a | b\nExamples:\nInput: x\ny\nOutput: a\nInput: z\nOutput: b\n"
    )
    assert [(kind, text[begin:end]) for kind, begin, end in explain.parts(text)] == [
        ("clause", "Task: Say it. "),
        ("clause", "Then stop.\n"),
        ("clause", "Answers: a | b\n"),
        ("example", "Input: x\ny\nOutput: a\n"),
        ("example", "Input: z\nOutput: b\n"),
    ]


def test_a_source_for_an_encoder(tmp_path: Path, label_target: Path) -> None:
    """Each row is what the source without that part is compiled to."""
    tool = Shell(tmp_path, label_target)
    tool.compile("t.paw", shell.LABELS)
    target = ("--target", str(label_target))
    found = rows(tool, *target, "t.paw", RECORD)
    assert [(row["without"], row["line"]) for row in found] == [
        ("nothing", None),
        ("the examples", None),
        ("the description", None),
        ("all but the labels' names", None),
        ("clause", 4),
        ("clause", 4),
        ("clause", 5),
        ("example", 7),
        ("example", 10),
    ]
    shorter = shell.LABELS.replace("ALERT if the disk is full.\n", "\n")
    assert found[5]["text"] == "ALERT if the disk is full."
    tool.compile("s.paw", shorter)
    done = tool("pawrun", "--jsonl", "--distribution", "--deterministic", "s.pawbin", stdin=_line(RECORD))
    assert json.loads(done.stdout)["distribution"] == pytest.approx(found[5]["distribution"], abs=1e-6)
    for row in found:
        assert sum(row["distribution"].values()) == pytest.approx(1, abs=1e-5)
    top = max(found[0]["distribution"], key=lambda label: found[0]["distribution"][label])
    assert found[0]["answer"] == top and found[0]["change"] == 0
    gap = found[0]["distribution"][top] - found[5]["distribution"][top]
    assert found[5]["change"] == pytest.approx(gap)
    assert max(abs(row["change"]) for row in found) > 0.01


def _line(record: str) -> str:
    return json.dumps({"input": record}) + "\n"


def test_a_program_for_an_encoder(tmp_path: Path, label_target: Path) -> None:
    """Its source is compiled again, given source and target; else what can't be known is said."""
    tool = Shell(tmp_path, label_target)
    tool.compile("t.paw", shell.LABELS)
    target = ("--target", str(label_target))
    from_source = rows(tool, *target, "t.paw", RECORD)
    from_program = rows(tool, *target, "t.pawbin", RECORD)
    assert [row["distribution"] for row in from_program] == [row["distribution"] for row in from_source]
    away = tool("pawc", "explain", "t.pawbin", RECORD)
    assert away.returncode == 0 and len(away.stdout.splitlines()) == 2
    assert "note: what the lines of the spec do can't be known" in away.stderr
    assert "there is no target 'tiny-label'" in away.stderr
    assert tool("pawc", "strip", "t.pawbin").returncode == 0
    bare = tool("pawc", "explain", *target, "t.pawbin", RECORD)
    assert bare.returncode == 0 and "it holds no source" in bare.stderr
    assert bare.stdout == away.stdout


def test_decoders(tmp_path: Path, tiny_target: Path) -> None:
    """A source's rows are of programs compiled anew; a program's keep the adapter as it is."""
    tool = Shell(tmp_path, tiny_target)
    text = "Say ALERT or QUIET. ALERT if full.\n\nInput: full\nOutput: ALERT\n"
    tool.compile("t.paw", text)
    source = rows(tool, "--target", str(tiny_target), "t.paw", RECORD)
    program = rows(tool, "t.pawbin", RECORD)
    kinds = ["nothing", "the adapter", "the examples", "the description", "clause", "clause", "example"]
    assert [row["without"] for row in source] == kinds
    assert [row["without"] for row in program] == [*kinds[:2], *["clause"] * 3, "example"]
    assert [row["distribution"] for row in program[:2]] == [row["distribution"] for row in source[:2]]
    assert source[0]["distribution"] != source[1]["distribution"]
    tool.compile("t.paw", text, "-O0")
    prompted = tool("pawrun", "--jsonl", "--distribution", "--deterministic", "t.pawbin", stdin=_line(RECORD))
    assert json.loads(prompted.stdout)["distribution"] == pytest.approx(source[1]["distribution"], abs=1e-5)


def test_free_answers_and_messages(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    (tmp_path / "f.paw").write_text(shell.FREE)
    target = ("--target", str(tiny_target))
    done = tool("pawc", "explain", *target, "f.paw", "-", stdin="all\n")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["left", "out", "answer"] and lines[1].startswith("nothing ")
    assert lines[2].startswith("the adapter ") and any(
        line.startswith("line 5: Say nothing") for line in lines
    )
    too_long = tool("pawc", "explain", *target, "f.paw", "in " * 900)
    assert too_long.returncode == 2 and "has no answer to this record" in too_long.stderr
    (tmp_path / "bad.paw").write_text('+++\nlabels = ["a"]\n+++\nSay a.\n\nInput: x\nOutput: b\n')
    bad = tool("pawc", "explain", "bad.paw", "x")
    assert (bad.returncode, bad.stdout) == (1, "") and "is not one of the labels" in bad.stderr
    assert tool("pawc", "explain", "-", "-").returncode == 2
