"""Evaluated prompts, kept: the key/value state of a prefix, so that a program starts without computing it.

What is kept is a state of llama.cpp's own format, which it does not check well: only entries that this user
alone can have written are taken, and only for the very build of the library that wrote them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache

from . import library, selftest, store
from .context import Context
from .runs import Run
from .store import Store

#: Bytes that all states may take: 3 KB a token of nano, 115 KB of a model of 0.6 billion weights.
LIMIT = 512 << 20
#: Shorter prefixes are evaluated as fast as they are read.
LEAST = 24


def of_user() -> Store | None:
    """The user's store; None if no home is known."""
    return store.of_user("prefix", LIMIT, "cache of prefixes")


def warm(
    context: Context, tokens: Sequence[int], base: str, adapter: bytes | None, kept: Store | None
) -> bool:
    """Let sequence 0 of a fresh context hold `tokens`, evaluated or from the store, where they are kept then.
    `base` names the weights for good, as by their digest; `adapter` is what they wear. Returns whether the
    prefix came from the store.

    Raises PawError as Context.evaluate does.
    """
    if kept is None or len(tokens) < LEAST:
        context.evaluate([Run(0, 0, tokens)])
        return False
    worn = None if adapter is None else hashlib.sha256(adapter).hexdigest()
    parts = [1, build(), base, worn, context.layout(), list(tokens)]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    found = kept.get(key, _silently)
    if found is not None and context.restore(0, found):
        return True
    context.evaluate([Run(0, 0, tokens)])
    kept.put(key, context.state(0), _silently)
    return False


@lru_cache(maxsize=1)
def build() -> str:
    """A digest of what computes: the libraries, by name, size and time, and the processor."""
    digest = hashlib.sha256(selftest.build_key().encode())
    for path in sorted(library.folder().iterdir()):
        if path.is_file():
            found = path.stat()
            digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _silently(_: str) -> None:
    """A prefix that must be evaluated again is no news."""
