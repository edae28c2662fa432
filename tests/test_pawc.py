"""The compiler as a user runs it: real processes and a tiny real target; what comes out is run."""

from __future__ import annotations

import json
import os
import pty
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pawformats import adapter, paw, pawbin, pawlib

TRIAGE = """Classify log lines. Return ONLY one word: ALERT or QUIET.

Input: [step 100] loss=0.05
Output: QUIET

+++ tests
Input: Traceback (most recent call last):
Output: ALERT
"""
BAD = '+++\nlabel = ["a"]\n+++\nSay a.\n'


class Shell:
    """pawc in a folder, compiling for the tiny target."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.folder, self.target = folder, target
        self.cache = folder.with_name(folder.name + "-cache")

    def __call__(
        self, *args: str, stdin: bytes = b"", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        path = os.pathsep.join(filter(None, sys.path))
        own = {"PYTHONPATH": path, "PAW_TARGET_PATH": "", "PAW_CACHE_DIR": os.fspath(self.cache)}
        settings = {**os.environ, **own, **(environment or {})}
        return subprocess.run(
            [sys.executable, "-m", "pawc", *args],
            cwd=self.folder,
            input=stdin,
            env=settings,
            capture_output=True,
            check=False,
        )

    def compile(self, *args: str, **more: object) -> subprocess.CompletedProcess[bytes]:
        return self("--target", str(self.target), *args, **more)  # type: ignore[arg-type]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


@pytest.fixture
def pawc(tmp_path: Path, tiny_target: Path) -> Shell:
    (tmp_path / "triage.paw").write_text(TRIAGE)
    return Shell(tmp_path, tiny_target)


@pytest.mark.parametrize("level", ["-O0", "-O1"])
def test_source_to_answers(pawc: Shell, tiny_target: Path, level: str) -> None:
    done = pawc.compile(level, "triage.paw")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    program = pawbin.load(pawc.read("triage.pawbin"))
    assert program.contract.labels == ("ALERT", "QUIET")
    assert (program.adapter is None, program.compiler is None) == (level == "-O0", level == "-O0")
    command = [sys.executable, "-m", "pawrun", "--base", str(tiny_target.with_name("base.gguf"))]
    command.append(str(pawc.folder / "triage.pawbin"))
    ran = subprocess.run(command, input=b"one\ntwo\n", capture_output=True, check=False)
    assert ran.returncode == 0 and len(ran.stdout.splitlines()) == 2
    assert set(ran.stdout.split()) <= {b"ALERT", b"QUIET"}


def test_a_program_holds_all_of_its_spec(pawc: Shell) -> None:
    pawc.compile("triage.paw")
    program = pawbin.load(pawc.read("triage.pawbin"))
    assert program.name == "triage" and program.target == "tiny" and program.compiler == "tiny-0"
    assert "Answers: ALERT | QUIET\n" in program.pseudo_program.text
    assert [test.output for test in program.tests] == ["ALERT"]
    assert program.source is not None
    assert paw.digest(paw.parse(program.source.encode(), "source")) == program.pseudo_program.spec_digest


def test_the_same_source_gives_the_same_bytes_anywhere(
    pawc: Shell, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Shell(tmp_path_factory.mktemp("other"), pawc.target)
    (other.folder / "triage.paw").write_text(TRIAGE)
    for shell, seed in ((pawc, "1"), (other, "2")):
        settings = {"PYTHONHASHSEED": seed, "LANG": "C" if seed == "1" else "C.UTF-8"}
        assert shell.compile("triage.paw", environment=settings).returncode == 0
    assert pawc.read("triage.pawbin") == other.read("triage.pawbin")


def test_several_inputs_give_what_each_gives_alone(pawc: Shell) -> None:
    (pawc.folder / "other.paw").write_text("Say whether the customer is angry: yes or no.\n")
    (pawc.folder / "build").mkdir()
    assert pawc.compile("-c", "triage.paw", "other.paw", "-o", "build/").returncode == 0
    assert pawc.compile("-c", "triage.paw").returncode == 0
    first, second = pawc.read("build/triage.gguf"), pawc.read("build/other.gguf")
    assert first == pawc.read("triage.gguf") and first != second
    assert adapter.from_gguf(first).modules.keys() == adapter.from_gguf(second).modules.keys()


def test_quantisations(pawc: Shell) -> None:
    sizes = []
    for quant in ("q4_0", "q8_0", "f16", "f32"):
        assert pawc.compile("-c", "--quant", quant, "-o", quant, "triage.paw").returncode == 0
        sizes.append(len(pawc.read(quant)))
        found = adapter.from_gguf(pawc.read(quant))
        assert (found.rank, found.alpha, found.architecture) == (32, 32.0, "qwen3")
    assert sizes == sorted(sizes)


def test_normalised_source_compiles_to_the_same_program(pawc: Shell) -> None:
    shown = pawc("-E", "triage.paw")
    assert shown.returncode == 0 and b'labels = ["ALERT", "QUIET"]' in shown.stdout
    assert pawc.compile("-o", "again.pawbin", "-", stdin=shown.stdout).returncode == 0
    assert pawc.compile("triage.paw").returncode == 0
    again, first = (pawbin.load(pawc.read(name)) for name in ("again.pawbin", "triage.pawbin"))
    assert (again.adapter, again.source) == (first.adapter, first.source)


def test_stages_stop_where_they_say(pawc: Shell) -> None:
    assert pawc.compile("-fsyntax-only", "triage.paw").stdout == b""
    assert pawc.compile("-S", "-o", "-", "triage.paw").stdout.startswith(b"Task: Classify log lines.")
    assert pawc.files() == ["triage.paw"]
    assert pawc.compile("-S", "triage.paw").returncode == 0
    assert pawc.files() == ["triage.paw", "triage.paws"]


def test_showing_the_stages_runs_none(pawc: Shell) -> None:
    done = pawc("-###", "-O0", "--target", "nonesuch", "missing.paw")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "parse missing.paw",
        "infer labels",
        "check",
        "expand (target nonesuch)",
        "link",
        "write missing.pawbin",
    ]
    assert pawc("-##", "triage.paw").returncode == 2


def test_labels_of_the_prose_are_left_alone_on_request(pawc: Shell) -> None:
    pawc.compile("-fno-infer-labels", "-O0", "triage.paw")
    program = pawbin.load(pawc.read("triage.pawbin"))
    assert program.contract.kind == "free" and "Answers:" not in program.pseudo_program.text
    told = pawc.compile("-v", "-O0", "triage.paw").stderr.decode()
    assert "answers: ALERT | QUIET (inferred; -fno-infer-labels leaves them open)" in told


def test_standard_streams(pawc: Shell) -> None:
    done = pawc.compile("-O0", "-", stdin=TRIAGE.encode())
    assert done.returncode == 0 and pawbin.load(done.stdout).name == "stdin"
    assert pawc.files() == ["triage.paw"]


def test_a_terminal_gets_no_binary(pawc: Shell) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pawc", "-O0", "--target", str(pawc.target), "-o", "-", "triage.paw"]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        command, cwd=pawc.folder, env=path, stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2 and b"refusing to write a binary to the terminal" in done.stderr


def test_an_executable_program(pawc: Shell) -> None:
    assert pawc.compile("-O0", "--shebang", "triage.paw").returncode == 0
    assert pawc.read("triage.pawbin").startswith(b"#!/usr/bin/env pawrun\n")
    assert (pawc.folder / "triage.pawbin").stat().st_mode & stat.S_IXUSR
    assert pawc.compile("-O0", "-o", "plain", "triage.paw").returncode == 0
    assert pawbin.program_id(pawc.read("plain")) == pawbin.program_id(pawc.read("triage.pawbin"))


def test_a_bad_source_points_at_the_place_and_the_others_are_compiled(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    done = pawc.compile("-O0", "bad.paw", "triage.paw")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "bad.paw:2:1: error: unknown key label",
        '    2 | label = ["a"]',
        "      | ^",
        "hint: did you mean labels?",
    ]
    assert pawc.files() == ["bad.paw", "triage.paw", "triage.pawbin"]


def test_an_error_keeps_the_old_output(pawc: Shell) -> None:
    (pawc.folder / "triage.pawbin").write_bytes(b"old")
    (pawc.folder / "triage.paw").write_text(BAD)
    assert pawc.compile("triage.paw").returncode == 1
    assert pawc.read("triage.pawbin") == b"old" and pawc.files() == ["triage.paw", "triage.pawbin"]


def test_an_output_that_cannot_be_written_leaves_nothing(pawc: Shell) -> None:
    (pawc.folder / "taken").mkdir()
    (pawc.folder / "taken" / "triage.pawbin").mkdir()
    done = pawc.compile("-O0", "triage.paw", "-o", "taken/")
    said = b"pawc: error: cannot write taken/triage.pawbin: Is a directory"
    assert done.returncode == 2 and said in done.stderr
    assert os.listdir(pawc.folder / "taken") == ["triage.pawbin"]
    assert pawc.compile("-O0", "triage.paw", "-o", "nowhere/x").returncode == 2


def test_a_device_stays_a_device(pawc: Shell) -> None:
    link = pawc.folder / "sink"
    link.symlink_to("/dev/null")
    assert pawc.compile("-O0", "-o", "sink", "triage.paw").returncode == 0
    assert link.is_symlink() and stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_an_input_is_never_overwritten(pawc: Shell) -> None:
    done = pawc.compile("-O0", "-o", "triage.paw", "triage.paw")
    assert done.returncode == 2 and b"is an input and would be overwritten" in done.stderr
    assert pawc.read("triage.paw") == TRIAGE.encode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x", "a.paw", "b.paw"], "must be a folder"),
        (["a.paw", "deep/a.paw"], "two inputs would be written to a.pawbin"),
        (["-o", "none/", "a.paw"], "there is no folder none/"),
        (["-c", "-O0", "a.paw"], "-c needs an adapter"),
        (["-Wnonesuch", "a.paw"], "there is no warning 'nonesuch'"),
        (["-O7", "a.paw"], "Invalid value for '-O'"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage(pawc: Shell, arguments: list[str], said: str) -> None:
    done = pawc(*arguments)
    assert done.returncode == 2 and said in done.stderr.decode()


def test_what_is_missing_is_one_message(pawc: Shell) -> None:
    for arguments in (["--target", "nonesuch", "triage.paw"], ["-E", "missing.paw"]):
        done = pawc(*arguments)
        assert done.returncode == 2 and done.stderr.startswith(b"pawc: error: ")
        assert b"Traceback" not in done.stderr
    assert b"known targets: " in pawc("--target", "nonesuch", "triage.paw").stderr


def test_targets_are_found_on_the_path(pawc: Shell) -> None:
    shutil.copytree(pawc.target.parent, pawc.folder / "targets" / "little")
    path = {"PAW_TARGET_PATH": str(pawc.folder / "targets")}
    assert pawc("-O0", "--target", "little", "triage.paw", environment=path).returncode == 0
    assert b"little\t" in pawc("--print-targets", environment=path).stdout
    (pawc.folder / "own.paw").write_text('+++\ntarget = "little"\n+++\nSay something.\n')
    assert pawc("-O0", "own.paw", environment=path).returncode == 0
    assert pawbin.load(pawc.read("own.pawbin")).target == "tiny"


def test_a_damaged_compiler_is_refused_by_digest(pawc: Shell) -> None:
    folder = pawc.folder / "damaged"
    shutil.copytree(pawc.target.parent, folder)
    with (folder / "mapper.gguf").open("ab") as file:
        file.write(b"\0")
    done = pawc("--target", str(folder / "target.toml"), "triage.paw")
    assert done.returncode == 2 and b"is not the one that the target names" in done.stderr
    assert "triage.pawbin" not in pawc.files()


def test_a_spec_that_is_too_long_for_the_compiler(pawc: Shell) -> None:
    (pawc.folder / "long.paw").write_text("Say yes or no. " + "Because. " * 100 + "\n")
    done = pawc.compile("long.paw")
    assert done.returncode == 1 and b"long.paw:1:1: error: the spec takes " in done.stderr
    assert pawc.compile("-O0", "long.paw").returncode == 0


def test_included_examples_are_read_beside_the_source(pawc: Shell) -> None:
    (pawc.folder / "sub").mkdir()
    (pawc.folder / "sub" / "s.paw").write_text('+++\nexamples = "more.tsv"\n+++\nSay yes or no.\n')
    (pawc.folder / "sub" / "more.tsv").write_text("a\tyes\nb\tno\n")
    shown = pawc("-S", "-o", "-", "--target", str(pawc.target), "sub/s.paw")
    assert b"Input: a\nOutput: yes\nInput: b\nOutput: no\n" in shown.stdout


def test_inspecting_a_program(pawc: Shell) -> None:
    pawc.compile("--shebang", "triage.paw")
    done = pawc("inspect", "--json", "triage.pawbin")
    described = json.loads(done.stdout)
    assert sum(part["size"] for part in described["parts"]) == len(pawc.read("triage.pawbin"))
    assert described["program_id"] == pawbin.program_id(pawc.read("triage.pawbin"))
    assert described["manifest"]["contract"]["labels"] == ["ALERT", "QUIET"]
    shown = pawc("inspect", "triage.pawbin").stdout.decode()
    assert "ALERT | QUIET" in shown and f"{described['size']:10d}  triage.pawbin" in shown
    broken = pawc("inspect", "triage.paw")
    assert broken.returncode == 2 and b"pawc: error: triage.paw: this is not a program" in broken.stderr


def test_a_file_called_like_a_command(pawc: Shell) -> None:
    (pawc.folder / "train").write_text(TRIAGE)
    for words in (["./train"], ["--", "train"]):
        assert pawc("-E", *words).returncode == 0


def test_versions(pawc: Shell) -> None:
    number = pawc("-dumpversion").stdout
    assert pawc("--version").stdout == b"pawc " + number


def test_training_without_its_packages(pawc: Shell) -> None:
    (pawc.folder / "torch.py").write_text("")  # found, so the next one is missed
    hide = pawc.folder / "sitecustomize.py"
    hide.write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'torch' else find(name, *more)\n"
    )
    path = os.pathsep.join([str(pawc.folder), *filter(None, sys.path)])
    done = pawc("train", "recipe.toml", environment={"PYTHONPATH": path})
    said = b"hint: install the extra with: pip install 'paw-toolchain[train]'"
    assert done.returncode == 2 and said in done.stderr


REPEATED = "Say yes or no.\n\nInput: a\nOutput: yes\n\nInput: a\nOutput: yes\n"


@pytest.mark.parametrize(
    ("flags", "status", "said"),
    [
        ([], 0, "warning: this example repeats an earlier one [-Wduplicate-example]"),
        (["-w"], 0, ""),
        (["-Wno-duplicate-example"], 0, ""),
        (["-Werror"], 1, "error: this example repeats an earlier one [-Werror=duplicate-example]"),
        (["-Werror=duplicate-example"], 1, "[-Werror=duplicate-example]"),
        (["-Werror", "-Wno-duplicate-example"], 0, ""),
    ],
)
def test_warnings(pawc: Shell, flags: list[str], status: int, said: str) -> None:
    (pawc.folder / "again.paw").write_text(REPEATED)
    done = pawc.compile("-O0", *flags, "again.paw")
    assert done.returncode == status and (said in done.stderr.decode() if said else not done.stderr)
    assert ("again.pawbin" in pawc.files()) is (status == 0)


@pytest.mark.parametrize("arguments", [["-E", "triage.paw"], ["-O0", "-o", "-", "triage.paw"]])
def test_a_standard_output_that_takes_nothing(pawc: Shell, arguments: list[str]) -> None:
    words = " ".join([sys.executable, "-m", "pawc", "--target", str(pawc.target), *arguments])
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for sink, said in ((">/dev/full", "No space left on device"), (">&-", "it is closed")):
        script = ["sh", "-c", f"{words} {sink}"]
        done = subprocess.run(script, cwd=pawc.folder, env=path, capture_output=True, check=False)
        message = f"pawc: error: cannot write standard output: {said}\n"
        assert (done.returncode, done.stderr.decode()) == (2, message)


def test_a_pipe_named_as_output(pawc: Shell) -> None:
    done = pawc.compile("-O0", "-o", "/dev/stdout", "triage.paw")
    assert done.returncode == 0 and pawbin.load(done.stdout).name == "triage"


@pytest.mark.parametrize(("file", "name"), [(b"\xff.paw", "?"), (b" a\nb .paw", "a?b")])
def test_a_file_name_that_is_no_line_of_text(pawc: Shell, file: bytes, name: str) -> None:
    path = os.path.join(os.fsencode(pawc.folder), file)
    with open(path, "wb") as source:
        source.write(TRIAGE.replace('name = "triage"\n', "").encode())
    assert pawc.compile("-O0", "-o", "x", os.fsdecode(file)).returncode == 0
    assert pawbin.load(pawc.read("x")).name == name


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ('[output]\nregex = "(["', "bad.paw:3:9: error: unexpected end at character 3 of the regex"),
        ('[output]\njson_schema = { "$ref" = "#/x" }', "bad.paw:3:15: error: llama.cpp cannot enforce"),
        ("min_confidence = 0.9", "bad.paw:2:18: error: min_confidence needs labels"),
    ],
)
def test_a_contract_that_pawrun_would_refuse(pawc: Shell, front: str, said: str) -> None:
    (pawc.folder / "bad.paw").write_text(f"+++\n{front}\n+++\nSay something.\n")
    done = pawc.compile("-O0", "bad.paw")
    assert done.returncode == 1 and said in done.stderr.decode()
    assert "bad.pawbin" not in pawc.files()


def test_messages_show_where(pawc: Shell) -> None:
    (pawc.folder / "long.paw").write_text("Say yes or no. " + "Because. " * 100 + "\n")
    assert b"\n    1 | Say yes or no. Because." in pawc.compile("long.paw").stderr
    (pawc.folder / "test.paw").write_text("Answer yes or no.\n\n+++ tests\nInput: a\nOutput: maybe\n")
    assert b"hint: labels: yes, no (read in the description; " in pawc("-E", "test.paw").stderr
    (pawc.folder / "sub").mkdir()
    (pawc.folder / "sub" / "s.paw").write_text('+++\nexamples = "more.tsv"\n+++\nSay yes or no.\n')
    (pawc.folder / "sub" / "more.tsv").write_text("a\n")
    assert pawc("-E", "sub/s.paw").stderr.startswith(b"sub/more.tsv:1:1: error: ")


def test_inspecting_drives_no_terminal(pawc: Shell) -> None:
    (pawc.folder / "red.paw").write_text("Say \x1b[31mred.\n")
    assert pawc.compile("-O0", "red.paw").returncode == 0
    assert b"\x1b" not in pawc("inspect", "red.pawbin").stdout


def test_a_library(pawc: Shell, tiny_target: Path) -> None:
    (pawc.folder / "angry.paw").write_text("Say whether the customer is angry: yes or no.\n")
    for order in (("triage.paw", "angry.paw"), ("angry.paw", "triage.paw")):
        done = pawc.compile(*order, "-o", "lib.pawbin")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        first = pawc.read("lib.pawbin")
    assert pawc.read("lib.pawbin") == first
    found = pawlib.load(first)
    assert [*found] == ["angry", "triage"]
    assert pawc.files() == ["angry.paw", "lib.pawbin", "triage.paw"]
    pawc.compile("triage.paw")
    assert found["triage"] == pawc.read("triage.pawbin")

    command = [sys.executable, "-m", "pawrun", "--base", str(tiny_target.with_name("base.gguf"))]

    def run(program: str) -> subprocess.CompletedProcess[bytes]:
        words = [*command, program]
        return subprocess.run(words, cwd=pawc.folder, input=b"one\n", capture_output=True, check=False)

    assert run("lib.pawbin:triage").stdout == run("triage.pawbin").stdout in (b"ALERT\n", b"QUIET\n")
    assert run("lib.pawbin:angry").stdout in (b"yes\n", b"no\n")
    for program, said in (
        ("lib.pawbin", "this is a library of programs"),
        ("lib.pawbin:else", "the library has no program 'else'"),
    ):
        done = run(program)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().splitlines() == [
            f"pawrun: error: lib.pawbin: {said}",
            "pawrun: hint: name one of its programs after a colon: angry, triage",
        ]
    assert b"this is one program and no library" in run("triage.pawbin:triage").stderr
    (pawc.folder / "lib.pawbin:x").write_bytes(pawc.read("triage.pawbin"))  # a path may have colons
    assert run("lib.pawbin:x").returncode == 0


def test_inspecting_a_library(pawc: Shell) -> None:
    (pawc.folder / "angry.paw").write_text("Say whether the customer is angry: yes or no.\n")
    pawc.compile("triage.paw", "angry.paw", "-o", "lib.pawbin")
    described = json.loads(pawc("inspect", "--json", "lib.pawbin").stdout)
    assert [one["name"] for one in described["programs"]] == ["angry", "triage"]
    assert sum(part["size"] for part in described["parts"]) == len(pawc.read("lib.pawbin"))
    shown = pawc("inspect", "lib.pawbin").stdout.decode().splitlines()
    assert shown[1].startswith("triage: for tiny, id ")
    one = pawc("inspect", "lib.pawbin:triage")
    assert one.returncode == 0 and b"Task: Classify log lines." in one.stdout
    assert pawc("inspect", "lib.pawbin:else").returncode == 2


def test_a_library_that_fails(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text("+++\nname = 1\n+++\nSay.\n")
    (pawc.folder / "same.paw").write_text('+++\nname = "triage"\n+++\nSay yes or no: is it an alert?\n')
    (pawc.folder / "lib.pawbin").write_text("before")
    assert pawc.compile("triage.paw", "bad.paw", "-o", "lib.pawbin").returncode == 1
    same = pawc.compile("triage.paw", "same.paw", "-o", "lib.pawbin")
    assert same.returncode == 2
    assert same.stderr.decode().splitlines() == [
        "pawc: error: triage.paw and same.paw are both named 'triage'",
        "hint: give each a name of its own in its front matter",
    ]
    assert pawc.compile("--shebang", "triage.paw", "same.paw", "-o", "lib.pawbin").returncode == 2
    assert pawc.read("lib.pawbin") == b"before"
    shown = pawc("-###", "triage.paw", "bad.paw", "-o", "lib.pawbin").stderr.decode()
    assert shown.count("write lib.pawbin") == 2
