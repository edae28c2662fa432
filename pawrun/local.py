"""A program that works in this process, as a command asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Self

from pawllama import bases
from pawllama.closing import Closing

from . import programs
from .answers import Answer, Session, describe, open_session
from .protocol import Settings


class Local(Closing):
    """A program file, which is checked, and its base; entering it finds and loads that. With `distributions`
    the answers have them.

    Raises PawError if the program is refused, and from `base` on if its base isn't found.
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
        cached: bool = True,
        merge: bool = False,
        distributions: bool = False,
    ) -> None:
        self._program = program = programs.load(path)
        self._wanted, self._verify = base, verify
        self._settings, self._distributions = asdict(settings), distributions
        self._settings |= {"threads": threads, "gpu_layers": gpu_layers}
        self._settings |= {"cached": cached, "merge": merge}
        self.labels, self.abstain = program.contract.labels, program.options.abstain
        self.min_confidence = program.options.min_confidence
        self._session: Session | None = None

    @cached_property
    def _base(self) -> Path:
        """Found late: what is wrong with a program or an option is told first."""
        return bases.find(self._program.base, self._wanted, self._verify)

    @property
    def base(self) -> str:
        return str(self._base)

    def __enter__(self) -> Self:
        """Raises PawError as open_session does."""
        self._session = open_session(self._program, self._base, **self._settings)
        return self

    def version(self) -> object:
        """It stays what it is."""
        return True

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    @property
    def session(self) -> Session:
        if self._session is None:
            raise ValueError("the program is not at work")
        return self._session

    @property
    def ahead(self) -> int:
        return self.session.ahead

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        return self.session.answer(texts, self._distributions)

    def facts(self) -> dict[str, str]:
        return describe(self._program, self._base, self.session)
