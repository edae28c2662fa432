"""The compile cache: results by the digest of all that determines them, in the user's cache folder."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pawformats import errors
from pawformats.errors import PawError
from pawllama import cache as cache_files
from pawllama import selftest
from pawllama.store import Store, Tell

#: Bytes that all entries may take. A program is some hundred kilobytes.
DEFAULT_LIMIT = 256 << 20
_UNITS = {"": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}


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
    return Cache(place, limit(), "compile cache")


class Cache(Store):
    """A store of compiled things."""

    def memo(self, parts: Sequence[object], make: Callable[[], bytes], tell: Tell) -> bytes:
        """What was made of the same parts before, else what `make` returns. `parts` are plain data that
        determine the result, beside the toolchain itself; `tell` hears of hits and of what goes wrong."""
        key = hashlib.sha256(json.dumps([toolchain_digest(), *parts]).encode()).hexdigest()
        found = self.get(key, tell)
        if found is None:
            found = make()
            self.put(key, found, tell)
        else:
            tell("taken from the compile cache")
        return found


def stats(_: str | None) -> Iterator[str]:
    """Lines about the user's cache."""
    found = of_user()
    if found is not None:
        yield f"folder\t{found.folder}"
        yield from (f"{name}\t{value}" for name, value in found.stats().items())


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
