"""Inputs: frames from files and pipes in turn, without waiting while one is at hand; signals; silence."""

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
from typing import TYPE_CHECKING

from pawformats.errors import PawError

from .records import Frame, Framer

if TYPE_CHECKING:
    from types import FrameType

_CHUNK = 1 << 16
#: A batch of more bytes than this would be no faster, and only hold memory.
_ENOUGH = 1 << 20


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
    """Frames from files in turn, `-` being standard input. A file's end ends a frame. `patience` is how
    many seconds without input are a silence, which is told once until input comes again; `linger` is how
    many a frame waits at most for others."""

    def __init__(
        self,
        paths: Sequence[str],
        framer: Framer,
        interrupts: Interrupts,
        patience: float | None = None,
        linger: float = 0.0,
    ) -> None:
        self._paths = iter(paths)
        self._framer = framer
        self._interrupts = interrupts
        self._patience, self._linger = patience, linger
        self._heard: float | None = time.monotonic()  # when input came last; None once the silence is told
        self._file: io.FileIO | None = None
        self._name = ""
        self._ended = False  # the file is, but perhaps not all of its frames are out
        self._failure: PawError | None = None

    def batch(self, limit: int) -> list[Frame | None]:
        """Up to `limit` frames: waits for the first, then for no more than it lingers. None stands
        for a silence. Empty at the end of all input, or once a signal has come. Raises PawError for an
        input that can't be read, once the frames before are out."""
        if self._failure is not None:
            raise self._failure
        found: list[Frame | None] = []
        try:
            self._collect(found, limit)
        except PawError as error:
            if not found:
                raise
            self._failure = error
        return found

    def _collect(self, found: list[Frame | None], limit: int) -> None:
        size, until = 0, 0.0
        while len(found) < limit and size < _ENOUGH and self._interrupts.signal is None:
            if (frame := self._frame()) is not None:
                until = until or time.monotonic() + self._linger
                found.append(frame)
                size += len(frame.raw)
                continue
            if self._file is None and not self._open():
                break
            if not self._readable(until if found else None):
                if not found and self._interrupts.signal is None:
                    self._heard = None
                    found.append(None)
                break
            chunk = self._read()
            if chunk:
                self._heard = time.monotonic()
                self._framer.feed(chunk)
            elif chunk is not None:
                self._close()
                self._ended = True

    def _frame(self) -> Frame | None:
        """A frame that is at hand."""
        if not self._ended:
            return self._framer.take()
        frame = self._framer.rest()
        self._ended = frame is not None
        return frame

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

    def _readable(self, until: float | None) -> bool:
        """Whether bytes, or the end, can be read by the time `until`; without one, whether that came before a
        signal and before a silence."""
        assert self._file is not None
        file, wake = self._file.fileno(), self._interrupts.descriptor
        timeout = None if until is None else max(0.0, until - time.monotonic())
        if until is None and self._patience is not None and self._heard is not None:
            timeout = max(0.0, self._heard + self._patience - time.monotonic())
        ready, _, _ = select.select([file, wake], [], [], timeout)
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


def check_streams(paths: Sequence[str], tee: str | None = None) -> None:
    """Raise PawError for an input that can't be read, or that would be fed its own answers, and for a
    closed output, before anything is loaded or answered. `tee` names a file that answers go to as well."""
    if sys.stdout is None:
        raise PawError("output-unwritable", "cannot write answers: standard output is closed")
    outputs = [os.fstat(sys.stdout.fileno())]
    if tee is not None and os.path.exists(tee):
        if stat.S_ISREG(outputs[0].st_mode) and _is_at(tee, outputs[0]):
            raise PawError("output-is-output", f"{tee} is where the answers go already")
        outputs.append(os.stat(tee))
    for path in paths:
        if path == "-" and sys.stdin is None:
            raise PawError("input-unreadable", "cannot read standard input: it is closed")
        if any(stat.S_ISREG(out.st_mode) and _is_at(path, out) for out in outputs):
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
