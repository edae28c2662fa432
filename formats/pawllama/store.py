"""What can be made again, kept as files: entries by a digest of all that determines them, in one folder.

An entry is a line with its key and the SHA-256 of what it holds, then that. It is written beside its place
and renamed, so that any number of processes may use the folder at once; what is damaged is removed and made
again. Nothing here is needed: a folder that can't be used only costs time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import cache

#: What an eviction leaves, so that not every new entry needs one.
_KEPT = 0.9
_COUNTS_FILE = "counts"
_COUNTS = ("hits", "misses", "evictions", "damaged")
#: Seconds after which a temporary file has been left behind.
_ABANDONED_S = 3600

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Store:
    """Entries in `folder` that take at most `limit` bytes together; messages call it `name`. With `private`
    an entry is taken only if it is this user's own and nobody else can write it."""

    folder: Path
    limit: int
    name: str
    private: bool = False

    def get(self, key: str, tell: Tell) -> bytes | None:
        """What was put under a key, a digest in hex. `tell` hears of what goes wrong."""
        path = self.folder / key
        try:
            with open(path, "rb") as file:
                if self.private and not cache.owned(file):
                    tell(f"the entry {path} of the {self.name} is not this user's alone, and is not used")
                    self._count(tell, misses=1)
                    return None
                head, _, data = file.read().partition(b"\n")
            if head != _head(key, data):
                path.unlink(missing_ok=True)
                tell(f"the entry {path} of the {self.name} is damaged, and is made again")
                self._count(tell, damaged=1, misses=1)
                return None
            os.utime(path)  # the time of its last use, for the eviction
        except FileNotFoundError:
            self._count(tell, misses=1)
            return None
        except OSError as error:
            tell(f"the {self.name} cannot be read: {error}")
            return None
        self._count(tell, hits=1)
        return data

    def put(self, key: str, data: bytes, tell: Tell) -> None:
        """Keep something, and remove what was used longest ago if there is too much."""
        if len(data) > self.limit:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, beside = tempfile.mkstemp(prefix=".new-", dir=self.folder)
            try:
                with open(descriptor, "wb") as file:
                    file.write(_head(key, data) + b"\n" + data)
                os.replace(beside, self.folder / key)
            except BaseException:
                os.unlink(beside)
                raise
            self._evict(tell)
        except OSError as error:
            tell(f"the {self.name} cannot be written: {error}")

    def _evict(self, tell: Tell) -> None:
        """Remove what was used longest ago until the rest fits, and what killed processes left."""
        entries = []
        for path, found in self._files():
            if not path.name.startswith("."):
                entries.append((found.st_mtime_ns, found.st_size, path))
            elif found.st_mtime < time.time() - _ABANDONED_S:
                path.unlink(missing_ok=True)
        total = sum(size for _, size, _ in entries)
        if total <= self.limit:
            return
        evicted = 0
        for _, size, path in sorted(entries):
            if total <= self.limit * _KEPT:
                break
            path.unlink(missing_ok=True)
            total, evicted = total - size, evicted + 1
        self._count(tell, evictions=evicted)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Entries, and temporary files with a dot. Another process may remove one at any time."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.folder) as found:
            for entry in found:
                if entry.name != _COUNTS_FILE:
                    with suppress(FileNotFoundError):
                        yield Path(entry.path), entry.stat()

    def _count(self, tell: Tell, **more: int) -> None:
        """Add to the counts, which processes share."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.folder / _COUNTS_FILE, "a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                counts = _counts(file.read())
                file.truncate(0)
                file.write(json.dumps({name: counts[name] + more.get(name, 0) for name in _COUNTS}).encode())
        except OSError as error:
            tell(f"the {self.name} cannot be written: {error}")

    def stats(self) -> dict[str, int]:
        """What there is, and the counts since the folder was made."""
        sizes = [found.st_size for path, found in self._files() if not path.name.startswith(".")]
        try:
            counts = _counts((self.folder / _COUNTS_FILE).read_bytes())
        except OSError:
            counts = _counts(b"")
        return {"entries": len(sizes), "bytes": sum(sizes), "limit": self.limit, **counts}


def of_user(folder: str, limit: int, name: str) -> Store | None:
    """A private one in the user's cache folder; None if no home is known."""
    try:
        return Store(cache.folder() / folder, limit, name, private=True)
    except RuntimeError:
        return None


def _head(key: str, data: bytes) -> bytes:
    return f"paw-cache {key} {hashlib.sha256(data).hexdigest()}".encode()


def _counts(data: bytes) -> dict[str, int]:
    try:
        found = json.loads(data)
        return {name: int(found[name]) for name in _COUNTS}
    except (ValueError, KeyError, TypeError):
        return dict.fromkeys(_COUNTS, 0)
