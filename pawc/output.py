"""Outputs that appear only when complete."""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pawformats.errors import PawError

STDOUT = "-"
_STREAMS = {"stdin": 0, "stdout": 1, "stderr": 2}
_OPEN = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(\d{1,9})")


def refuse(path: str, inputs: tuple[str, ...], binary: bool) -> None:
    """Raise PawError before any work if this output would destroy an input or garble a terminal."""
    if path == STDOUT:
        if binary and sys.stdout is not None and sys.stdout.isatty():
            raise PawError(
                "binary-to-terminal",
                "refusing to write a binary to the terminal",
                hint="name a file with -o FILE, or pipe the output on",
            )
        return
    for name in inputs:
        if name != STDOUT and os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name):
            raise PawError("output-is-input", f"{path} is an input and would be overwritten")


@contextmanager
def stdout() -> Iterator[BinaryIO]:
    """Standard output for bytes, flushed at the end. What a reader that has seen enough doesn't take is
    dropped, and what else is to be done goes on. Raises PawError `cannot-write` if it is closed or full."""
    if sys.stdout is None:  # closed by whoever started us
        raise PawError("cannot-write", "cannot write standard output: it is closed")
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
    except OSError as error:
        _drop_stdout()
        raise PawError("cannot-write", f"cannot write standard output: {error.strerror}") from error


def _drop_stdout() -> None:
    """Let what is printed from now on, and what Python flushes at its exit, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def descriptor(path: str) -> int | None:
    """The number of the open file of this process that a path names, as /dev/stdout and /dev/fd/3 do."""
    found = _OPEN.fullmatch(path)
    if not found:
        return None
    return _STREAMS[found[1]] if found[1] else int(found[2])


def write(path: str, data: bytes, executable: bool = False) -> None:
    """Write a file beside its place and rename it there, so that a reader sees the old one or the new.

    `-` is standard output; a device, a pipe and a file that is open already, as /dev/fd/3, are written to as
    they are. Raises PawError `cannot-write`, and then leaves nothing behind.
    """
    number = descriptor(path)
    if path == STDOUT or number == 1:
        with stdout() as out:
            out.write(data)
        return
    place = os.path.realpath(path)  # a symbolic link stays one
    try:
        if number is not None:  # opened anew, a file would lose what it holds
            with open(os.dup(number), "wb") as opened:
                opened.write(data)
            return
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as special:
                special.write(data)
            return
        _replace(place, data, executable)
    except OSError as error:
        raise PawError("cannot-write", f"cannot write {path}: {error.strerror}") from error


def _replace(place: str, data: bytes, executable: bool) -> None:
    descriptor, beside = tempfile.mkstemp(prefix=".pawc-", dir=os.path.dirname(place))
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            mask = os.umask(0)
            os.umask(mask)
            os.fchmod(descriptor, (0o777 if executable else 0o666) & ~mask)
        os.replace(beside, place)
    except BaseException:
        os.unlink(beside)
        raise
