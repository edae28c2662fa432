"""What one answer through a server costs, process start included, beside the ways to get it without.

`python bench/via.py` compiles the triage example, serves it, and prints milliseconds. Rounds alternate
between the commands. Only the ratios within one run mean something: machines are shared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "examples" / "triage" / "triage.paw"
ROUNDS = 20


def milliseconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, input=b"x\n", stdout=subprocess.DEVNULL, check=True)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        program, path = os.path.join(folder, "triage.pawbin"), os.path.join(folder, "s")
        subprocess.run([sys.executable, "-m", "pawc", str(SOURCE), "-o", program], check=True)
        with subprocess.Popen([sys.executable, "-m", "pawrun", "--serve", path, program]) as server:
            while not os.path.exists(f"{path}.start"):
                if server.poll() is not None:
                    sys.exit("the server did not start")
                time.sleep(0.05)
            ordinary = "from pawrun.cli import main; main()"
            commands = {
                "python alone": [sys.executable, "-c", "pass"],
                "pawrun --via": [sys.executable, "-m", "pawrun", "--via", path, program],
                "the same without the starter": [sys.executable, "-c", ordinary, "--via", path, program],
                "pawrun": [sys.executable, "-m", "pawrun", program],
            }
            took: dict[str, list[float]] = {name: [] for name in commands}
            for _ in range(ROUNDS):
                for name, command in commands.items():
                    took[name].append(milliseconds(command))
            server.terminate()
    for name, times in took.items():
        print(f"{name:30} median {statistics.median(times):6.1f} ms, least {min(times):6.1f} ms")


if __name__ == "__main__":
    main()
