"""SHA-256 of files, remembered in the user's cache folder for as long as a file is visibly the same."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from pathlib import Path

from pawformats.errors import PawError

from . import cache

#: How many files are remembered.
_MOST = 64
#: A file changed that recently isn't remembered: another change might leave its time as it is.
_SETTLED_S = 2.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


def sha256(path: Path, verify: bool = False) -> str:
    """The digest of a file, in hex: the remembered one, unless `verify` asks for the bytes to be read.

    It counts only while path, size, time of change of the contents and of the inode, inode and device
    are those of the file that was read. Raises PawError `base-unreadable`.
    """
    place = os.path.realpath(path)
    try:
        with open(place, "rb") as file:
            before = _identity(os.fstat(file.fileno()))
            known = _known()
            entry = known.pop(place, None)
            if not verify and entry is not None and entry[1:] == before:
                return str(entry[0])
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise PawError("base-unreadable", f"cannot read {path}: {error.strerror}") from error
    if _identity(after) == before and time.time() - max(after.st_mtime, after.st_ctime) > _SETTLED_S:
        known[place] = [digest, *before]
        newest = dict(list(known.items())[-_MOST:])
        cache.write(_file(), json.dumps(newest, indent=0) + "\n")
    return digest


def _identity(status: os.stat_result) -> list[str | int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev]


def _file() -> Path:
    return cache.folder() / "digests.json"


def _known() -> dict[str, list[str | int]]:
    """What is remembered: path to digest and identity. Whatever else the file holds is ignored."""
    try:
        held = json.loads(cache.read(_file()) or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {place: entry for place, entry in held.items() if _is_entry(entry)}


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) == 6
        and isinstance(entry[0], str)
        and _DIGEST.fullmatch(entry[0]) is not None
        and all(type(number) is int for number in entry[1:])
    )
