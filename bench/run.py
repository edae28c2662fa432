"""Speed of both commands on this machine, side by side in one run; raw numbers are kept.

`python bench/run.py` compiles the triage example, times it, prints a table and writes
bench/results/DATE-HOST.json. Only the ratios within one run mean something: machines are shared.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "examples" / "triage" / "triage.paw"
LINES = (ROOT / "examples" / "triage" / "app.log").read_bytes().splitlines(keepends=True)

#: What stream throughput is measured over, and how often each command is timed; rounds alternate
#: between the commands, so that a busy minute hits all of them.
RECORDS = 400
ROUNDS = 3


def seconds(command: list[str], given: bytes = b"") -> float:
    began = time.perf_counter()
    subprocess.run(command, input=given, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def measure(folder: Path, target: list[str]) -> dict[str, list[float]]:
    """Seconds of each command in each round."""
    pawc, pawrun = ([sys.executable, "-m", name] for name in ("pawc", "pawrun"))
    programs = {level: str(folder / f"{level}.pawbin") for level in ("O0", "O1")}
    compiles = {
        f"compile -{level}": [*pawc, str(SOURCE), f"-{level}", "-o", path, *target]
        for level, path in programs.items()
    }
    stream = b"".join(LINES[n % len(LINES)] for n in range(RECORDS))
    runs = {
        "pawrun --help": ([*pawrun, "--help"], b""),
        "first answer": ([*pawrun, programs["O1"]], LINES[0]),
        "stream": ([*pawrun, programs["O1"]], stream),
        "stream --deterministic": ([*pawrun, "--deterministic", programs["O1"]], stream),
        "stream, compiled at -O0": ([*pawrun, programs["O0"]], stream),
    }
    taken: dict[str, list[float]] = {name: [] for name in (*compiles, *runs)}
    for number in range(ROUNDS):
        for name, command in compiles.items():
            taken[name].append(seconds(command))
        if number == 0:  # the self-test of a new build of llama.cpp, and cold files
            seconds([*pawrun, programs["O1"]], LINES[0])
        for name, (command, given) in runs.items():
            taken[name].append(seconds(command, given))
    return taken


def show(taken: dict[str, list[float]]) -> None:
    start = statistics.median(taken["first answer"])
    for name, times in taken.items():
        middle = statistics.median(times)
        rate = f"{(RECORDS - 1) / (middle - start):8.1f} records/s" if name.startswith("stream") else ""
        print(f"{name:26} {middle:7.2f} s  (least {min(times):.2f}, most {max(times):.2f}) {rate}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", help="a name or a target file; the default is pawc's own")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    target = ["--target", arguments.target] if arguments.target else []
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(Path(folder), target)
    show(taken)
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "processor": processor(),
        "cpus": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "versions": {name: version(name) for name in ("paw-toolchain", "llama-cpp-python")},
        "target": arguments.target or "default",
        "records": RECORDS,
        "seconds": taken,
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / f"{today}-{platform.node()}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path}")


if __name__ == "__main__":
    main()
