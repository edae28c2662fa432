"""The programs of a server: by name or by path, read again when their file is replaced."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from pawformats import references
from pawformats.errors import PawError
from pawformats.values import BaseRef
from pawllama import bases

from . import programs
from .programs import Stamp, stamp_of
from .resident import Loaded
from .stderr import say

#: Programs that clients asked for by path and that are remembered; those with a name stay.
_REMEMBERED = 64


def file_of(reference: str) -> str:
    """The file that holds a program."""
    return references.split(reference)[0]


@dataclass(frozen=True)
class _Entry:
    stamp: Stamp | None
    loaded: Loaded


class Shelf:
    """`names` are what all clients may ask for; a path is for those of the Unix socket. `base` and `verify`
    are those of bases.find.

    May be used by several threads.
    """

    def __init__(self, base: str | None = None, verify: bool = False) -> None:
        self.names: dict[str, str] = {}
        self._base, self._verify = base, verify
        self._entries: dict[str, _Entry] = {}
        self._bases: dict[str, tuple[Stamp | None, Path]] = {}
        self._lock = threading.Lock()

    def add(self, path: str) -> None:
        """Read a program that keeps a name, the stem of its file or its name in a library; or all of a
        library. Raises PawError if one can't be run, or if another has its name."""
        for name, reference in programs.listed(os.path.abspath(path)).items():
            if name in self.names:
                both = f"{self.names[name]} and {reference}"
                raise PawError("two-of-a-name", f"{both} would both be named {name!r}")
            self.names[name] = reference
            self.get(reference)

    def path(self, reference: str, local: bool) -> str:
        """The file behind a name or, for a `local` client, an absolute path. Raises PawError
        `no-such-program`."""
        if reference in self.names:
            return self.names[reference]
        if local and os.path.isabs(reference):
            return reference
        hint = f"there are: {', '.join(self.names)}" if self.names else "it was started without any"
        raise PawError("no-such-program", f"the server has no program {reference!r}", hint=hint)

    def at_hand(self, path: str) -> Loaded | None:
        """The program of a file that is read already and has not changed since; reads nothing."""
        entry = self._entries.get(path)
        return entry.loaded if entry is not None and entry.stamp == stamp_of(file_of(path)) else None

    def get(self, path: str) -> Loaded:
        """The program of a file, read if it is new. A replacement that is refused is told on stderr, and the
        program that was there before goes on. Raises PawError as loading and finding the base do."""
        with self._lock:
            found = self.at_hand(path)
            return found or self._read(path, self._entries.get(path))

    def _read(self, path: str, before: _Entry | None) -> Loaded:
        stamp = stamp_of(file_of(path))
        try:
            loaded = self._load(path)
        except PawError as error:
            if before is None:
                raise
            say(f"pawrun: {error.message}; the program before it goes on")
            loaded = before.loaded
        self._entries[path] = _Entry(stamp, loaded)
        self._forget()
        return loaded

    def _load(self, path: str) -> Loaded:
        program, identity = programs.read(path)
        return Loaded(identity, self._find(program.base), program)

    def _find(self, base: BaseRef) -> Path:
        """The base's file; it is looked for again only if the file has changed."""
        stamp, path = self._bases.get(base.sha256, (None, Path()))
        if stamp is None or stamp != stamp_of(path):
            path = bases.find(base, self._base, self._verify)
            self._bases[base.sha256] = stamp_of(path), path
        return path

    def _forget(self) -> None:
        kept = set(self.names.values())
        spare = [path for path in self._entries if path not in kept]
        for path in spare[: max(0, len(spare) - _REMEMBERED)]:
            del self._entries[path]
