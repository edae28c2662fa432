"""Standard error: what is said there never decides what becomes of the answers."""

from __future__ import annotations

import os
import sys


def hold() -> None:
    """Let one that is closed take what is written and drop it. A file opened later must not get its number:
    commands and libraries write there."""
    if sys.stderr is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = os.fdopen(2, "w")


def say(text: str) -> None:
    """A line on standard error. If that is closed or full, there is nobody left to tell: the exit status
    still says what happened."""
    stream = sys.stderr
    if stream is not None:
        try:
            print(text, file=stream, flush=True)
        except OSError:
            sys.stderr = None  # nor is it flushed at the end, which would change the status


def watched() -> bool:
    """Whether somebody sits there and reads."""
    return sys.stderr is not None and sys.stderr.isatty()
