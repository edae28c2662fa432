"""Programs at work side by side: open sessions, the longest unused closed first, over shared bases.

One thread alone touches this: llama.cpp's contexts are not to be used by two at once.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pawformats.values import Program
from pawllama.closing import Closing
from pawllama.model import Model

from .answers import Session, open_session
from .protocol import Settings


@dataclass(frozen=True)
class Loaded:
    """A program as its file was when it was read: its id, its base's file and itself."""

    identity: str
    base: Path
    program: Program = field(compare=False)


class Resident(Closing):
    """At most `limit` open sessions. A base is in memory once, for as long as a session uses it."""

    def __init__(
        self, limit: int, threads: int | None = None, gpu_layers: int = 0, cached: bool = True
    ) -> None:
        self.limit, self.threads, self.gpu_layers, self.cached = limit, threads, gpu_layers, cached
        self._sessions: OrderedDict[tuple[Loaded, Settings], Session] = OrderedDict()
        self._models: dict[Path, Model] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def session(self, loaded: Loaded, settings: Settings) -> Session:
        """The open session, or a new one. Raises PawError as open_session does."""
        key = (loaded, settings)
        if key not in self._sessions:
            while len(self._sessions) >= self.limit:
                self._sessions.popitem(last=False)[1].close()
            try:
                self._sessions[key] = self._open(loaded, settings)
            finally:
                self._release()
        self._sessions.move_to_end(key)
        return self._sessions[key]

    def _open(self, loaded: Loaded, settings: Settings) -> Session:
        if loaded.base not in self._models:
            self._models[loaded.base] = Model(loaded.base, gpu_layers=self.gpu_layers)
        model = self._models[loaded.base]
        settings_of = {"threads": self.threads, "cached": self.cached, **asdict(settings)}
        return open_session(loaded.program, model, **settings_of)

    def _release(self) -> None:
        """Close the bases that no session uses."""
        for base in self._models.keys() - {loaded.base for loaded, _ in self._sessions}:
            self._models.pop(base).close()

    def close(self) -> None:
        """Close every session, and then the bases. May be called twice."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
        self._release()
