"""Build the llama-cpp-python wheel once, visibly, and install it into the running interpreter's environment.

The package index carries source only, and a stock build crashes on AMX processors with quantised weights:
GCC 12 drops most of the tile configuration (llama.cpp issue 20824). A header that is included before all
else mends that; where it can't be, AMX is left out. The wheel is made for this processor (-march=native) and
kept in $XDG_CACHE_HOME/paw/wheels/<key>/, where the key covers what it depends on.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")

#: GCC's own _tile_loadconfig tells the optimiser of 8 of the 64 bytes that the instruction reads, and so the
#: stores to the others are dropped as dead.
TILES = """\
#ifdef __AMX_TILE__
#include <immintrin.h>
static inline void paw_tile_loadconfig(const void *config) {
    __asm__ volatile("ldtilecfg %0" : : "m"(*(const char(*)[64])config));
}
#define _tile_loadconfig paw_tile_loadconfig
#endif
"""

#: What ninja (`[7/140]`) and make (`[ 41%]`) print before each step.
STEP = re.compile(r"^\s*\[\s*(\d+)(?:/(\d+)|%)\]")

#: One compiler process of llama.cpp needs up to about this much memory, in bytes.
JOB_MEMORY = 1 << 30

TICK_S = 0.5
LOG_TICK_S = 20.0


def requirement(pyproject: Path) -> str:
    """The pinned requirement, such as `llama-cpp-python==0.3.36`: pyproject.toml is where it is written."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    (found,) = (line for line in project["dependencies"] if line.startswith("llama-cpp-python=="))
    return str(found)


def compiler(variable: str, names: tuple[str, ...]) -> list[str]:
    """The command that CMake will choose: `variable` of the environment, else the first name on the PATH."""
    chosen = shlex.split(os.environ.get(variable, ""))
    if chosen and shutil.which(chosen[0]):
        return chosen
    if not chosen:
        for name in names:
            if path := shutil.which(name):
                return [path]
    sought = chosen[0] if chosen else ", ".join(names)
    sys.exit(
        f"error: llama.cpp must be compiled, and there is no {sought}\n"
        "hint: install gcc and g++, or clang (Debian and Ubuntu: apt install build-essential)"
    )


def takes(command: list[str], flags: Sequence[str], language: str) -> bool:
    """Whether the compiler accepts the flags, for this processor."""
    probe = [*command, "-Werror", "-march=native", *flags, "-x", language, "-c", os.devnull, "-o", os.devnull]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def amx_flags(c: list[str], cxx: list[str], tiles: Path) -> dict[str, list[str]]:
    """By language, what makes the compilers' AMX kernels right, or leaves them out. None of either is for
    compilers that build no AMX kernels."""
    if takes(cxx, ["-include", str(tiles)], "c++"):
        return {"CXX": ["-include", str(tiles)]}
    if takes(c, NO_AMX, "c") and takes(cxx, NO_AMX, "c++"):
        return {"C": list(NO_AMX), "CXX": list(NO_AMX)}
    return {}


def cmake_args(environment: Mapping[str, str], flags: Mapping[str, list[str]]) -> str:
    """CMAKE_ARGS for the build, with more flags by language. The user's own come last, so that they win."""
    args = ["-DLLAVA_BUILD=OFF"]  # image input, a third of the build, is not used here
    for language, more in flags.items():
        together = f"{environment.get(f'{language}FLAGS', '')} {shlex.join(more)}".strip()
        args.append(f"-DCMAKE_{language}_FLAGS={together}")
    return f"{shlex.join(args)} {environment.get('CMAKE_ARGS', '')}".strip()


def processor() -> str:
    """The instruction sets of this machine, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    features = (line for line in lines if line.lower().startswith(("flags", "features")))
    return f"{platform.machine()} {next(features, platform.processor())}"


def memory() -> int:
    """Bytes that a build may use: what is available, or the control group's limit where that is lower."""
    limits = [JOB_MEMORY * 1024]
    try:
        meminfo = Path("/proc/meminfo").read_text()
        limits.append(int(re.findall(r"MemAvailable:\s+(\d+)", meminfo)[0]) * 1024)
        limits.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError, IndexError):  # "max", or a system without that file
        pass
    return min(limits)


def jobs() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, memory() // JOB_MEMORY))


