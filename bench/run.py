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


def results(*packages: str) -> dict[str, object]:
    """What results of a run begin with: when and on what, and the versions of packages."""
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cpus": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "versions": {name: version(name) for name in packages},
    }


def write(out: Path, name: str, result: dict[str, object]) -> None:
    """Keep results as NAME.json in a folder, and say so."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path}")


def measure(folder: Path, variants: dict[str, list[str]]) -> dict[str, list[float]]:
    """Seconds of each command in each round; a variant is a name and what pawc is given for it."""
    pawc, pawrun = ([sys.executable, "-m", name] for name in ("pawc", "pawrun"))
    stream = b"".join(LINES[n % len(LINES)] for n in range(RECORDS))
    compiles: dict[str, list[str]] = {}
    runs: dict[str, tuple[list[str], bytes]] = {"pawrun --help": ([*pawrun, "--help"], b"")}
    for name, options in variants.items():
        program = str(folder / f"{len(compiles)}.pawbin")
        compiles[f"compile, {name}"] = [*pawc, "--no-cache", str(SOURCE), *options, "-o", program]
        compiles[f"compile again, {name}"] = [*pawc, str(SOURCE), *options, "-o", program]
        runs[f"first answer, {name}"] = ([*pawrun, program], LINES[0])
        runs[f"stream, {name}"] = ([*pawrun, "--no-memo", program], stream)  # which repeats its lines
        runs[f"stream alone, {name}"] = ([*pawrun, "--no-memo", "--deterministic", program], stream)
    warm = next(iter(runs[key] for key in runs if key.startswith("first answer")))
    taken: dict[str, list[float]] = {name: [] for name in (*compiles, *runs)}
    for number in range(ROUNDS):
        for name, command in compiles.items():
            taken[name].append(seconds(command))
        if number == 0:  # the self-test of a new build of llama.cpp, and cold files
            seconds(*warm)
        for name, (command, given) in runs.items():
            taken[name].append(seconds(command, given))
    return taken


def show(taken: dict[str, list[float]]) -> None:
    for name, times in taken.items():
        middle, rate = statistics.median(times), ""
        kind, _, variant = name.partition(", ")
        if kind.startswith("stream"):
            start = statistics.median(taken[f"first answer, {variant}"])
            rate = f"{(RECORDS - 1) / (middle - start):8.1f} records/s"
        print(f"{name:28} {middle:7.2f} s  (least {min(times):.2f}, most {max(times):.2f}) {rate}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", help="a name or a target file; by default mini and nano")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    variants = {
        "mini": ["--target", "mini"],
        "nano -O1": ["--target", "nano"],
        "nano -O0": ["--target", "nano", "-O0"],
    }
    if arguments.target:
        variants = {"-O1": ["--target", arguments.target]}
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(Path(folder), variants)
    show(taken)
    result = results("paw-toolchain", "llama-cpp-python")
    result |= {"target": arguments.target or "mini, nano", "records": RECORDS, "seconds": taken}
    write(arguments.out, f"{result['date']}-{platform.node()}", result)


if __name__ == "__main__":
    main()
