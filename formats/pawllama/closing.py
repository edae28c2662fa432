"""What is opened is closed: `with` for everything that holds memory of llama.cpp."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """A `with` block closes it, however the block ends."""

    @abstractmethod
    def close(self) -> None:
        """Free what is held. May be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