class Progress:
    """What the build is at: a line that stays in place on a terminal, a line now and then in a log."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.stage = "downloading its source"
        self.terminal = sys.stderr.isatty()
        self._told = self.began

    def note(self, line: str) -> None:
        """Learn from a line of pip's output."""
        if step := STEP.match(line):
            self.stage = f"{step[1]}/{step[2]}" if step[2] else f"{step[1]} %"
        elif "Installing build dependencies: started" in line:
            self.stage = "fetching build tools"
        elif "Configuring CMake" in line:
            self.stage = "configuring"

    def tell(self) -> None:
        now = time.monotonic()
        if now - self._told < (TICK_S if self.terminal else LOG_TICK_S):
            return
        self._told, spent = now, int(now - self.began)
        text = f"building llama.cpp: {self.stage} ({spent // 60}m{spent % 60:02d}s)"
        shown = f"\r\033[K{text}" if self.terminal else f"{text}\n"
        print(shown, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def run_logged(command: list[str], environment: Mapping[str, str], log: Path) -> int:
    """Run `command` with its output in `log`, telling progress; its exit status.

    It gets a process group of its own, which is killed if this process is interrupted: a compiler that
    outlives its `make` would keep the machine busy for minutes.
    """
    progress = Progress()
    with log.open("wb") as record, log.open(encoding="utf-8", errors="replace") as told:
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            command, stdin=nothing, stdout=record, stderr=record, env=environment, start_new_session=True
        )
        try:
            while process.poll() is None:
                time.sleep(TICK_S)
                for line in told:
                    progress.note(line)
                progress.tell()
            return process.returncode
        finally:
            progress.end()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)  # on which ninja stops its compilers
                process.wait()


def explain(log: Path) -> str:
    """The last lines of a failed build, and what may be done about it."""
    text = log.read_text(encoding="utf-8", errors="replace")
    tail = "\n".join(line[:200] for line in text.splitlines()[-15:])
    hint = "the reason is usually above the last lines of the log"
    if "Killed" in text or "out of memory" in text:
        hint = "memory ran out: CMAKE_BUILD_PARALLEL_LEVEL=1 make … compiles one file at a time"
    elif "No space left on device" in text:
        hint = "the disk is full; TMPDIR may name another place for the build"
    elif "Could not find a version" in text or "Connection" in text:
        hint = "the Python package index could not be reached"
    elif "CMAKE_CXX_COMPILER" in text:
        hint = "CMake found no working C++ compiler (Debian and Ubuntu: apt install build-essential)"
    return f"{tail}\n\nerror: llama.cpp could not be built\nhint: {hint}\nhint: the whole log is {log}"


def build(wanted: str, args: str, folder: Path) -> Path:
    """Build the wheel of `wanted` into `folder`, where it appears only when it is complete."""
    log = folder / "build.log"
    print("building llama.cpp for this processor, once: 3 to 10 minutes", file=sys.stderr)
    print(f"its log is {log}", file=sys.stderr, flush=True)
    environment = {"CMAKE_BUILD_PARALLEL_LEVEL": str(jobs())} | os.environ | {"CMAKE_ARGS": args}
    with tempfile.TemporaryDirectory(dir=folder, prefix="unfinished-") as scratch:
        # pip's own cache may hold a wheel that was built with other flags, or on another machine.
        pip = [sys.executable, "-m", "pip", "wheel", "-v", "--no-cache-dir", "--no-deps"]
        pip += ["--no-binary", "llama-cpp-python", "--wheel-dir", scratch, wanted]
        if run_logged(pip, environment, log) != 0:
            sys.exit(explain(log))
        (built,) = Path(scratch).glob("*.whl")
        return built.rename(folder / built.name)


def header(folder: Path) -> Path:
    """TILES as a file there; another process may be compiling with it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiles.h"
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
        file.write(TILES)
    Path(file.name).chmod(0o644)
    return Path(file.name).replace(path)


def wheel(wanted: str) -> Path:
    """The wheel for this machine, from the cache or built now."""
    c, cxx = compiler("CC", ("cc", "gcc", "clang")), compiler("CXX", ("c++", "g++", "clang++"))
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "paw" / "wheels"
    tiles = header(cache)
    args = cmake_args(os.environ, amx_flags(c, cxx, tiles))
    depends_on = [wanted, args, TILES, processor(), *platform.libc_ver()]
    for command in (c, cxx):
        told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
        depends_on.append(told.stdout)
    key = hashlib.sha256("\n".join(depends_on).encode()).hexdigest()
    folder = cache / key[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another process is building llama.cpp; waiting for it", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        return next(iter(sorted(folder.glob("*.whl"))), None) or build(wanted, args, folder)


def installed(wanted: str) -> bool:
    name, _, version = wanted.partition("==")
    try:
        return importlib.metadata.version(name) == version
    except importlib.metadata.PackageNotFoundError:
        return False


def stop(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    wanted = requirement(ROOT / "pyproject.toml")
    if installed(wanted):
        return
    path = wheel(wanted)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", str(path)], check=True)
    trial = [sys.executable, "-c", "import llama_cpp"]
    loads = subprocess.run(trial, capture_output=True, text=True, check=False)
    if loads.returncode != 0:
        path.unlink()
        sys.exit(f"{loads.stderr}\nerror: the wheel of llama.cpp does not load; it was deleted, so try again")


if __name__ == "__main__":
    main()
