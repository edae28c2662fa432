"""pawc as a part of a build: rules for make, response files, several processes, the cache, the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pawformats import pawbin, pawlib, target
from shell import Shell as Tool
from test_pawc import BAD, TRIAGE, Shell

from pawc import depfile, targets
from pawc.depfile import Depends
from pawc.words import split

EXAMPLES = Path(__file__).parents[1] / "examples"
TABLE = '+++\nexamples = ["more.tsv"]\n+++\nSay yes or no.\n'


@pytest.fixture
def pawc(tmp_path: Path, tiny_target: Path) -> Shell:
    (tmp_path / "triage.paw").write_text(TRIAGE)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "s.paw").write_text(TABLE)
    (tmp_path / "sub" / "more.tsv").write_text("a\tyes\nb\tno\n")
    return Shell(tmp_path, tiny_target)


def reading() -> list[str]:
    """What finds answers in the prose of a spec that declares none."""
    shipped = Path(targets.path(targets.LABELS))
    encoder = target.load(str(shipped)).lm_path
    assert encoder is not None
    return [str(shipped), os.path.normpath(encoder), str(shipped.with_name("reader.gguf"))]


def toolchain(target: Path) -> list[str]:
    return [str(target.with_name(name)) for name in ("target.toml", "compiler.gguf", "mapper.gguf")]


def test_a_rule_names_all_that_reads_and_makes(tmp_path: Path, joint_target: Path) -> None:
    """A label target's LoRA for joint reading; and the reader, if the spec's prose was read for labels."""
    tool = Tool(tmp_path, joint_target)
    own = [str(joint_target.with_name(name)) for name in ("label.toml", "mini.gguf", "joint.gguf")]
    (tmp_path / "said.paw").write_text("+++\nlabels = ['yes', 'no']\n+++\nIs it rude?\n")
    (tmp_path / "prose.paw").write_text("Is it rude? Answer with one word only: yes or no.\n")
    for name, wanted in (("said", own), ("prose", [*own, *reading()])):
        done = tool("pawc", "--target", str(joint_target), "-M", f"{name}.paw")
        assert done.returncode == 0, done.stderr
        assert done.stdout.replace("\\\n", "").split() == [f"{name}.pawbin:", f"{name}.paw", *wanted]


def test_a_rule_in_place_of_a_program(pawc: Shell) -> None:
    done = pawc.compile("-MM", "sub/s.paw", "triage.paw")
    assert done.stdout == b"s.pawbin: sub/s.paw \\\n  sub/more.tsv\ntriage.pawbin: triage.paw\n"
    assert (done.returncode, done.stderr, pawc.files()) == (0, b"", ["sub", "triage.paw"])
    words = pawc.compile("-M", "sub/s.paw").stdout.decode().replace("\\\n", "").split()
    assert words == ["s.pawbin:", "sub/s.paw", "sub/more.tsv", *toolchain(pawc.target), *reading()]
    assert pawc.compile("-M", "-O0", "triage.paw", "-o", "all.d").stdout == b""
    files = " \\\n  ".join(["triage.paw", str(pawc.target), *reading()])
    assert pawc.read("all.d").decode() == f"triage.pawbin: {files}\n"


def test_a_rule_beside_a_program(pawc: Shell) -> None:
    assert pawc.compile("-MMD", "-MP", "sub/s.paw", "-o", "sub/x.pawbin").returncode == 0
    assert pawc.read("sub/x.d") == b"sub/x.pawbin: sub/s.paw \\\n  sub/more.tsv\n\nsub/more.tsv:\n"
    assert (
        pawc.compile("-MD", "-MFhere.dep", "-MT", "$(OUT)", "-MQ", "a b", "-O0", "triage.paw").returncode == 0
    )
    files = " \\\n  ".join(["triage.paw", str(pawc.target), *reading()])
    assert pawc.read("here.dep").decode() == f"$(OUT) a\\ b: {files}\n"
    assert pawbin.load(pawc.read("triage.pawbin")).name == "triage"
    piped = pawc.compile("-O0", "-MMD", "-MP", "-", stdin=b"Say yes or no.\n")
    assert pawbin.load(piped.stdout) and pawc.read("stdin.d") == b"stdin.pawbin: \n"


def test_a_failed_input_has_no_rule(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    assert pawc.compile("-MD", "-O0", "bad.paw", "triage.paw").returncode == 1
    assert pawc.files() == ["bad.paw", "sub", "triage.d", "triage.paw", "triage.pawbin"]
    done = pawc.compile("-MM", "bad.paw", "triage.paw", "-o", "all.d")
    assert done.returncode == 1 and "all.d" not in pawc.files()


def test_no_input_is_overwritten_by_a_rule(pawc: Shell) -> None:
    for words in (["-MD", "-MF", "sub/more.tsv"], ["-MM", "-MF", "sub/s.paw"], ["-o", "sub/more.tsv"]):
        done = pawc.compile("-O0", *words, "sub/s.paw")
        assert done.returncode == 2 and b"is an input and would be overwritten" in done.stderr
    assert pawc.read("sub/s.paw") == TABLE.encode() and pawc.read("sub/more.tsv").startswith(b"a\t")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-MP", "a.paw"], "need one of -M, -MM, -MD and -MMD"),
        (["-M", "-MD", "a.paw"], "choose one of"),
        (["-MD", "-MF", "x", "a.paw", "b.paw"], "-MF names the file of one rule"),
        (["-MD", "-MF", "x", "-o", "x", "a.paw"], "the rule and the output would both be x"),
        (["-v", "-fdiagnostics-format=json", "a.paw"], "-v tells in words"),
        (["-j", "0", "a.paw"], "Invalid value for '-j'"),
        (["-Wno-tset-leak", "a.paw"], "did you mean 'test-leak'?"),
    ],
)
def test_wrong_usage(pawc: Shell, arguments: list[str], said: str) -> None:
    done = pawc(*arguments)
    assert done.returncode == 2 and said in done.stderr.decode()


AWKWARD = ["a b", "a$b", "a#b", "a:b", "a\\b", "a\\ b", "a\\\\ b", "a\\#b", "$(x) é", "trail\\"]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_reads_awkward_names(tmp_path: Path) -> None:
    """make builds what has such a name, again when its table changes, and yet when that is deleted."""
    goals = [f"all: {' '.join(depfile.quote(f'{name}.out') for name in AWKWARD)}\n"]
    for name in AWKWARD:
        for suffix in (".paw", ".tsv"):
            (tmp_path / (name + suffix)).write_text("")
        shell_name = f"{name}.out".replace("$", "$$")
        goals.append(f"{depfile.quote(f'{name}.out')}:\n\t@echo built; touch '{shell_name}'\n")
    rules = [
        depfile.rule(
            f"{name}.out", [f"{name}.paw"], [f"{name}.paw", f"{name}.tsv"], Depends(False, False, phony=True)
        )
        for name in AWKWARD
    ]
    (tmp_path / "Makefile").write_text("".join(goals + rules))

    def built() -> int:
        done = subprocess.run(["make"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.count("built")

    assert (built(), built()) == (len(AWKWARD), 0)
    for name in AWKWARD:
        os.utime(tmp_path / f"{name}.tsv", (4e9, 4e9))
    assert built() == len(AWKWARD)
    for name in AWKWARD:
        (tmp_path / f"{name}.tsv").unlink()
    assert built() == len(AWKWARD)


def test_the_rule_of_a_library(pawc: Shell) -> None:
    asked = ("sub/s.paw", "triage.paw", "-O0", "-o", "lib.pawbin")
    rule = b"lib.pawbin: sub/s.paw \\\n  triage.paw \\\n  sub/more.tsv\n\nsub/more.tsv:\n"
    for words, file in ((("-MMD", "-MP"), "lib.d"), (("-MMD", "-MP", "-j2", "-MF", "here.dep"), "here.dep")):
        assert pawc.compile(*words, *asked).returncode == 0
        assert pawc.read(file) == rule
        (pawc.folder / file).unlink()
    assert [*pawlib.load(pawc.read("lib.pawbin"))] == ["s", "triage"]
    (pawc.folder / "lib.pawbin").unlink()
    for words in (("-MD", "-MF", "lib.pawbin"), ("-MD", "-MF", "sub/more.tsv")):
        assert pawc.compile(*words, *asked).returncode == 2
        assert pawc.read("sub/more.tsv") == b"a\tyes\nb\tno\n"
    assert pawc.files() == ["sub", "triage.paw"]


def test_no_library_of_a_program_that_fails_its_tests(pawc: Shell) -> None:
    (pawc.folder / "wrong.paw").write_text("Say ha.\n\n+++ tests\nInput: a\nOutput: neither\n")
    (pawc.folder / "none.paw").write_text("Say ho.\n")
    base = {"PAW_BASE_PATH": str(pawc.target.parent)}
    words = ("--target", str(pawc.target), "--check", "-O0", "none.paw", "wrong.paw", "-o", "lib.pawbin")
    done = pawc(*words, environment=base)
    assert done.returncode == 3 and b"wrong.paw:4:" in done.stderr and b"there are no tests" in done.stderr
    assert "lib.pawbin" not in pawc.files()


def test_a_name_that_no_rule_can_hold(pawc: Shell) -> None:
    (pawc.folder / "a\nb.paw").write_text("Say yes or no.\n")
    done = pawc.compile("-MM", "a\nb.paw")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"a rule for make cannot name the file 'a\\nb.paw" in done.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_rebuilds_exactly_what_changed(pawc: Shell) -> None:
    there = pawc.folder / "examples"
    shutil.copytree(EXAMPLES, there, ignore=shutil.ignore_patterns("*.pawbin", "*.d"))
    (there / "repair" / "repair.paw").write_text(TABLE)
    (there / "repair" / "more.tsv").write_text("a\tyes\nb\tno\n")
    own = pawc.folder / "target"
    shutil.copytree(pawc.target.parent, own)
    flags = f"PAWFLAGS=-w -O0 --target {own / 'target.toml'}"
    path = os.pathsep.join(filter(None, sys.path))
    settings = {**os.environ, "PYTHONPATH": path, "PAW_CACHE_DIR": str(pawc.cache)}

    now = time.time()  # later than the files of the toolchain, which stay as they are

    def built(*changed: Path) -> set[str]:
        for file in (*there.rglob("*"), *own.iterdir()):
            os.utime(file, 2 * (now + (2000 if file.suffix == ".pawbin" else 1000),))
        for file in changed:
            os.utime(file, 2 * (now + 3000,))
        command = ["make", "-j2", f"PAWC={sys.executable} -m pawc", flags]
        done = subprocess.run(command, cwd=there, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return {name for name in ("triage", "repair", "route") if f"-o {name}/" in done.stdout}

    assert built() == {"triage", "repair", "route"}
    assert built() == set()
    assert built(there / "repair" / "more.tsv") == {"repair"}
    assert built(there / "triage" / "triage.paw") == {"triage"}
    assert built(own / "target.toml") == {"triage", "repair", "route"}
    (there / "repair" / "repair.paw").write_text("Say yes or no.\n")
    (there / "repair" / "more.tsv").unlink()
    assert built(there / "repair" / "repair.paw") == {"repair"}
    assert built() == set()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_check_runs_the_tests(pawc: Shell) -> None:
    """Of programs whose grammar leaves one answer; `make test` is not its parent."""
    there = pawc.folder / "examples"
    for name in ("one", "two"):
        (there / name).mkdir(parents=True)
        source = "+++\noutput.regex = 'yes'\n+++\nSay yes.\n\n+++ tests\nInput: a\nOutput: yes\n"
        (there / name / f"{name}.paw").write_text(source)
    shutil.copy(EXAMPLES / "Makefile", there)
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PAW_CACHE_DIR": str(pawc.cache),
        "PAW_BASE_PATH": str(pawc.target.parent),
    }
    flags = f"PAWFLAGS=-w -O0 --target {pawc.target}"
    command = ["make", f"PAWC={sys.executable} -m pawc", flags, "check"]

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=there, env=settings, capture_output=True, text=True, check=False)

    good = check()
    assert good.returncode == 0, good.stderr
    assert [line.split()[-1] for line in good.stdout.splitlines()[-2:]] == ["100.0", "100.0"]
    with open(there / "two" / "two.paw", "a") as file:
        file.write("\nInput: b\nOutput: no\n")
    bad = check()
    assert bad.returncode != 0 and "two/two.pawbin: test 2: b" in bad.stdout, bad.stderr


def test_words_of_a_response_file() -> None:
    text = '-o "a b" \'c"d\' e\\ f\n\t\\"g "" \'h\\\'i\' k"l"m \\\\'
    assert split(text) == ["-o", "a b", 'c"d', "e f", '"g', "", "h'i", "klm", "\\"]
    assert split(" \n ") == []


def test_response_files(pawc: Shell) -> None:
    (pawc.folder / "inner").write_text("-O0 'triage.paw'")
    (pawc.folder / "flags").write_text(f"--target {pawc.target}\n@inner\n-o 'my program'")
    assert pawc("@flags").returncode == 0
    assert pawbin.load(pawc.read("my program")).name == "triage"
    (pawc.folder / "@odd.paw").write_text("Say yes or no.\n")
    assert b"Say yes or no." in pawc("-E", "@odd.paw").stdout.replace(
        b"@odd.paw", b""
    )  # its words are no flags
    (pawc.folder / "round").write_text("@round")
    done = pawc("@round")
    assert done.returncode == 2 and b"Error: @round is one response file too many" in done.stderr
    assert b"cannot read @missing: No such file" in pawc("-E", "@missing").stderr


def test_several_processes_change_nothing(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    (pawc.folder / "again.paw").write_text(
        "Say yes or no.\n\nInput: a\nOutput: yes\n\nInput: a\nOutput: yes\n"
    )
    seen = []
    for jobs in ("1", "3"):
        out = f"by{jobs}/"  # the numbers of pytest's folders may end as these do
        (pawc.folder / out).mkdir()
        inputs = ["triage.paw", "bad.paw", "again.paw", "missing.paw", "sub/s.paw"]
        done = pawc.compile("--no-cache", "-Wall", "-j", jobs, "-MD", "-o", out, *inputs)
        made = sorted((pawc.folder / out).iterdir())
        texts = [path.read_bytes().replace(out.encode(), b"") for path in made if path.suffix == ".d"]
        programs = [path.read_bytes() for path in made if path.suffix == ".pawbin"]
        seen.append(
            (done.returncode, done.stdout, done.stderr, [path.name for path in made], texts, programs)
        )
    assert seen[0] == seen[1]
    assert seen[0][0] == 2 and seen[0][3] == [
        f"{n}.{x}" for n in ("again", "s", "triage") for x in ("d", "pawbin")
    ]


def workers(pid: int) -> list[int]:
    """The processes of a pool that a process has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("end", ["interrupt", "kill a worker"])
