"""`pawrun.load("x.pawbin")` gives a callable; it is looked up late, so that the command starts fast."""

from __future__ import annotations

TYPE_CHECKING = False  # not from typing: a client starts in less time than that takes to import
if TYPE_CHECKING:
    from .api import load

__all__ = ["load"]


def __getattr__(name: str) -> object:
    if name == "load":
        from .api import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
