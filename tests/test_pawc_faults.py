"""What goes wrong around pawc: readers that leave, files that are open, servers that are none."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shell
from shell import Shell

FAILING = shell.LABELS + "\n+++ tests\nInput: disk full\nOutput: QUIET\n\nInput: step loss\nOutput: ALERT\n"


@pytest.fixture
def tool(tmp_path: Path, label_target: Path) -> Shell:
    (tmp_path / "a.paw").write_text(shell.LABELS)
    (tmp_path / "bad.paw").write_text(FAILING)
    return Shell(tmp_path, label_target)


def script(tool: Shell, text: str) -> subprocess.CompletedProcess[str]:
    """A shell script in which `pawc` is the compiler and `$T` what names the target."""
    python, target = shlex.quote(sys.executable), shlex.quote(str(tool.target))
    lead = f'T="--target {target}"\npawc() {{ {python} -m pawc "$@"; }}\n'
    settings = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PAW_BASE_PATH": str(tool.target.parent),
        "PYTHONUNBUFFERED": "1",
    }
    command = ["bash", "-c", lead + text]
    return subprocess.run(command, cwd=tool.folder, env=settings, capture_output=True, text=True, check=False)


def test_a_reader_that_leaves_changes_neither_status_nor_files(tool: Shell) -> None:
    """Standard output is a pipe that nobody reads any more."""
    done = script(tool, "pawc test $T --junit r.xml bad.paw | exec true; exit ${PIPESTATUS[0]}")
    assert done.returncode == 3 and (tool.folder / "r.xml").exists(), done.stderr
    done = script(tool, "cat a.paw | { pawc $T -E - -MD a.paw bad.paw; echo $? >&2; } | exec true")
    assert done.stderr.endswith("0\n") and (tool.folder / "bad.d").exists(), done.stderr
    done = script(tool, "{ pawc $T - a.paw bad.paw < a.paw; echo $? >&2; } | exec true")
    assert done.stderr.endswith("0\n") and (tool.folder / "bad.pawbin").exists(), done.stderr
    (tool.folder / "eval.jsonl").write_text(
        '{"id": "x", "family": "f", "spec": "Answer yes or no.", "output_kind": "label", "cases": '
        '[{"input": "a", "output": "yes"}]}\n'
    )
    done = script(tool, "pawc eval $T --markdown m.md eval.jsonl | exec true; exit ${PIPESTATUS[0]}")
    assert done.returncode == 0 and (tool.folder / "m.md").exists(), done.stderr


def test_a_reader_that_leaves_hides_no_bad_signature(tool: Shell) -> None:
    pytest.importorskip("cryptography")
    for name in ("one", "two"):
        (tool.folder / name).write_text(name)
    done = script(tool, "pawc sign --new-key k one two | exec true; exit ${PIPESTATUS[0]}")
    assert done.returncode == 0 and (tool.folder / "two.sig").exists(), done.stderr
    (tool.folder / "two").write_text("other")
    for files in ("two one", "one two", "missing two"):
        done = script(tool, f"pawc verify --key k.pub {files} | exec true; exit ${{PIPESTATUS[0]}}")
        assert done.returncode == (2 if "missing" in files else 1), files
    done = tool("pawc", "verify", "--key", "k.pub", "missing", "two", "one")
    assert done.returncode == 2 and "BAD" in done.stdout and "one: good" in done.stdout


def test_a_full_standard_output_hides_no_failed_test(tool: Shell) -> None:
    done = script(tool, "pawc test $T --junit r.xml bad.paw >/dev/full")
    assert done.returncode == 3 and (tool.folder / "r.xml").exists() and "No space" in done.stderr


def test_half_a_key_is_none(tool: Shell) -> None:
    pytest.importorskip("cryptography")
    done = script(tool, "ulimit -f 0; pawc sign --new-key k")
    assert done.returncode == 2 and "Traceback" not in done.stderr and not list(tool.folder.glob("k*"))
    (tool.folder / "k.pub").mkdir()
    assert tool("pawc", "sign", "--new-key", "k").returncode == 2 and not (tool.folder / "k").exists()
    done = script(tool, "pawc sign --new-key other >/dev/full")
    assert done.returncode == 2 and "Traceback" not in done.stderr and "No space" in done.stderr


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_an_open_file_keeps_what_it_holds(tool: Shell, name: str) -> None:
    done = script(tool, f"echo old > log; pawc -E a.paw -o {name} >> log; echo new >> log")
    text = (tool.folder / "log").read_text()
    assert done.returncode == 0 and text.startswith("old\n") and text.endswith("new\n")
    assert "disk is full" in text


def test_other_open_files_are_written_to_as_well(tool: Shell) -> None:
    done = script(tool, "exec 3>>log; echo old >&3; pawc -E a.paw -o /dev/fd/3 -MD -MF /dev/stderr")
    assert done.returncode == 0 and "a.paw" in done.stderr, done.stderr
    assert (tool.folder / "log").read_text().startswith("old\n+++")
    done = script(tool, "pawc -E a.paw -o /dev/fd/9")
    assert done.returncode == 2 and "cannot write /dev/fd/9" in done.stderr


def test_open_files_are_read_however_many_compile(tool: Shell) -> None:
    done = script(tool, "mkdir out; pawc $T -j2 <(cat a.paw) bad.paw -o out/")
    assert done.returncode == 0 and len(list((tool.folder / "out").iterdir())) == 2, done.stderr


@pytest.mark.parametrize("words", [("-MF", "./x.pawbin", "-o", "x.pawbin"), ("-o", "x.d")])
def test_a_rule_and_an_output_need_a_file_each(tool: Shell, words: tuple[str, ...]) -> None:
    done = tool("pawc", "--target", str(tool.target), "a.paw", "-MMD", *words)
    assert done.returncode == 2 and "the rule and the output would both be" in done.stderr
    assert not list(tool.folder.glob("x.*"))


def test_what_cannot_be_read_is_one_message(tool: Shell) -> None:
    (tool.folder / "a.txt").write_text(shell.LABELS)
    (tool.folder / "a.txt").chmod(0)
    drop = "setpriv --inh-caps=-all --bounding-set=-dac_override,-dac_read_search " if not os.getuid() else ""
    if drop and script(tool, f"{drop}cat a.txt").returncode == 0:
        pytest.skip("root can't be kept from reading")
    for command in ("test --junit r.xml", "explain"):
        more = " record" if command == "explain" else ""
        python = shlex.quote(sys.executable)
        done = script(tool, f"{drop}{python} -m pawc {command} $T a.txt{more}")
        assert done.returncode == 2 and "cannot read a.txt" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert "<error" in (tool.folder / "r.xml").read_text()


def test_a_regex_without_end_hangs_nothing(tool: Shell) -> None:
    front = '+++\n[output]\nregex = "(a+)+b"\n+++\n'
    (tool.folder / "re.paw").write_text(f"{front}Repeat.\n\nInput: x\nOutput: {'a' * 60}\n")
    began = time.monotonic()
    done = tool("pawc", "-E", "re.paw")
    assert done.returncode == 0 and time.monotonic() - began < 20
    (tool.folder / "re.paw").write_text(f"{front}Repeat.\n\nInput: x\nOutput: aac\n")
    assert "does not match the regex" in tool("pawc", "-E", "re.paw").stderr


def test_long_cells_and_short_messages(tool: Shell) -> None:
    row = "disk " * 30_000
    (tool.folder / "big.csv").write_text(f"input,output\n{row},ALERT\n" + "step,QUIET\n" * 3)
    words = ("pawc", "--target", str(tool.target), "-O2", "a.paw", "--data")
    assert tool(*words, "big.csv").returncode == 0
    (tool.folder / "odd.csv").write_text(f'input,output\n{row},"ALERT\n')
    done = tool(*words, "odd.csv")
    assert done.returncode == 1 and "is not CSV" in done.stderr and len(done.stderr) < 1_000
    assert "…" in done.stderr and "^" in done.stderr


def test_one_input_many_times_is_nothing_to_learn_from(tool: Shell) -> None:
    (tool.folder / "same.tsv").write_text("x\tALERT\nx\tALERT\nx\tALERT\nx\tQUIET\n")
    (tool.folder / "plain.paw").write_text(shell.LABELS.partition("\nInput:")[0] + "\n")
    done = tool("pawc", "--target", str(tool.target), "-O2", "--data", "same.tsv", "plain.paw")
    assert done.returncode == 0 and "have the same input" in done.stderr, done.stderr
    assert (tool.folder / "plain.pawbin").exists()


def test_the_cache_tells_rows_apart_that_teach_the_same(tool: Shell) -> None:
    rows = [f"{word} {number}\t{answer}\n" for number in range(8) for word, answer in
            (("disk", "QUIET"), ("step", "ALERT"))]  # fmt: skip
    made = {}
    for name, some in (("one.tsv", rows), ("two.tsv", rows[::-1])):
        (tool.folder / name).write_text("".join(some))
        for kept in ((), ("--no-cache",)):
            made[name, kept] = tool.compile("a.paw", shell.LABELS, "-O2", "--data", name, *kept).read_bytes()
    assert made["one.tsv", ()] == made["one.tsv", ("--no-cache",)]
    assert made["two.tsv", ()] == made["two.tsv", ("--no-cache",)] != made["one.tsv", ()]


def test_explaining_a_program_without_examples(tmp_path: Path, tiny_target: Path) -> None:
    tool = Shell(tmp_path, tiny_target)
    tool.compile("hi.paw", "Say hi to whoever wrote this. Be brief.", "-fno-infer-labels")
    done = tool("pawc", "explain", "hi.pawbin", "x")
    assert done.returncode == 0 and "Be brief" in done.stdout, done.stderr


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A server that says one thing to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}", b""]
)
def test_a_teacher_that_is_no_server(tool: Shell, answer: bytes) -> None:
    with saying(answer) as url:
        done = tool("pawc", "--target", str(tool.target), "-O3", "--teacher", url, "a.paw")
    assert done.returncode == 2 and f"no teacher at {url}" in done.stderr, done.stderr
    done = tool("pawc", "--target", str(tool.target), "-O3", "--teacher", "http://a b/v1", "a.paw")
    assert done.returncode == 2 and "no teacher at http://a b/v1" in done.stderr
