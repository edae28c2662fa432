"""The command, as real processes on real pipes."""

from __future__ import annotations

import functools
import json
import os
import pipes
import signal
import subprocess
import sys
from pathlib import Path
from pipes import command, read_line, send, start

import programs
import pytest
from pawformats import pawbin
from pawformats.values import Contract
from pawllama import library
from shell import LABELS, Shell

from pawrun import load

LINES = [f"line {n} of the log" for n in range(30)]
TEXT = "".join(f"{line}\n" for line in LINES)


run = functools.partial(pipes.run, stdin=TEXT)


def test_one_answer_per_record_in_order(env: dict[str, str], program: Path) -> None:
    done = run(env, "--with-input", program)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [record for record, _ in rows] == LINES
    assert {answer for _, answer in rows} == {"ALERT", "QUIET"}
    alone = run(env, "--deterministic", program).stdout.decode().splitlines()
    assert sum(a != b for a, (_, b) in zip(alone, rows, strict=True)) <= 1


def test_the_same_run_twice(env: dict[str, str], free: Path) -> None:
    first, second = (run(env, "--deterministic", free) for _ in range(2))
    assert first.stdout == second.stdout and first.stdout.count(b"\n") == len(LINES)
    assert len(set(first.stdout.splitlines())) > 1


def test_answers_come_before_stdin_closes(env: dict[str, str], program: Path) -> None:
    with start(env, program) as process:
        for line in (b"first\n", b"second\n"):
            send(process, line)
            assert read_line(process) in (b"ALERT\n", b"QUIET\n")
        send(process, b"third\nfour")  # the unfinished record must not hold back the finished one
        assert read_line(process) in (b"ALERT\n", b"QUIET\n")
        send(process, b"th")
        rest, errors = process.communicate(timeout=30)
    assert rest in (b"ALERT\n", b"QUIET\n")
    assert (process.returncode, errors) == (0, b"")


def test_a_closed_pipe_is_quiet(env: dict[str, str], program: Path) -> None:
    script = f'yes line | {" ".join(command(program))} | head -n 1; echo "${{PIPESTATUS[1]}}"'
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, timeout=60, check=False)
    answer, status = done.stdout.split()
    assert answer in (b"ALERT", b"QUIET")
    assert (status, done.stderr) == (b"0", b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_while_waiting(env: dict[str, str], program: Path, number: signal.Signals) -> None:
    with start(env, "--stats", program) as process:
        send(process, b"first\n")
        read_line(process)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert rest == b""
    assert errors.startswith(b"pawrun: 1 records, 0 failed, ")


def test_an_interrupt_while_the_model_loads(env: dict[str, str], program: Path) -> None:
    """It comes while llama.cpp logs something, where an exception would be lost, and stdin stays open."""
    code = """if True:
        import signal
        from pawllama import library
        library._log = lambda *_: signal.raise_signal(signal.SIGINT)
        from pawrun.start import main
        main()
        """
    words = [sys.executable, "-c", code, program]
    with subprocess.Popen(words, env=env, stdin=-1, stdout=-1, stderr=-1) as process:
        assert process.wait(timeout=30) in (-signal.SIGINT, 130)
        assert process.communicate() == (b"", b"")


def test_a_signal_in_a_backlog_ends_between_answers(env: dict[str, str], free: Path) -> None:
    with start(env, "--stats", free) as process:
        send(process, TEXT.encode() * 50)
        read_line(process)
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=30)
    assert process.returncode == 143
    assert rest.endswith(b"\n")
    said = int(errors.split()[1])
    assert said == rest.count(b"\n") + 1 < 50 * len(LINES)


def test_undecodable_bytes_fail_only_their_record(env: dict[str, str], program: Path) -> None:
    done = run(env, program, stdin=b"fine\nb\xffd\nfine\n")
    first, bad, last = done.stdout.split(b"\n")[:3]
    assert (first, bad) == (last, b"") and first
    assert done.returncode == 1
    assert done.stderr == b"pawrun: record 2: byte 2 is not UTF-8\n"
    quiet = run(env, "-q", program, stdin=b"b\xffd\n")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (1, b"\n", b"")


