"""A command for some answers: run beside the stream, the record on its standard input, never waited for."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from .stderr import say

if TYPE_CHECKING:
    from .answers import Answer

#: Seconds that commands may go on when the stream has ended, and after they were asked to end.
_PATIENCE, _MERCY = 10.0, 1.0
_MINUTE = 60.0


class Hook:
    """Runs `command` in a shell for each answer among `answers`. Of more than `rate` in a minute, or while
    `rate` of them still run, the others are left out. Close it."""

    def __init__(self, command: str, answers: Collection[str], rate: int, quiet: bool = False) -> None:
        self.command, self.answers, self.rate, self.quiet = command, answers, rate, quiet
        self.runs = self.failed = self.left_out = 0
        self._started: deque[float] = deque(maxlen=rate)
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = Lock()

    def offer(self, record: bytes, answer: Answer) -> None:
        """Run the command on this record, if its answer asks for it and the rate permits. Returns at once."""
        if answer.error is not None or answer.text not in self.answers:
            return
        now = time.monotonic()
        full = len(self._started) == self.rate and now - self._started[0] < _MINUTE
        if full or len(self._running) >= self.rate:
            if not self.left_out:
                self._tell(
                    f"more than {self.rate} runs in a minute, or still running: the others are left out"
                )
            self.left_out += 1
            return
        self._started.append(now)
        self.runs += 1
        self._run(record, answer)

    def _run(self, record: bytes, answer: Answer) -> None:
        score = "" if answer.score is None else f"{answer.score:.4f}"
        try:
            # A file, for a pipe would make the stream wait until the command has read it.
            with tempfile.TemporaryFile() as given:
                given.write(record)
                given.seek(0)
                process = subprocess.Popen(
                    ["/bin/sh", "-c", self.command],
                    stdin=given,
                    stdout=2,  # standard output is the answers'
                    env=os.environ | {"PAW_ANSWER": answer.text, "PAW_SCORE": score},
                    start_new_session=True,
                )
        except OSError as error:
            self.failed += 1
            self._tell(f"cannot run {self.command}: {error.strerror}")
            return
        with self._lock:
            self._running[process.pid] = process
        Thread(target=self._reap, args=(process,), daemon=True).start()

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        with self._lock:
            del self._running[process.pid]
            self.failed += status != 0
        if status:
            self._tell(f"{self.command}: {f'exit status {status}' if status > 0 else _signal(-status)}")

    def _tell(self, message: str) -> None:
        if not self.quiet:
            say(f"pawrun: --exec: {message}")

    def close(self, wake: int) -> None:
        """Wait for what still runs: 10 seconds, but no longer than until `wake` becomes readable. Then its
        process groups get SIGTERM, and a second later SIGKILL."""
        self._wait(_PATIENCE, wake)
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self._lock:
                for pid, process in self._running.items():
                    if process.poll() is None:
                        with suppress(ProcessLookupError, PermissionError):
                            os.killpg(pid, number)
            self._wait(_MERCY, None)

    def _wait(self, seconds: float, wake: int | None) -> None:
        """Until all have ended, `seconds` are over, or `wake` is readable."""
        until = time.monotonic() + seconds
        while self._running and (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([] if wake is None else [wake], [], [], min(0.02, left))
            if ready:
                return


def _signal(number: int) -> str:
    """A signal's name; most of the real-time ones have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
