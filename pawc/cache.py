"""The compile cache: results by the digest of all that determines them, as files in one folder.

An entry is a line with its key and the SHA-256 of the result, then the result. It is written beside its
place and renamed, so that any number of processes may use the folder at once; what is damaged is removed and
made again. Nothing here is needed: a folder that can't be used only costs time.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pawformats import errors
from pawformats.errors import PawError
from pawllama import cache as cache_files
from pawllama import selftest

#: Bytes that all entries may take. A program is some hundred kilobytes.
DEFAULT_LIMIT = 256 << 20
#: What an eviction leaves, so that not every new entry needs one.
_KEPT = 0.9
_UNITS = {"": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_COUNTS_FILE = "counts"
_COUNTS = ("hits", "misses", "evictions", "damaged")
#: Seconds after which a temporary file has been left behind.
_ABANDONED_S = 3600

Tell = Callable[[str], None]


def limit() -> int:
    """$PAW_CACHE_SIZE in bytes: a number, perhaps with k, M or G. Raises PawError `cache-size`."""
    text = os.environ.get("PAW_CACHE_SIZE", "")
    if not text:
        return DEFAULT_LIMIT
    number, unit = text.rstrip("kMG"), text[len(text.rstrip("kMG")) :]
    if not (number.isascii() and number.isdigit()) or unit not in _UNITS:
        hint = "give bytes, or a number with k, M or G, as in 500M"
        raise PawError("cache-size", f"PAW_CACHE_SIZE is no size: {text!r}", hint=hint)
    return int(number) * _UNITS[unit]


def of_user(wanted: bool = True) -> Cache | None:
    """The cache in $PAW_CACHE_DIR, else the user's; None if neither it nor a home is known, or if none is
    wanted. Raises PawError as `limit` does."""
    if not wanted:
        return None
    try:
        place = Path(os.environ.get("PAW_CACHE_DIR") or cache_files.folder() / "compile")
    except RuntimeError:  # a user without a home
        return None
    return Cache(place, limit())


@dataclass(frozen=True)
class Cache:
    """A cache in `folder` that holds at most `limit` bytes."""

    folder: Path
    limit: int

    def memo(self, parts: Sequence[object], make: Callable[[], bytes], tell: Tell) -> bytes:
        """What was made of the same parts before, else what `make` returns. `parts` are plain data that
        determine the result, beside the toolchain itself; `tell` hears of hits and of what goes wrong."""
        key = hashlib.sha256(json.dumps([toolchain_digest(), *parts]).encode()).hexdigest()
        found = self._get(key, tell)
        if found is None:
            found = make()
            self._put(key, found, tell)
        else:
            tell("taken from the compile cache")
        return found

    def _get(self, key: str, tell: Tell) -> bytes | None:
        path = self.folder / key
        try:
            head, _, data = path.read_bytes().partition(b"\n")
            if head != _head(key, data):
                path.unlink(missing_ok=True)
                tell(f"the cache entry {path} is damaged, and is made again")
                self._count(tell, damaged=1, misses=1)
                return None
            os.utime(path)  # the time of its last use, for the eviction
        except FileNotFoundError:
            self._count(tell, misses=1)
            return None
        except OSError as error:
            tell(f"the compile cache cannot be read: {error}")
            return None
        self._count(tell, hits=1)
        return data

    def _put(self, key: str, data: bytes, tell: Tell) -> None:
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
            tell(f"the compile cache cannot be written: {error}")

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
            tell(f"the compile cache cannot be written: {error}")

    def stats(self) -> dict[str, int]:
        """What there is, and the counts since the folder was made."""
        sizes = [found.st_size for path, found in self._files() if not path.name.startswith(".")]
        try:
            counts = _counts((self.folder / _COUNTS_FILE).read_bytes())
        except OSError:
            counts = _counts(b"")
        return {"entries": len(sizes), "bytes": sum(sizes), "limit": self.limit, **counts}


def stats(_: str | None) -> Iterator[str]:
    """Lines about the user's cache."""
    found = of_user()
    if found is not None:
        yield f"folder\t{found.folder}"
        yield from (f"{name}\t{value}" for name, value in found.stats().items())


def _head(key: str, data: bytes) -> bytes:
    return f"paw-cache {key} {hashlib.sha256(data).hexdigest()}".encode()


def _counts(data: bytes) -> dict[str, int]:
    try:
        found = json.loads(data)
        return {name: int(found[name]) for name in _COUNTS}
    except (ValueError, KeyError, TypeError):
        return dict.fromkeys(_COUNTS, 0)


@lru_cache(maxsize=1)
def toolchain_digest() -> str:
    """A digest of what compiles: our own code, the libraries whose arithmetic and packing end up in a
    program, and the build of llama.cpp with this processor."""
    digest = hashlib.sha256()
    for place in (__file__, errors.__file__, selftest.__file__):
        for path in sorted(Path(place).parent.iterdir()):
            if path.is_file():
                digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    for name in ("paw-toolchain", "gguf", "llama-cpp-python", "numpy", "zstandard"):
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name}\n".encode())
    digest.update(_llama().encode())
    return digest.hexdigest()


def _llama() -> str:
    """The build of llama.cpp and the processor; -O0 does without either."""
    try:
        return selftest.build_key()
    except (PawError, OSError):
        return "none"


@lru_cache(maxsize=1)
def training_digest() -> str:
    """A digest of what refines adapters: the trainer's own code and torch's version, where they are there."""
    digest = hashlib.sha256()
    found = importlib.util.find_spec("pawtrainer")
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in sorted(Path(folder).glob("*.py")):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    with suppress(PackageNotFoundError):
        digest.update(version("torch").encode())
    return digest.hexdigest()