def test_empty_input_and_empty_records(env: dict[str, str], program: Path) -> None:
    nothing = run(env, program, stdin="")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, b"", b"")
    blank = run(env, program, stdin="\n\n")
    assert blank.returncode == 0 and len(blank.stdout.splitlines()) == 2
    assert all(blank.stdout.splitlines())


def test_crlf_and_a_missing_last_line_feed(env: dict[str, str], program: Path) -> None:
    plain = run(env, "--deterministic", "--scores", program, stdin="one\ntwo\n")
    other = run(env, "--deterministic", "--scores", program, stdin="one\r\ntwo")
    assert plain.stdout == other.stdout


def test_files_in_turn(env: dict[str, str], program: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one\ntwo")
    (tmp_path / "b").write_text("three\n")
    done = run(env, "--with-input", program, tmp_path / "a", "-", tmp_path / "b", stdin="middle\n")
    records = [line.split(b"\t")[0] for line in done.stdout.splitlines()]
    assert records == [b"one", b"two", b"middle", b"three"]


def test_grep(env: dict[str, str], program: Path) -> None:
    rows = [line.split("\t") for line in run(env, "--with-input", program).stdout.decode().splitlines()]
    for label in ("ALERT", "QUIET"):
        done = run(env, "--grep", label, program)
        assert done.returncode == 0
        assert done.stdout.decode().splitlines() == [record for record, answer in rows if answer == label]
    quiet = next(record for record, answer in rows if answer == "QUIET")
    none = run(env, "-g", "ALERT", program, stdin=quiet)
    assert (none.returncode, none.stdout, none.stderr) == (1, b"", b"")
    failed = run(env, "-g", "QUIET", program, stdin=quiet.encode() + b"\n\xff\n")
    assert (failed.returncode, failed.stdout) == (1, quiet.encode() + b"\n")


def test_grep_keeps_the_bytes_of_records(env: dict[str, str], program: Path) -> None:
    data = b"caf\xc3\xa9\r\n a\tb \n"
    both = [run(env, "-g", label, program, stdin=data).stdout for label in ("ALERT", "QUIET")]
    assert sorted(b"".join(both).split(b"\n")) == sorted(data.split(b"\n"))


def test_grep_for_what_is_never_answered(env: dict[str, str], program: Path, free: Path) -> None:
    unknown = run(env, "--grep", "alert", program)
    assert unknown.returncode == 2
    lost = run(env, "--base", "/nowhere", "--grep", "alert", program)
    assert lost.stderr == unknown.stderr  # a mistyped label is told before a missing base
    assert unknown.stderr.decode().splitlines() == [
        "pawrun: error: 'alert' is not an answer of this program",
        "pawrun: hint: it answers with: ALERT, QUIET",
    ]
    assert run(env, "--grep", "ALERT", free).returncode == 2


def test_whole_and_null(env: dict[str, str], program: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one\ntwo\n")
    whole = run(env, "--whole", program, tmp_path / "a", "-", stdin="three\nfour\n")
    assert (whole.returncode, len(whole.stdout.splitlines())) == (0, 2)
    nul = run(env, "-0", "--with-input", program, stdin=b"a\nb\0c\0")
    records = [part.split(b"\t")[0] for part in nul.stdout.split(b"\0")]
    assert records == [b"a\nb", b"c", b""]


def test_jsonl(env: dict[str, str], program: Path) -> None:
    lines = ['{"id": 1, "msg": "one"}', "{broken", '{"id": 3}', '{"msg": "four", "label": "?"}']
    arguments = ("--jsonl", "--field", "msg", "--out-field", "label", "--scores")
    done = run(env, *arguments, program, stdin="\n".join(lines))
    first, broken, missing, last = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["id"], first["msg"]) == (1, "one") and first["label"] in ("ALERT", "QUIET")
    assert 0.5 <= first["score"] <= 1
    assert list(broken) == ["error"]
    assert (missing["id"], missing["error"]) == (3, "field 'msg' is missing")
    assert last["label"] in ("ALERT", "QUIET")
    assert [line.split(":")[1] for line in done.stderr.decode().splitlines()] == [" record 2", " record 3"]


def test_scores(env: dict[str, str], program: Path, free: Path) -> None:
    done = run(env, "--scores", program)
    for line in done.stdout.decode().splitlines():
        answer, score = line.split("\t")
        assert answer in ("ALERT", "QUIET") and 0.5 <= float(score) <= 1
    refused = run(env, "--scores", free)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"labels" in refused.stderr


def test_distribution(env: dict[str, str], program: Path, free: Path) -> None:
    arguments = ("--jsonl", "--distribution", "--scores", "--deterministic")
    lines = '{"input": "disk full"}\n{"input": 3}\n{"input": "step", "distribution": "mine"}\n'
    done = run(env, *arguments, program, stdin=lines + '{"input": "disk full"}\n')
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and "distribution" not in rows[1]
    assert rows[3] == rows[0]  # from the memo
    with load(program, env["PAW_BASE_PATH"]) as function:
        assert rows[0]["distribution"] == pytest.approx(function.distribution("disk full"), abs=1e-6)
    for row in (rows[0], rows[2]):
        assert row["distribution"][row["answer"]] == pytest.approx(row["score"], abs=1e-6)
        assert sum(row["distribution"].values()) == pytest.approx(1, abs=1e-5)
    assert b"needs a program that answers with labels" in run(env, *arguments[:2], free).stderr
    assert run(env, "--distribution", program).returncode == 2
    assert b"leave" in run(env, "--grep", "ALERT", *arguments[:2], program).stderr


@pytest.mark.parametrize("kind", ["decoder", "encoder"])
def test_scores_are_those_of_the_distribution(
    env: dict[str, str], program: Path, label_target: Path, tmp_path: Path, kind: str
) -> None:
    """Also in batches, where a record computed alone would have other numbers."""
    if kind == "encoder":
        program = Shell(tmp_path, label_target).compile("x.paw", LABELS)
        env = dict(env, PAW_BASE_PATH=str(label_target.parent))
    lines = "".join(
        json.dumps({"input": f"{line} and {'more ' * (n % 3)}"}) + "\n" for n, line in enumerate(LINES)
    )
    done = run(env, "--jsonl", "--scores", "--distribution", program, stdin=lines)
    plain = run(env, "--jsonl", "--scores", program, stdin=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(rows)) == (0, len(LINES))
    assert all(row["distribution"][row["answer"]] == row["score"] for row in rows)
    assert all(row["score"] == max(row["distribution"].values()) for row in rows)
    kept = [{name: row[name] for name in ("input", "answer", "score")} for row in rows]
    assert kept == [json.loads(line) for line in plain.stdout.splitlines()]


def test_abstaining(env: dict[str, str], program: Path) -> None:
    arguments = ("--min-confidence", "1", "--abstain", "UNSURE")
    assert set(run(env, *arguments, program).stdout.split()) <= {b"UNSURE", b"ALERT", b"QUIET"}
    assert b"UNSURE" in run(env, *arguments, program).stdout
    assert run(env, *arguments, "--grep", "UNSURE", program).returncode == 0
    assert run(env, "--min-confidence", "0.5", program).returncode == 2


def test_overflow(env: dict[str, str], program: Path) -> None:
    text = "short\n" + "x" * 2000 + "\nshort\n"
    done = run(env, program, stdin=text)
    assert done.returncode == 1 and done.stdout.splitlines()[1] == b""
    assert b"record 2: 2000 tokens do not fit" in done.stderr
    assert run(env, "--overflow", "tail", program, stdin=text).returncode == 0


def test_bases(env: dict[str, str], program: Path, tiny_target: Path, tmp_path: Path) -> None:
    base = tiny_target.with_name("base.gguf")
    without = {name: value for name, value in env.items() if name != "PAW_BASE_PATH"}
    without["XDG_DATA_HOME"] = str(tmp_path)
    for place in (base, base.parent):
        done = run(without, "--base", place, "--print-base", program)
        assert done.stdout.decode() == f"{base}\n"
    (tmp_path / "paw" / "bases").mkdir(parents=True)
    (tmp_path / "paw" / "bases" / "any.gguf").symlink_to(base)
    assert run(without, program).returncode == 0


def test_a_wrong_base_is_told_by_both_digests(
    env: dict[str, str], program: Path, tiny_target: Path, tmp_path: Path
) -> None:
    data = bytearray(tiny_target.with_name("base.gguf").read_bytes())
    data[-1] ^= 1
    wrong = tmp_path / "base.gguf"
    wrong.write_bytes(data)
    done = run(env, "--base", wrong, program)
    wanted = pawbin.load(program.read_bytes()).base.sha256
    assert (done.returncode, done.stdout) == (2, b"")
    message = done.stderr.decode()
    assert wanted in message and str(wrong) in message
    assert subprocess.run(["sha256sum", wrong], capture_output=True, text=True).stdout.split()[0] in message
    nowhere = run(dict(env, PAW_BASE_PATH=str(tmp_path / "absent")), program).stderr.decode()
    assert wanted in nowhere and str(tmp_path / "absent") in nowhere and "--base" in nowhere


def test_a_bad_program_is_refused_before_anything_is_loaded(
    env: dict[str, str], program: Path, tmp_path: Path
) -> None:
    data = bytearray(program.read_bytes())
    data[-1] ^= 1
    (tmp_path / "bad.pawbin").write_bytes(data)
    nothing = dict(env, LLAMA_CPP_LIB_PATH=str(tmp_path), PAW_BASE_PATH=str(tmp_path))
    for path in (tmp_path / "bad.pawbin", tmp_path / "absent.pawbin", tmp_path):
        done = run(nothing, path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(f"pawrun: error: {path}".encode()) or b"cannot read" in done.stderr
        assert b"base" not in done.stderr and b"llama" not in done.stderr


def test_a_broken_library_is_an_error_with_a_hint(env: dict[str, str], program: Path, tmp_path: Path) -> None:
    done = run(dict(env, LLAMA_CPP_LIB_PATH=str(tmp_path)), program)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"hint: reinstall" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--jsonl", "-0"), ("-g", "ALERT", "--scores"), ("--batch", "0")])
def test_wrong_usage(env: dict[str, str], program: Path, arguments: tuple[str, ...]) -> None:
    done = run(env, *arguments, program)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Usage:" in done.stderr


def test_unreadable_inputs_and_outputs(env: dict[str, str], program: Path, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        done = run(env, program, "-", path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert str(path).encode() in done.stderr
    if Path("/dev/full").exists():
        with open("/dev/full", "wb") as full:
            process = subprocess.run(
                command(program),
                input=b"x\n",
                env=env,
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=60,
                check=False,
            )
        assert process.returncode == 2
        assert process.stderr.startswith(b"pawrun: error: cannot write answers")


def test_a_chatty_run(env: dict[str, str], program: Path) -> None:
    done = run(env, "-v", "--stats", program)
    said = done.stderr.decode()
    for word in ("program: tiny", "answers: ALERT | QUIET", "base.gguf", "prefix: ", "30 records, 0 failed"):
        assert word in said
    assert len(done.stdout.splitlines()) == len(LINES)


def test_regex_and_schema_programs(env: dict[str, str], tiny_target: Path, tmp_path: Path) -> None:
    contract = Contract(kind="regex", regex=r"[a-z]{2}\d", max_tokens=8)
    path = programs.write(tmp_path / "regex.pawbin", programs.make(tiny_target, contract))
    done = run(env, path)
    assert done.returncode == 0
    assert all(len(line) == 3 and line[2:].isdigit() for line in done.stdout.decode().splitlines())


def test_as_a_library(
    program: Path, tiny_target: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pawrun

    monkeypatch.setenv("XDG_CACHE_HOME", env["XDG_CACHE_HOME"])
    with pawrun.load(program, base=tiny_target.with_name("base.gguf")) as triage:
        assert triage("line 1") in ("ALERT", "QUIET")
        assert len(triage.batch(LINES)) == len(LINES)
        assert sum(triage.distribution("line 1").values()) == pytest.approx(1)
        with pytest.raises(Exception, match="do not fit"):
            triage("x" * 2000)


@pytest.mark.parametrize("kind", ["decoder", "encoder"])
def test_a_closed_function_and_a_text_that_is_none(
    env: dict[str, str], program: Path, label_target: Path, tmp_path: Path, kind: str
) -> None:
    """In a process of its own: to tokenize by a model that is freed ends the process."""
    if kind == "encoder":
        program = Shell(tmp_path, label_target).compile("x.paw", LABELS)
        env = dict(env, PAW_BASE_PATH=str(label_target.parent))
    code = """if True:
        import sys, pawrun
        from pawformats.errors import PawError
        with pawrun.load(sys.argv[1]) as f:
            f("x")
            for ask in (f, f.distribution, lambda half: f.batch(["x", half])):
                try:
                    ask("\\ud800")
                except PawError as error:
                    print(error.kind)
        model = f._session.model
        f.close()
        for ask in (f, f.distribution, lambda text: f.batch([text]), model.special, model.adapter):
            try:
                ask(b"" if ask == model.adapter else "x")
            except ValueError as error:
                print(error)
        try:
            model.tokenize("x", special=False)
        except ValueError as error:
            print(error)
        """
    done = subprocess.run(
        [sys.executable, "-c", code, program],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = [*["not-utf8"] * 3, *["the session is closed"] * 3, *["the model is closed"] * 3]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, said, "")


def test_help_is_fast_and_narrow() -> None:
    took = []
    for _ in range(5):
        started = os.times()
        done = subprocess.run(command("--help"), capture_output=True, text=True, timeout=60, check=True)
        ended = os.times()  # of processors: others may be at work on this machine
        took.append(sum(ended[2:4]) - sum(started[2:4]))
    assert min(took) < 0.3
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_command_line_loads_nothing_heavy() -> None:
    code = "import sys, pawrun.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    heavy = {"numpy", "llama_cpp", "gguf", "zstandard", "rich", "torch", "pawformats.pawbin", "pawrun.engine"}
    assert not heavy & set(loaded.stdout.split())


def test_an_input_that_fails_later_keeps_the_records_before_it(
    env: dict[str, str], program: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("one\ntwo\n")
    done = run(env, program, tmp_path / "a", "/proc/self/mem")
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 2
    assert done.stderr.startswith(b"pawrun: error: cannot read /proc/self/mem: ")


def test_a_named_pipe_without_a_writer_holds_nothing_back(
    env: dict[str, str], program: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("one\n")
    os.mkfifo(tmp_path / "pipe")
    with start(env, program, tmp_path / "a", tmp_path / "pipe") as process:
        assert read_line(process) in (b"ALERT\n", b"QUIET\n")
        (tmp_path / "pipe").write_text("two\n")
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, len(rest.splitlines()), errors) == (0, 1, b"")


def test_layers_go_to_a_gpu_or_nothing_runs(env: dict[str, str], program: Path) -> None:
    plain, none, some = (
        run(env, *words, program) for words in ((), ("--gpu-layers", 0), ("--gpu-layers", 99))
    )
    assert (none.returncode, none.stdout) == (0, plain.stdout)
    if library.load().llama_supports_gpu_offload():
        assert (some.returncode, len(some.stdout.splitlines())) == (0, len(LINES))
    else:
        assert (some.returncode, some.stdout) == (2, b"")
        assert b"--gpu-layers needs a GPU" in some.stderr and b"Traceback" not in some.stderr


def test_answers_never_become_records(env: dict[str, str], program: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(TEXT)
    for arguments, name in (((log,), str(log)), ((), "standard input")):
        with log.open("rb") as given, log.open("ab") as out:
            done = subprocess.run(
                command("--with-input", program, *arguments),
                stdin=given,
                stdout=out,
                stderr=subprocess.PIPE,
                env=env,
                timeout=60,
                check=False,
            )
        message = f"pawrun: error: {name} is where the answers go\n"
        assert (done.returncode, done.stderr.decode()) == (2, message)
    assert log.read_text() == TEXT


@pytest.mark.parametrize(("closed", "said"), [("<&-", "it is closed"), (">&-", "standard output is closed")])
def test_closed_standard_streams(env: dict[str, str], program: Path, closed: str, said: str) -> None:
    script = ["sh", "-c", f"{' '.join(command(program))} {closed}"]
    done = subprocess.run(script, input=b"x\n", env=env, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("pawrun: error: ") and done.stderr.decode().endswith(f"{said}\n")


def test_a_dangling_link_among_the_bases(
    env: dict[str, str], program: Path, tiny_target: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.gguf").symlink_to(tmp_path / "absent")
    (tmp_path / "b.gguf").mkdir()
    (tmp_path / "c.gguf").symlink_to(tiny_target.with_name("base.gguf"))
    assert run(env, "--base", tmp_path, program).returncode == 0
