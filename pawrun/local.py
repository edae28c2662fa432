"""A program that works in this process, as a command asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Self

from pawllama.closing import Closing

from . import bases, programs
from .answers import Answer, Session, describe, open_session
from .protocol import Settings


class Local(Closing):
    """A program file with its base, both found and checked; entering it loads them.

    Raises PawError if the program is refused or its base isn't found.
    """

    def __init__(self, path: str, settings: Settings, base: str | None, threads: int | None) -> None:
        self._program = program = programs.load(path)
        self._base = bases.find(program.base, base)
        self._settings, self._threads = settings, threads
        self.labels, self.abstain = program.contract.labels, program.options.abstain
        self.base, self.batch = str(self._base), settings.batch
        self._session: Session | None = None

    def __enter__(self) -> Self:
        """Raises PawError as open_session does."""
        settings = asdict(self._settings)
        self._session = open_session(self._program, self._base, threads=self._threads, **settings)
        return self

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    @property
    def session(self) -> Session:
        if self._session is None:
            raise ValueError("the program is not at work")
        return self._session

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        return self.session.answer(texts)

    def facts(self) -> dict[str, str]:
        return describe(self._program, self._base, self.session)