def test_several_processes_end_together(pawc: Shell, end: str) -> None:
    os.mkfifo(pawc.folder / "first.paw")  # whoever opens them waits for a writer for ever
    os.mkfifo(pawc.folder / "second.paw")
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "pawc", "-E", "-j2", "first.paw", "second.paw", "-o", "sub"]
    process = subprocess.Popen(
        command, cwd=pawc.folder, env=path, stderr=subprocess.PIPE, start_new_session=True
    )
    until = time.monotonic() + 120
    while len(workers(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    if end == "interrupt":
        time.sleep(1)  # the signal is of no use before they have been started
        os.killpg(process.pid, signal.SIGINT)
    else:
        os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    expected = (130, b"") if end == "interrupt" else (2, b"pawc: error: a compiling process died\n")
    assert (process.returncode, said.partition(b"hint:")[0]) == expected


def test_errors_are_enough(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    for jobs in ("-j1", "-j2"):
        done = pawc.compile("-fmax-errors=1", jobs, "-O0", "bad.paw", "triage.paw")
        assert done.returncode == 1 and "triage.pawbin" not in pawc.files()
        assert done.stderr.decode().splitlines()[-1] == (
            "pawc: note: stopped after an error, as -fmax-errors asks"
        )


def test_documents_of_a_run(pawc: Shell) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    done = pawc.compile("-fdiagnostics-format=json", "-O0", "bad.paw", "missing.paw", "triage.paw")
    first, second = json.loads(done.stderr)
    assert (first["message"], first["hint"]) == ("unknown key label", "did you mean labels?")
    assert second["locations"] == [] and done.returncode == 2
    done = pawc.compile("-fdiagnostics-format=sarif", "-O0", "bad.paw")
    (result,) = json.loads(done.stderr)["runs"][0]["results"]
    assert (done.returncode, result["ruleId"]) == (1, "paw-unknown-key")
    assert json.loads(pawc.compile("-fdiagnostics-format=json", "-O0", "triage.paw").stderr) == []


#: What the reader finds in the prose is an entry of its own.
OPEN = "-fno-infer-labels"


def stats(pawc: Shell) -> dict[str, int]:
    done = pawc("--cache-stats")
    pairs = [line.split("\t") for line in done.stdout.decode().splitlines()]
    return {name: int(value) for name, value in pairs if name != "folder"}


def test_the_cache_gives_the_same_bytes(pawc: Shell) -> None:
    (pawc.folder / "again.paw").write_text(
        "Say yes or no.\n\nInput: a\nOutput: yes\n\nInput: a\nOutput: yes\n"
    )
    runs = [pawc.compile(OPEN, "again.paw", *flags) for flags in ([], [], ["--no-cache"])]
    assert len({(run.returncode, run.stderr) for run in runs}) == 1  # warnings too
    assert b"[-Wduplicate-example]" in runs[0].stderr
    made = pawc.read("again.pawbin")
    assert b"taken from the compile cache" in pawc.compile(OPEN, "-v", "again.paw").stderr
    assert pawc.read("again.pawbin") == made
    found = stats(pawc)
    assert (found["entries"], found["hits"], found["misses"]) == (1, 2, 1)
    assert len(made) < found["bytes"] < len(made) + 200


def test_what_determines_the_bytes_is_in_the_key(pawc: Shell) -> None:
    variants = [[], ["-O0"], ["--quant", "q8_0"], ["--shebang"], ["-c"], ["-fno-infer-labels"]]
    made = []
    for flags in variants:
        assert pawc.compile(*flags, "triage.paw", "-o", "x").returncode == 0
        made.append(pawc.read("x"))
    shutil.copytree(pawc.target.parent, pawc.folder / "other")
    other = pawc.folder / "other" / "target.toml"
    other.write_text(other.read_text().replace("tiny-0", "tiny-1"))
    assert pawc("--target", str(other), "triage.paw", "-o", "x").returncode == 0
    made.append(pawc.read("x"))
    (pawc.folder / "copy.paw").write_text(TRIAGE)
    assert pawc.compile("copy.paw", "-o", "x").returncode == 0
    made.append(pawc.read("x"))
    assert len(set(made)) == len(made)
    assert (
        stats(pawc)["hits"] == 6
    )  # the labels that the prose names, of all but the first and -fno-infer-labels


def test_a_damaged_entry_is_made_again(pawc: Shell) -> None:
    pawc.compile(OPEN, "-O0", "triage.paw")
    made = pawc.read("triage.pawbin")
    (entry,) = (path for path in pawc.cache.iterdir() if len(path.name) == 64)
    whole = entry.read_bytes()
    for damaged in (
        whole[:-1],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        b"",
        whole.replace(b"paw-cache", b"paw-cachE"),
    ):
        entry.write_bytes(damaged)
        done = pawc.compile(OPEN, "-O0", "-v", "triage.paw")
        assert done.returncode == 0 and b"is damaged, and is made again" in done.stderr
        assert pawc.read("triage.pawbin") == made and entry.read_bytes() == whole
    assert stats(pawc)["damaged"] == 4


def test_the_cache_is_bounded(pawc: Shell) -> None:
    sizes = {}
    for flags in (["-O0"], ["-O0", "--shebang"]):
        pawc.compile(OPEN, *flags, "triage.paw", "-o", "x")
        sizes[len(flags)] = stats(pawc)["bytes"]
    pawc.compile(OPEN, "-O0", "triage.paw", "-o", "x")  # so that the other is the older
    room = {"PAW_CACHE_SIZE": str(sizes[2] * 5 // 4)}
    (pawc.folder / "copy.paw").write_text(TRIAGE)
    pawc.compile(OPEN, "-O0", "copy.paw", environment=room)
    assert (stats(pawc)["entries"], stats(pawc)["evictions"]) == (2, 1)
    assert b"taken from" in pawc.compile(OPEN, "-v", "-O0", "triage.paw", "-o", "x").stderr
    assert b"taken from" not in pawc.compile(OPEN, "-v", "-O0", "--shebang", "triage.paw", "-o", "x").stderr
    pawc.compile(OPEN, "-O0", "copy.paw", "--shebang", environment={"PAW_CACHE_SIZE": "1k"})
    done = pawc("--cache-stats", environment={"PAW_CACHE_SIZE": "2M"})
    assert b"limit\t2097152\n" in done.stdout
    done = pawc.compile(OPEN, "-O0", "triage.paw", environment={"PAW_CACHE_SIZE": "lots"})
    assert done.returncode == 2 and b"PAW_CACHE_SIZE is no size: 'lots'" in done.stderr


def test_processes_share_the_cache(pawc: Shell) -> None:
    """Many at once make one entry, whole, and count every look."""
    path = os.pathsep.join(filter(None, sys.path))
    settings = {**os.environ, "PYTHONPATH": path, "PAW_CACHE_DIR": str(pawc.cache)}
    command = [sys.executable, "-m", "pawc", OPEN, "-O0", "--target", str(pawc.target), "triage.paw", "-o"]
    running = [subprocess.Popen([*command, f"{n}.out"], cwd=pawc.folder, env=settings) for n in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert len({pawc.read(f"{n}.out") for n in range(4)}) == 1
    found = stats(pawc)
    assert found["entries"] == 1 and found["hits"] + found["misses"] == 4
    assert sorted(len(path.name) for path in pawc.cache.iterdir()) == [6, 64]


def test_a_folder_that_cannot_be_used_does_no_harm(pawc: Shell) -> None:
    (pawc.folder / "file").write_text("")
    nowhere = {"PAW_CACHE_DIR": str(pawc.folder / "file" / "cache")}
    done = pawc.compile("-O0", "triage.paw", environment=nowhere)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (
        b"the compile cache cannot be" in pawc.compile("-O0", "-v", "triage.paw", environment=nowhere).stderr
    )
    assert b"entries\t0\n" in pawc("--cache-stats", environment=nowhere).stdout


def test_bytes_are_the_same_wherever_and_whenever(
    pawc: Shell, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two folders, twice each; other locales, time zones, clocks, hash seeds and file times."""
    other = Shell(tmp_path_factory.mktemp("elsewhere"), pawc.target)
    shutil.copytree(pawc.folder / "sub", other.folder / "sub")
    os.utime(other.folder / "sub" / "s.paw", (1, 1))
    clock = tmp_path_factory.mktemp("clock")
    (clock / "sitecustomize.py").write_text(
        "import time\nreal = time.time\n"
        "time.time = lambda: real() + 4e8\ntime.time_ns = lambda: int(time.time() * 1e9)\n"
    )
    path = os.pathsep.join(filter(None, sys.path))
    here = {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}
    there = {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"}
    there["PYTHONPATH"] = os.pathsep.join([str(clock), path])
    made = set()
    for shell, environment in ((pawc, here), (other, there)):
        for flags in (["--no-cache"], ["--no-cache"], [], []):
            assert shell.compile(*flags, "-o", "x", "sub/s.paw", environment=environment).returncode == 0
            made.add(shell.read("x"))
    assert len(made) == 1


@pytest.mark.parametrize(
    "source",
    [TRIAGE, "Give the plural.\n\nInput: ox\nOutput: oxen\n", '+++\nname = "n"\n+++\nSay yes or no.\n'],
)
def test_a_normalised_source_is_the_same_program(pawc: Shell, source: str) -> None:
    (pawc.folder / "some thing.paw").write_text(source)
    shown = pawc("-E", "some thing.paw").stdout
    assert pawc.compile("-O0", "-", "-o", "piped", stdin=shown).returncode == 0
    assert pawc.compile("-O0", "some thing.paw", "-o", "direct").returncode == 0
    assert pawc.read("piped") == pawc.read("direct")


def test_where_things_are_found(pawc: Shell) -> None:
    path = {"PAW_TARGET_PATH": "/t", "PAW_BASE_PATH": str(pawc.target.parent)}
    lines = pawc("--print-search-dirs", environment=path).stdout.decode().splitlines()
    assert lines[0] == "targets\t/t" and f"bases\t{pawc.target.parent}" in lines
    assert [line.partition("\t")[0] for line in lines] == sorted(
        (line.partition("\t")[0] for line in lines), reverse=True
    )
    base = pawc("--print-base", "--target", str(pawc.target), environment=path)
    assert base.stdout.decode() == f"{pawc.target.with_name('base.gguf')}\n"
    lost = pawc("--print-base", "--target", str(pawc.target), environment={"PAW_BASE_PATH": ""})
    assert lost.returncode == 2 and b"is not at hand" in lost.stderr
    assert {Path(line).name for line in pawc("--print-base").stdout.decode().split()} == {
        "mini.gguf",
        "nano.gguf",
    }


def test_a_prompt_over_the_budget(pawc: Shell) -> None:
    (pawc.folder / "long.paw").write_text("Say yes or no. " + "Because. " * 40 + "\n")
    for _ in range(2):  # counted, and from the cache
        done = pawc.compile("-O0", "long.paw")
        assert done.returncode == 0 and b"long.paw:1:1: warning: the prompt takes " in done.stderr
        assert b" of the 512 tokens that " in done.stderr and b"[-Wprompt-budget]" in done.stderr
    assert pawc.compile("-O0", "--prompt-budget", "500", "long.paw").stderr == b""
    shutil.copy(pawc.target, pawc.folder / "alone.toml")
    done = pawc("--no-cache", "-O0", "-v", "--target", "./alone.toml", "long.paw")
    assert (
        done.returncode == 0 and b"the tokens of the prompt could not be counted: cannot read" in done.stderr
    )
    assert b"[-Wprompt-budget]" in pawc.compile("-O0", "--prompt-budget", "10", "triage.paw").stderr


def test_text_that_an_encoder_cuts(pawc: Shell, label_target: Path) -> None:
    (pawc.folder / "cut.paw").write_text(f"Say yes or no.\n\nInput: {'disk full ' * 40}\nOutput: yes\n")
    done = pawc("--target", str(label_target), "cut.paw")
    assert done.returncode == 0
    assert b"cut.paw:3:1: warning: the input of this example takes " in done.stderr
    assert b" tokens, and tiny-label reads 64 [-Wprompt-budget]" in done.stderr


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
def test_a_standard_error_that_takes_nothing(pawc: Shell, closed: str) -> None:
    (pawc.folder / "bad.paw").write_text(BAD)
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    script = f"{sys.executable} -m pawc -v -E triage.paw bad.paw {closed}"
    done = subprocess.run(["sh", "-c", script], cwd=pawc.folder, env=path, capture_output=True, check=False)
    assert done.returncode == 1 and done.stdout.startswith(b"+++\nname") and done.stderr == b""


BROKEN = [
    b"",
    b"\n\n",
    b"\xff\xfe",
    b"\0",
    b"a\rb",
    b"+++",
    b"+++\n+++",
    b"+++\n[[[\n+++\nx",
    b"Input: a",
    b"Output: a",
    b"+++\nlabels = [1]\n+++\nSay a.",
    b"+++\nlabels = []\n+++\nSay a.",
    b"+++\nexamples = 'none.tsv'\n+++\nSay a.",
    b"+++\n[output]\nregex = '(('\n+++\nSay a.",
    b"+++\n[output]\njson_schema = '[[['\n+++\nSay a.",
    b"+++\n[output]\njson_schema = {type = 1}\n+++\nSay a.",
    b"+++\na = " + b"[" * 5000 + b"\n+++\nx",
    b"+++ tests\nInput: a\nOutput: b",
    b'+++\nname = "\xc2\x85"\n+++\nx',
    b"+++\nn\xe2\x80\xa8 = 1\n+++\nSay a.",
]


def test_no_input_gives_a_traceback(pawc: Shell) -> None:
    names = []
    for number, source in enumerate(BROKEN):
        names.append(f"b{number}.paw")
        (pawc.folder / names[-1]).write_bytes(source)
    names += ["sub", "missing.paw", "x" * 300]
    done = pawc("-Wall", "-Wextra", "-fsyntax-only", *names)
    said = done.stderr.decode()
    assert done.returncode == 2 and "Traceback" not in said
    for name in names:
        assert any(name in line and " error: " in line for line in said.splitlines()), name
