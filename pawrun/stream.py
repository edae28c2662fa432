"""The loop: read what is there, answer it in one batch, write, flush; never wait while a record waits."""

from __future__ import annotations

import io
import os
import select
import signal
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pawformats.errors import PawError

from .records import Layout, Record, Splitter, parse, render

if TYPE_CHECKING:
    from types import FrameType

    from .answers import Answering

_CHUNK = 1 << 16


@dataclass
class Summary:
    """What a stream came to. `signal` is set if one ended it; `closed` if nobody reads the answers."""

    records: int = 0
    failed: int = 0
    matched: int = 0
    seconds: float = 0.0
    signal: int | None = None
    closed: bool = False


class Interrupts:
    """SIGINT and SIGTERM noted instead of obeyed; `descriptor` becomes readable. A second one kills."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self.descriptor, self._write = os.pipe()
        os.set_blocking(self._write, False)

    def _note(self, number: int, _: FrameType | None) -> None:
        self.signal = number
        signal.signal(number, signal.SIG_DFL)
        os.write(self._write, b"!")

    @contextmanager
    def caught(self) -> Iterator[None]:
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # as in the background of a script
                signal.signal(number, self._note)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self.descriptor)
            os.close(self._write)


class Source:
    """Raw records from files in turn, `-` being standard input. A file's end ends a record."""

    def __init__(self, paths: Sequence[str], separator: bytes | None, interrupts: Interrupts) -> None:
        self._paths = iter(paths)
        self._splitter = Splitter(separator)
        self._interrupts = interrupts
        self._file: io.FileIO | None = None
        self._name = ""
        self._failure: PawError | None = None

    def batch(self, limit: int) -> list[bytes]:
        """Up to `limit` records: waits for the first, then takes only what is there already. Empty at
        the end of all input, or once a signal has come. Raises PawError for an input that can't be read,
        once the records before are out."""
        if self._failure is not None:
            raise self._failure
        found: list[bytes] = []
        try:
            self._collect(found, limit)
        except PawError as error:
            if not found:
                raise
            self._failure = error
        return found

    def _collect(self, found: list[bytes], limit: int) -> None:
        while len(found) < limit and self._interrupts.signal is None:
            if (raw := self._splitter.take()) is not None:
                found.append(raw)
                continue
            if self._file is None and not self._open():
                break
            if not self._readable(wait=not found):
                break
            chunk = self._read()
            if chunk:
                self._splitter.feed(chunk)
            elif chunk is not None:
                self._close()
                if (raw := self._splitter.rest()) is not None:
                    found.append(raw)

    def _open(self) -> bool:
        path = next(self._paths, None)
        if path is None:
            return False
        self._name = _spoken(path)
        try:
            # Without waiting: a named pipe that nobody has opened yet must not hold back what was read.
            self._file = io.FileIO(0, closefd=False) if path == "-" else io.FileIO(path, opener=_open_at_once)
        except OSError as error:
            raise PawError("input-unreadable", f"cannot read {self._name}: {error.strerror}") from error
        return True

    def _readable(self, wait: bool) -> bool:
        """Whether bytes, or the end, can be read at once; with `wait`, whether that came before a signal."""
        assert self._file is not None
        file, wake = self._file.fileno(), self._interrupts.descriptor
        ready, _, _ = select.select([file, wake], [], [], None if wait else 0)
        return file in ready

    def _read(self) -> bytes | None:
        """Bytes, none at the end; None if another reader was faster."""
        assert self._file is not None
        try:
            return self._file.read(_CHUNK)
        except OSError as error:
            raise PawError("input-unreadable", f"cannot read {self._name}: {error.strerror}") from error

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def check_streams(paths: Sequence[str]) -> None:
    """Raise PawError for an input that can't be read, or that would be fed its own answers, and for a
    closed output, before anything is loaded or answered."""
    if sys.stdout is None:
        raise PawError("output-unwritable", "cannot write answers: standard output is closed")
    out = os.fstat(sys.stdout.fileno())
    for path in paths:
        if path == "-" and sys.stdin is None:
            raise PawError("input-unreadable", "cannot read standard input: it is closed")
        if stat.S_ISREG(out.st_mode) and _is_at(path, out):
            raise PawError("input-is-output", f"{_spoken(path)} is where the answers go")
        if path == "-":
            continue
        if os.path.isdir(path):
            raise PawError("input-unreadable", f"cannot read {path}: is a directory")
        if not os.access(path, os.R_OK):
            missing = "permission denied" if os.path.exists(path) else "no such file"
            raise PawError("input-unreadable", f"cannot read {path}: {missing}")


def _spoken(path: str) -> str:
    return "standard input" if path == "-" else path


def _is_at(path: str, place: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(0) if path == "-" else os.stat(path), place)
    except OSError:  # said by whoever opens it
        return False


def run(
    session: Answering,
    paths: Sequence[str],
    out: BinaryIO,
    layout: Layout,
    *,
    grep: str | None = None,
    quiet: bool = False,
) -> Summary:
    """Answer every record of the inputs, in order, onto `out`; with `grep`, copy instead the records
    whose answer it is. Failed records are told on stderr unless `quiet`."""
    summary, interrupts = Summary(), Interrupts()
    started = time.monotonic()
    with interrupts.caught():
        source = Source(paths, layout.separator, interrupts)
        while raws := source.batch(session.batch):
            written = _answer(session, [parse(raw, layout) for raw in raws], layout, grep, quiet, summary)
            try:
                out.write(written)
                out.flush()
            except BrokenPipeError:
                summary.closed = True
                break
            except OSError as error:
                raise PawError("output-unwritable", f"cannot write answers: {error.strerror}") from error
        summary.signal = interrupts.signal
    summary.seconds = time.monotonic() - started
    return summary


def _answer(
    session: Answering, batch: list[Record], layout: Layout, grep: str | None, quiet: bool, summary: Summary
) -> bytes:
    """The bytes that a batch of records writes; counts them in `summary`."""
    from .answers import Answer

    answers = iter(session.answer([record.text for record in batch if record.error is None]))
    written = []
    for record in batch:
        answer = next(answers) if record.error is None else Answer("", error=record.error)
        summary.records += 1
        if answer.error is not None:
            summary.failed += 1
            if not quiet:
                print(f"pawrun: record {summary.records}: {answer.error.message}", file=sys.stderr)
        if grep is None:
            written.append(render(record, answer, layout))
        elif answer.error is None and answer.text == grep:
            summary.matched += 1
            written.append(record.raw + (layout.separator or b""))
    return b"".join(written)
