"""-O2 and -O3: a program learns from rows, keeps what -O1 made where that is as good, and says from what."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import shell
from pawformats import head, pawbin
from shell import Shell

from pawc import refine

#: What no definition says, so that only rows can teach it: disks are fine and steps are not.
OTHER = {"disk": "QUIET", "step": "ALERT"}
ROWS = [(f"{word} {number}", answer) for number in range(12) for word, answer in OTHER.items()]


@pytest.fixture
def tool(tmp_path: Path, label_target: Path) -> Shell:
    return Shell(tmp_path, label_target)


def rows_in(tool: Shell, name: str, rows: list[tuple[str, str]]) -> str:
    kind = Path(name).suffix
    if kind == ".jsonl":
        lines = [json.dumps({"input": given, "output": answer}) for given, answer in rows]
    else:
        lines = [("," if kind == ".csv" else "\t").join(row) for row in rows]
        lines = ["input,output", *lines] if kind == ".csv" else lines
    (tool.folder / name).write_text("\n".join(lines) + "\n")
    return name


@pytest.mark.parametrize("name", ["rows.tsv", "rows.csv", "rows.jsonl"])
def test_a_label_program_learns_what_only_rows_say(tool: Shell, name: str) -> None:
    rows_in(tool, name, ROWS)
    refined = tool.compile("a.paw", shell.LABELS, "-O2", "--data", name)
    fresh = [f"{word} {number}" for word in OTHER for number in range(20, 30)]
    wanted = ["QUIET"] * 10 + ["ALERT"] * 10

    def right(program: Path) -> int:
        return sum(a == b for a, b in zip(tool.answers(program, *fresh), wanted, strict=True))

    assert right(refined) > 13  # of 20; the weights of the tiny encoder are random
    program = pawbin.load(refined.read_bytes())
    assert program.refinement is not None and program.refinement.level == 2
    assert program.refinement.data is not None  # of the rows, not of the file that holds them
    plain = tool.compile("b.paw", shell.LABELS)
    assert pawbin.load(plain.read_bytes()).refinement is None
    assert right(plain) < 11


def test_the_same_rows_give_the_same_bytes_in_any_kind_of_file(tool: Shell) -> None:
    made = [
        tool.compile(
            "a.paw", shell.LABELS, "--no-cache", "-O2", "--data", rows_in(tool, name, ROWS)
        ).read_bytes()
        for name in ("rows.tsv", "rows.csv", "rows.jsonl", "again.tsv")
    ]
    assert len(set(made)) == 1
    other = tool.compile("a.paw", shell.LABELS, "-O2", "--data", rows_in(tool, "more.tsv", ROWS[:-1]))
    assert other.read_bytes() != made[0]  # the compile cache knows rows by what they say


def test_without_a_gain_it_is_what_o1_makes(tool: Shell) -> None:
    plain = tool.compile("a.paw", shell.LABELS).read_bytes()
    few = tool("pawc", "--target", str(tool.target), "-O2", "a.paw")
    assert (few.returncode, few.stderr.count("warning")) == (0, 1)
    assert "has 2 examples to learn from, and needs 4" in few.stderr and "[-Wno-gain]" in few.stderr
    assert (tool.folder / "a.pawbin").read_bytes() == plain
    same = [(f"disk {n}", ("ALERT", "QUIET")[n % 2]) for n in range(24)]  # nothing to be learned
    rows_in(tool, "noise.tsv", same)
    kept = tool("pawc", "--target", str(tool.target), "-O2", "--data", "noise.tsv", "-Wno-no-gain", "a.paw")
    assert (kept.returncode, kept.stderr) == (0, "")
    strict = tool("pawc", "--target", str(tool.target), "-O2", "-Werror=no-gain", "a.paw", "-o", "b.pawbin")
    assert strict.returncode == 1 and not (tool.folder / "b.pawbin").exists()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bad.tsv", "disk 1\tALERT\nstep\tALARM\n", "bad.tsv:2:1: error: the output 'ALARM' of this row"),
        (
            "bad.csv",
            "text,answer\na,b\n",
            "bad.csv:1:1: error: the first line of a CSV file names its columns",
        ),
        ("bad.csv", "input,output\na,ALERT,b\n", "bad.csv:2:1: error: this row has 3 of 2 cells"),
        ("bad.jsonl", '{"input": "a"}\n', "bad.jsonl:1"),
        ("bad.txt", "a\tALERT\n", "cannot tell what bad.txt holds"),
        ("bad.tsv", "", "there are no rows in bad.tsv"),
    ],
)
def test_rows_that_are_wrong(tool: Shell, name: str, text: str, message: str) -> None:
    (tool.folder / "a.paw").write_text(shell.LABELS)
    (tool.folder / name).write_text(text)
    done = tool("pawc", "--target", str(tool.target), "-O2", "--data", name, "a.paw")
    placed = message.startswith("bad.")  # an error in a source, which a row is a part of
    assert done.returncode == (1 if placed else 2) and message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tool.folder / "a.pawbin").exists()


def test_options_that_do_not_go_together(tool: Shell) -> None:
    (tool.folder / "a.paw").write_text(shell.LABELS)
    rows_in(tool, "rows.tsv", ROWS)
    for words, message in (
        (("--data", "rows.tsv"), "--data is for -O2 and -O3"),
        (("-O2", "--teacher", "http://localhost:1"), "--teacher is for -O3"),
        (("-O2", "--data", "nowhere.tsv"), "cannot read nowhere.tsv"),
        (("-O3",), "-O3 needs a teacher"),
        (("-O3", "--teacher", "localhost"), "is no URL of a server"),
    ):
        done = tool("pawc", "--target", str(tool.target), *words, "a.paw")
        assert done.returncode == 2 and message in done.stderr, done.stderr


def test_rules_for_make_name_the_rows(tool: Shell) -> None:
    rows_in(tool, "rows.tsv", ROWS)
    tool.compile("a.paw", shell.LABELS, "-O2", "--data", "rows.tsv", "-MMD")
    assert (tool.folder / "a.d").read_text() == "a.pawbin: a.paw \\\n  rows.tsv\n"
    shown = tool("pawc", "-###", "-O2", "--data", "rows.tsv", "a.paw")
    assert "refine with the examples and rows.tsv" in shown.stdout + shown.stderr


def test_an_adapter_learns_from_rows(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    plain = tool.compile("a.paw", shell.LABELS)
    records = [f"in {number}" for number in range(24)]
    before = tool.answers(plain, *records)
    rare = min(("ALERT", "QUIET"), key=before.count)
    rows_in(tool, "rows.tsv", [(record, rare) for record in records])
    words = ("--no-cache", "-O2", "--data", "rows.tsv", "--quant", "f32")
    refined = tool.compile("a.paw", shell.LABELS, *words)
    first = refined.read_bytes()
    assert pawbin.load(first).refinement is not None
    assert tool.answers(refined, *records).count(rare) > before.count(rare)
    assert tool.compile("a.paw", shell.LABELS, *words).read_bytes() == first


@contextmanager
def teaching(spoil: bool = False) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A server that writes inputs and knows OTHER; its address and what it was asked."""
    asked: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            question = body["messages"][0]["content"]
            asked.append(body | {"path": self.path, "key": self.headers["Authorization"]})
            if "Apply it to each" in question:
                begin = question.index("[", question.index("Apply it to each"))
                given, _ = json.JSONDecoder().raw_decode(question[begin:])
                written = ["maybe" if spoil else OTHER[text.split()[0]] for text in given]
            else:
                written = [f"{word} {len(asked)}{n}" for n in range(8) for word in OTHER]
            text = "Of course:\n" + json.dumps(written)
            answer = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_teacher_writes_the_rows(tool: Shell) -> None:
    (tool.folder / "a.paw").write_text(shell.LABELS)
    with teaching() as (url, asked):
        words = (
            "pawc",
            "--target",
            str(tool.target),
            "-O3",
            "--teacher",
            url,
            "--teacher-model",
            "big",
            "a.paw",
        )
        done = tool(*words, environment={"PAW_TEACHER_KEY": "k1"})
        assert (done.returncode, done.stderr) == (0, "")
    first = (tool.folder / "a.pawbin").read_bytes()
    program = pawbin.load(first)
    assert program.refinement is not None and program.refinement.level == 3
    taught = tool.answers(tool.folder / "a.pawbin", *(given for given, _ in ROWS))
    assert sum(a == b for a, (_, b) in zip(taught, ROWS, strict=True)) > 18  # of 24
    assert {(str(body["path"]), body["model"], body["key"]) for body in asked} == {
        ("/v1/chat/completions", "big", "Bearer k1")
    }
    assert "Classify lines" in json.dumps(asked[0]["messages"])
    again = tool(*words)  # the server is gone; what it wrote is in the cache
    assert (again.returncode, again.stderr) == (0, "") and (tool.folder / "a.pawbin").read_bytes() == first


