"""Outputs that appear only when complete."""

from __future__ import annotations

import os
import stat
import sys
import tempfile

from pawformats.errors import PawError

STDOUT = "-"


def refuse(path: str, inputs: tuple[str, ...], binary: bool) -> None:
    """Raise PawError before any work if this output would destroy an input or garble a terminal."""
    if path == STDOUT:
        if binary and sys.stdout.isatty():
            raise PawError(
                "binary-to-terminal",
                "refusing to write a binary to the terminal",
                hint="name a file with -o FILE, or pipe the output on",
            )
        return
    for name in inputs:
        if name != STDOUT and os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name):
            raise PawError("output-is-input", f"{path} is an input and would be overwritten")


def write(path: str, data: bytes, executable: bool = False) -> None:
    """Write a file beside its place and rename it there, so that a reader sees the old one or the new.

    `-` is standard output; a device or a pipe is written to as it is. Raises PawError `cannot-write`,
    and then leaves nothing behind.
    """
    if path == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    place = os.path.realpath(path)  # a symbolic link stays one
    try:
        if os.path.exists(place) and not stat.S_ISREG(os.stat(place).st_mode):
            with open(place, "wb") as special:
                special.write(data)
            return
        _replace(place, data, executable)
    except OSError as error:
        raise PawError("cannot-write", f"cannot write {path}: {error.strerror}") from error


def _replace(place: str, data: bytes, executable: bool) -> None:
    folder, name = os.path.split(place)
    descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
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
