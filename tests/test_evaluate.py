"""The benchmark: what is counted, and the whole of it on a tiny pair."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pawformats.errors import PawError
from pawtrainer import evaluate
from pawtrainer.evaluate import Outcome, Record

from pawc.driver import Toolbox

SPEC = """Answer yes or no.

Input: red fox
Output: yes

Input: blue whale
Output: no

Input: red
Output: yes
"""
CASES = [{"input": "a red hen", "output": "yes"}, {"input": "the blue\nwhale", "output": "no"}]


def row(name: str, family: str, spec: str, kind: str, cases: list[dict[str, str]]) -> dict[str, object]:
    return {"id": name, "family": family, "spec": spec, "output_kind": kind, "labels": None, "cases": cases}


ROWS = [
    row("one", "colours", SPEC, "label", CASES),
    row("two", "open", "Repeat it.", "text", CASES[:1]),
    row("bad", "open", "  \n", "text", CASES[:1]),
]


@pytest.fixture
def benchmark_file(tmp_path: Path) -> Path:
    path = tmp_path / "bench.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def tools() -> Iterator[Toolbox]:
    opened = Toolbox()
    yield opened
    opened.close()


def test_baselines(tools: Toolbox) -> None:
    record = Record("one", "f", SPEC, "label", tuple((case["input"], case["output"]) for case in CASES))
    majority, chance, nearest = zip(*evaluate._baselines(record, tools), strict=True)
    assert majority == (1.0, 0.0)  # "yes" is shown twice
    assert chance == (0.5, 0.5)
    assert nearest == (1.0, 1.0)


def test_baselines_without_examples_use_the_inferred_labels(tools: Toolbox) -> None:
    record = Record("one", "f", "Answer yes or no.", "label", (("x", "yes"), ("y", "no"), ("z", "maybe")))
    assert evaluate._baselines(record, tools) == ((1.0, 0.5, 1.0), (0.0, 0.5, 0.0), (0.0, 0.0, 0.0))


def test_figures_count_cases_and_draw_records() -> None:
    def outcome(right: tuple[bool, ...]) -> Outcome:
        record = Record("id", "f", "spec", "text", (("a", "b"),) * len(right))
        return Outcome(record, right, ((0.0, 0.5, 1.0),) * len(right), None)

    outcomes = [outcome((True, True, True)), outcome((False,))]
    assert evaluate._figures(outcomes)["exact_match"] == 0.75
    assert evaluate._figures(outcomes)["baselines"] == {
        "majority": 0.0,
        "random label": 0.5,
        "nearest example": 1.0,
    }
    low, high = evaluate._interval(outcomes)
    assert low == 0.0 and high == 1.0  # two records: both draws of one alone are common


def test_the_whole(tiny_target: Path, benchmark_file: Path) -> None:
    command = [sys.executable, "-m", "pawc", "eval", "--target", str(tiny_target)]
    command += ["--base", str(tiny_target.parent), str(benchmark_file)]
    done = subprocess.run([*command, "--json", "-v"], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr  # for the one that is bad
    result = json.loads(done.stdout)
    assert result["all"]["cases"] == 4 and set(result["families"]) == {"colours", "open"}
    assert result["output_kinds"]["label"]["cases"] == 2
    assert [failure["id"] for failure in result["failures"]] == ["bad"]
    low, high = result["all"]["interval95"]
    assert low <= result["all"]["exact_match"] <= high
    assert b"pawc: one: " in done.stderr
    shown = subprocess.run([*command, "-O0", "--limit", "1"], capture_output=True, check=False)
    assert shown.returncode == 0
    lines = shown.stdout.decode().splitlines()
    assert lines[0].split() == ["cases", "exact", "majority", "random", "label", "nearest", "example"]
    assert lines[1].split()[:2] == ["all", "2"] and lines[-1].startswith("exact match ")


def test_a_line_that_is_no_record(benchmark_file: Path) -> None:
    for damage in ("{", "[]", "{}", '{"id": "x", "family": "f", "spec": 3, "output_kind": "k", "cases": []}'):
        benchmark_file.write_text(json.dumps(ROWS[0]) + "\n" + damage + "\n")
        with pytest.raises(PawError) as caught:
            evaluate.load(str(benchmark_file))
        assert caught.value.position is not None and caught.value.position.line == 2


@pytest.mark.parametrize(
    ("line", "col", "said"),
    [
        ("{bad", 2, "expecting property name enclosed in double quotes"),
        ("[" * 100_000, 1, "it has another form"),
        ("[1]", 1, "it has another form"),
        (json.dumps({**ROWS[0], "cases": [{"input": "x"}]}), 1, "'output' is missing"),
        (json.dumps({**ROWS[0], "spec": "Say \ud800."}), 1, "a string has half of a surrogate pair"),
    ],
)
def test_where_a_line_is_no_record(tmp_path: Path, line: str, col: int, said: str) -> None:
    path = tmp_path / "bench.jsonl"
    path.write_text(json.dumps(ROWS[0]) + f"\n{line}\n")
    with pytest.raises(PawError) as raised:
        evaluate.load(str(path))
    assert raised.value.message == f"not a record of a benchmark: {said}"
    assert raised.value.position is not None
    assert (raised.value.position.line, raised.value.position.col) == (2, col)


def test_line_separators_within_strings(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    spec = "Answer yes\u2028or\x85no."
    path.write_text(json.dumps({**ROWS[0], "spec": spec}, ensure_ascii=False) + "\r\n", encoding="utf-8")
    assert [record.spec for record in evaluate.load(str(path))] == [spec]


def test_what_fails_everywhere_is_no_figure(benchmark_file: Path) -> None:
    with pytest.raises(PawError, match="no record could be compiled and run; the first: there is no target"):
        evaluate.evaluate(evaluate.load(str(benchmark_file)), evaluate.Job(target="nonesuch"))
