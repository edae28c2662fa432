"""Build the llama-cpp-python wheel once, visibly, and install it into the running interpreter's environment.

The package index carries source only. A stock build crashes on AMX processors with quantised models
(gcc 12 drops most of the tile configuration), so AMX is left out on x86-64. The wheel is made for this
processor (-march=native): the cache key covers the processor's flags, the compiler and CMAKE_ARGS.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PACKAGE = "llama-cpp-python==0.3.36"
STEP = re.compile(r"\[(\d+)/(\d+)\]")


def cmake_args() -> str:
    """CMAKE_ARGS of the build: the user's, after ours."""
    ours = ["-DLLAVA_BUILD=OFF"]  # images are not used here; a third of the build time
    if platform.machine() in ("x86_64", "AMD64"):
        flags = "-mno-amx-tile\\ -mno-amx-int8\\ -mno-amx-bf16"
        ours += [f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}"]
    return " ".join([*ours, os.environ.get("CMAKE_ARGS", "")]).strip()


def cache_folder() -> Path:
    """Where the wheel for exactly this machine and these flags is kept."""
    try:
        cpu = next(
            line
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith(("flags", "Features"))
        )
    except (OSError, StopIteration):
        cpu = platform.processor()
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True, check=False).stdout
    key = hashlib.sha256("\n".join([PACKAGE, cpu, compiler, cmake_args()]).encode()).hexdigest()[:16]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "paw" / "wheels" / key


def build(folder: Path) -> Path:
    """Build the wheel into `folder`, showing its steps; the log stays there when it fails."""
    log = folder / "build.log"
    terminal, began, told = sys.stderr.isatty(), time.monotonic(), 0.0
    print(
        f"building llama.cpp for this machine, once, about 5 minutes (log: {log})",
        file=sys.stderr,
        flush=True,
    )
    with tempfile.TemporaryDirectory(dir=folder) as scratch, log.open("w") as record:
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-cache-dir",
            "-v",
            "-w",
            scratch,
            PACKAGE,
        ]
        environment = os.environ | {"CMAKE_ARGS": cmake_args()}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        assert process.stdout is not None
        for line in process.stdout:
            record.write(line)
            step, now = STEP.search(line), time.monotonic()
            if step and now - told > (0.2 if terminal else 20):
                told, spent = now, int(now - began)
                text = f"building llama.cpp: {step[1]}/{step[2]} ({spent // 60}m{spent % 60:02d}s)"
                print(text, end="\r" if terminal else "\n", file=sys.stderr, flush=True)
        if process.wait() != 0:
            record.flush()
            tail = "".join(log.read_text().splitlines(keepends=True)[-20:])
            sys.exit(
                f"{tail}\nllama.cpp did not build; the log is {log}\nis there a C++ compiler?"
            )
        (built,) = Path(scratch).glob("*.whl")
        built.rename(folder / built.name)
    return folder / built.name


def main() -> None:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds at once would take twice as long each
        wheel = next(iter(folder.glob("*.whl")), None) or build(folder)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", str(wheel)], check=True)


if __name__ == "__main__":
    main()
