"""A program that works in this process, as a command asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Self

from pawllama import bases
from pawllama.closing import Closing

from . import programs
from .answers import Answer, Answerer, Session, WithDistributions, describe, open_session
from .protocol import Settings


class Local(Closing):
    """A program file with its base, both found and checked; entering it loads them. With `distributions`
    the answers have them.

    Raises PawError if the program is refused or its base isn't found.
    """

    def __init__(
        self,
        path: str,
        settings: Settings,
        base: str | None,
        *,
        verify: bool = False,
        threads: int | None = None,
        gpu_layers: int = 0,
        distributions: bool = False,
    ) -> None:
        self._program = program = programs.load(path)
        self._base = bases.find(program.base, base, verify)
        self._settings, self._distributions = asdict(settings), distributions
        self._settings |= {"threads": threads, "gpu_layers": gpu_layers}
        self.labels, self.abstain = program.contract.labels, program.options.abstain
        self.min_confidence = program.options.min_confidence
        self.base, self.batch = str(self._base), settings.batch
        self._session: Session | None = None

    def __enter__(self) -> Self:
        """Raises PawError as open_session does."""
        self._session = open_session(self._program, self._base, **self._settings)
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
        answerer: Answerer = WithDistributions(self.session) if self._distributions else self.session
        return answerer.answer(texts)

    def facts(self) -> dict[str, str]:
        return describe(self._program, self._base, self.session)
