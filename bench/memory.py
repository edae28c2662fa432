"""Memory of one `pawrun` over a long stream: every record answered once, in order, and nothing kept.

`python bench/memory.py` compiles the triage example and sends 200,000 different records through one process,
without the memo (whose 32 MiB fill up first), and prints its resident memory after the first thousand and
from then on. `--target` takes another target, such as a small one. Writes bench/results/memory-DATE.json.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from run import LINES, SOURCE, results, write  # beside this file

ROOT = Path(__file__).parents[1]
FIRST = 1000


def resident(pid: int) -> int:
    """Bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return 1024 * int(line.split()[1])
    raise RuntimeError("the process has no memory")


def record(number: int) -> bytes:
    return b"%d %b" % (number, LINES[number % len(LINES)])


def send(pipe: IO[bytes], count: int) -> None:
    for number in range(count):
        pipe.write(record(number))
    pipe.close()


def measure(program: Path, base: str | None, count: int) -> dict[str, object]:
    """Raises RuntimeError if an answer is missing or out of order."""
    options = ["--base", base] if base else []
    command = [
        sys.executable,
        "-m",
        "pawrun",
        "--no-memo",
        "--with-input",
        "--overflow",
        "tail",
        *options,
        str(program),
    ]
    samples: list[int] = []
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        writer = threading.Thread(target=send, args=(process.stdin, count))
        writer.start()
        for number, line in enumerate(process.stdout):
            if line.rpartition(b"\t")[0] != record(number).rstrip(b"\n"):
                raise RuntimeError(f"answer {number} stands behind another record")
            if number >= FIRST and number % (count // 100) == 0:
                samples.append(resident(process.pid))
        writer.join()
    if number + 1 != count or process.returncode:
        raise RuntimeError(f"{number + 1} answers to {count} records, status {process.returncode}")
    took = time.perf_counter() - began
    swing = max(abs(one / samples[0] - 1) for one in samples)
    return {"records": count, "seconds": took, "first_bytes": samples[0], "swing": swing, "bytes": samples}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--target", default="mini", help="a name or a target file")
    parser.add_argument("--base", help="as pawrun's")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "triage.pawbin"
        command = [
            sys.executable,
            "-m",
            "pawc",
            "--target",
            arguments.target,
            str(SOURCE),
            "-o",
            str(program),
        ]
        subprocess.run(command, check=True)
        found = measure(program, arguments.base, arguments.records)
    print(
        f"{found['records']} records in {found['seconds']:.0f} s; after {FIRST} "
        f"{found['first_bytes']} bytes, from then on at most {100 * float(str(found['swing'])):.2f} % away"
    )
    result = results("llama-cpp-python") | {"target": Path(arguments.target).name} | found
    write(arguments.out, f"memory-{result['date']}", result)


if __name__ == "__main__":
    main()
