"""The loop: read what is there, answer it in one batch, write, flush; never wait while a record waits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pawformats.errors import PawError

from .inputs import Interrupts, Source
from .stderr import say

if TYPE_CHECKING:
    from .answers import Answer, Answerer
    from .hook import Hook
    from .records import Frame, Layout, Record


@dataclass
class Summary:
    """What a stream came to. `signal` is set if one ended it; `closed` if nobody reads the answers."""

    records: int = 0
    failed: int = 0
    matched: int = 0
    silences: int = 0
    seconds: float = 0.0
    signal: int | None = None
    closed: bool = False


@dataclass(frozen=True)
class Stall:
    """The answer to a silence of so many `seconds`, which people wrote as `spoken`."""

    seconds: float
    spoken: str
    answer: str


@dataclass(frozen=True)
class Outlets:
    """Where answers go. With `grep`, `out` gets instead the records whose answer it is; `tee` gets every
    record with its answer; `hook` runs a command for some. Failed records are told on stderr unless
    `quiet`."""

    out: BinaryIO
    grep: str | None = None
    tee: BinaryIO | None = None
    hook: Hook | None = None
    quiet: bool = False


@contextmanager
def copying(path: str | None) -> Iterator[BinaryIO | None]:
    """A file to copy to, if one is named. Raises PawError if it can't be written."""
    if path is None:
        yield None
        return
    try:
        file = open(path, "wb")  # noqa: SIM115 - a failure to close it is told as well
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield file
    finally:
        try:
            file.close()
        except OSError as error:
            raise _unwritable(path, error) from error


def _unwritable(name: str, error: OSError) -> PawError:
    return PawError("output-unwritable", f"cannot write {name}: {error.strerror}")


def run(
    session: Answerer,
    paths: Sequence[str],
    layout: Layout,
    outlets: Outlets,
    stall: Stall | None = None,
    linger: float = 0.0,
) -> Summary:
    """Answer every record of the inputs, in order. One waits up to `linger` seconds for others."""
    summary, interrupts = Summary(), Interrupts()
    started = time.monotonic()
    with interrupts.caught():
        source = Source(paths, layout.framer(), interrupts, stall.seconds if stall else None, linger)
        try:
            while not summary.closed and (frames := source.batch(session.ahead)):
                found, failure = _read(frames, layout, stall)
                _write(_answer(session, found), layout, outlets, summary)
                if failure is not None:
                    raise failure
        finally:
            if outlets.hook is not None:
                outlets.hook.close(interrupts.descriptor)
        summary.signal = interrupts.signal
    summary.seconds = time.monotonic() - started
    return summary


def _read(
    frames: Sequence[Frame | None], layout: Layout, stall: Stall | None
) -> tuple[list[tuple[Record, Answer | None]], PawError | None]:
    """The records of a batch, those with their answers that need no session; and what makes the rest of
    the stream unreadable."""
    from .answers import Answer

    found: list[tuple[Record, Answer | None]] = []
    for frame in frames:
        if frame is None:
            assert stall is not None
            if (silence := layout.silence(f"no input for {stall.spoken}")) is not None:
                found.append((silence, Answer(stall.answer)))
            continue
        try:
            record = layout.parse(frame)
        except PawError as error:
            return found, error
        if record is None:
            continue
        needless = record.error is not None or record.tail is not None
        found.append((record, Answer("", error=record.error) if needless else None))
    return found, None


def _answer(session: Answerer, found: Sequence[tuple[Record, Answer | None]]) -> list[tuple[Record, Answer]]:
    """Every record with its answer."""
    fresh = iter(session.answer([record.text for record, answer in found if answer is None]))
    return [(record, next(fresh) if answer is None else answer) for record, answer in found]


def _write(
    answered: Sequence[tuple[Record, Answer]], layout: Layout, outlets: Outlets, summary: Summary
) -> None:
    """Write a batch and count it."""
    written, teed = [], []
    complete = layout.complete()
    for record, answer in answered:
        _count(record, answer, outlets.quiet, summary)
        if outlets.hook is not None:
            outlets.hook.offer(layout.copy(record), answer)
        if outlets.tee is not None:
            teed.append(complete.render(record, answer))
        if outlets.grep is None:
            written.append(layout.render(record, answer))
        elif record.tail is not None:
            written.append(layout.copy(record))
        elif answer.error is None and answer.text == outlets.grep:
            summary.matched += 1
            written.append(layout.matched(record))
    try:
        outlets.out.write(b"".join(written))
        outlets.out.flush()
    except BrokenPipeError:
        summary.closed = True
    except OSError as error:
        raise _unwritable("answers", error) from error
    if outlets.tee is not None:
        try:
            outlets.tee.write(b"".join(teed))
            outlets.tee.flush()
        except OSError as error:
            raise _unwritable(outlets.tee.name, error) from error


def _count(record: Record, answer: Answer, quiet: bool, summary: Summary) -> None:
    if record.tail is not None:
        return
    if record.silence:
        summary.silences += 1
        return
    summary.records += 1
    if answer.error is not None:
        summary.failed += 1
        if not quiet:
            say(f"pawrun: record {summary.records}: {answer.error.message}")
