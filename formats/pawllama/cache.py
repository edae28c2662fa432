"""Small files in the user's cache folder: written whole or not at all, read only if they are the user's."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any


def folder() -> Path:
    """The toolchain's folder under $XDG_CACHE_HOME, which may not exist."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "paw"


def owned(file: IO[Any]) -> bool:
    """Whether an open file is a regular one and this user's own, and no other user can write it."""
    status = os.fstat(file.fileno())
    mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return mine and stat.S_ISREG(status.st_mode) and not status.st_mode & 0o022


def read(path: Path) -> str | None:
    """The text of a file that is this user's own, and that no other user can write; None otherwise."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # nor is a link followed
            return None
        with open(path, encoding="utf-8") as file:
            return file.read() if owned(file) else None
    except (OSError, UnicodeDecodeError):
        return None


def write(path: Path, text: str) -> bool:
    """Whether the text could be written, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    except OSError:
        return False
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        return False
    return True