def test_a_teacher_that_is_of_no_use(tool: Shell) -> None:
    (tool.folder / "a.paw").write_text(shell.LABELS)
    with teaching(spoil=True) as (url, asked):
        done = tool("pawc", "--target", str(tool.target), "-O3", "--teacher", url, "a.paw")
    assert done.returncode == 2 and "nothing is of use" in done.stderr and len(asked) > 2
    done = tool("pawc", "--target", str(tool.target), "-O3", "--teacher", "http://127.0.0.1:9/v1", "a.paw")
    assert done.returncode == 2 and "no teacher at http://127.0.0.1:9/v1" in done.stderr
    assert not (tool.folder / "a.pawbin").exists()


def test_the_fit_finds_the_least_loss() -> None:
    """Against a plain descent of many steps."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((40, 6)), rng.integers(0, 3, 40)
    prior = rng.standard_normal((3, 6))
    found = refine._fit(x, y, prior, prior, 0.5, float(np.linalg.norm(x.T @ x, 2)))
    slow = prior.copy()
    for _ in range(20_000):
        slow -= 0.01 * ((head.softmax(x @ slow.T) - np.eye(3)[y]).T @ x + 0.5 * (slow - prior))
    assert np.abs(found - slow).max() < 1e-3


def test_equal_inputs_are_held_out_together() -> None:
    texts = ["a", "b", "a", "c", "d", "b", "e", "f"]
    fold = refine.folds(texts, np.array([0, 0, 1, 1, 0, 0, 1, 1]))
    assert fold[0] == fold[2] and fold[1] == fold[5] and len(set(fold.tolist())) > 3
