"""Programs as Python functions."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pawformats.values import Program
from pawllama import bases
from pawllama.closing import Closing

from . import programs
from .answers import Answer, Session, open_session

_BATCH = 8


class Function(Closing):
    """A loaded program: `f(text)` is its answer. Not for several threads at once. Close it, or use it
    in a `with` block, to free the base."""

    def __init__(self, program: Program, session: Session) -> None:
        self.program, self._session = program, session

    def __call__(self, text: str) -> str:
        """The answer to one text. Raises PawError if it has none (too long, contract not met)."""
        return _text(self._session.answer([text])[0])

    def batch(self, texts: Iterable[str]) -> list[str]:
        """Answers in order, computed several at a time. Raises PawError for the first that has none."""
        return [_text(answer) for answer in self._session.answer(list(texts))]

    def distribution(self, text: str) -> dict[str, float]:
        """The probability of each label. Raises PawError `no-labels` without a label contract."""
        return self._session.distribution(text)

    def close(self) -> None:
        self._session.close()


def _text(answer: Answer) -> str:
    if answer.error is not None:
        raise answer.error
    return answer.text


def load(
    path: str | os.PathLike[str], base: str | os.PathLike[str] | None = None, *, merge: bool = False
) -> Function:
    """Open a `.pawbin` as a function. `base` names its base file or a folder that holds it; with `merge` the
    adapter is merged into the base, for long lists (`pawrun --merge`).

    Raises PawError if the program is refused, its base isn't found, or nothing can be merged.
    """
    program = programs.load(os.fspath(path))
    found = bases.find(program.base, None if base is None else os.fspath(base))
    return Function(program, open_session(program, found, batch=_BATCH, merge=merge))
