"""Where records end: at a byte, at the end of an input, or after so many lines."""

from __future__ import annotations

from collections import deque

from .records import LONGEST, Frame, Framer, too_long


class Splitter:
    """Frames that a byte ends, or, without a separator, one frame for a whole input."""

    def __init__(self, separator: bytes | None) -> None:
        self._separator = separator
        self._buffer = bytearray()
        self._begin = self._searched = 0
        self._index = 0
        self._first = True
        self._spoilt = False  # the frame at hand was too long, and its bytes are gone

    def feed(self, chunk: bytes) -> None:
        del self._buffer[: self._begin]
        self._searched -= self._begin
        self._begin = 0
        self._buffer += chunk
        if self._searched > LONGEST:
            self._spoilt = True
            del self._buffer[: self._searched]
            self._searched = 0

    def take(self) -> Frame | None:
        end = -1 if self._separator is None else self._buffer.find(self._separator, self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        frame = self._frame(end)
        self._begin = self._searched = end + 1
        return frame

    def rest(self) -> Frame | None:
        """A last record without its separator; the whole input, be it empty, without a separator."""
        end, whole = len(self._buffer), self._separator is None and self._first
        frame = self._frame(end) if end > self._begin or self._spoilt or whole else None
        self._buffer.clear()
        self._begin = self._searched = 0
        if frame is None:
            self._first = True
        return frame

    def _frame(self, end: int) -> Frame:
        index, first = self._index, self._first
        spoilt = self._spoilt or end - self._begin > LONGEST
        self._index, self._first, self._spoilt = index + 1, False, False
        if spoilt:
            return Frame(b"", index, too_long(), first)
        return Frame(bytes(self._buffer[self._begin : end]), index, None, first)


class Windows:
    """Windows of `size` lines, one beginning every `stride` lines; none reaches over an input's end.

    At the end of an input a shorter window holds the last lines, if no window had them all.
    """

    def __init__(self, lines: Framer, size: int, stride: int) -> None:
        self._lines, self._size, self._stride = lines, size, stride
        self._held: deque[Frame] = deque()
        self._bytes = 0
        self._next = 0  # index of the line that the next window begins with
        self._seen = 0  # index of the first line that no window had

    def feed(self, chunk: bytes) -> None:
        self._lines.feed(chunk)

    def take(self) -> Frame | None:
        while (line := self._lines.take()) is not None:
            if (window := self._add(line)) is not None:
                return window
        return None

    def rest(self) -> Frame | None:
        while (line := self._lines.rest()) is not None:
            if (window := self._add(line)) is not None:
                return window
        last = self._window() if self._held and self._held[-1].index >= self._seen else None
        self._held.clear()
        self._bytes = 0
        return last

    def _add(self, line: Frame) -> Frame | None:
        """Take up a line; the window that it completes."""
        if line.first:
            self._next = line.index
        if line.index < self._next:  # between two windows, where the stride is longer than they
            return None
        if self._bytes + len(line.raw) > LONGEST:
            line = Frame(b"", line.index, too_long("the window"))
        self._held.append(line)
        self._bytes += len(line.raw)
        return self._window() if len(self._held) == self._size else None

    def _window(self) -> Frame:
        """All lines at hand; those before the next window are let go."""
        raw = b"\n".join(line.raw for line in self._held)
        error = next((line.error for line in self._held if line.error is not None), None)
        window = Frame(b"" if error else raw, self._held[0].index, error)
        self._seen = self._held[-1].index + 1
        self._next += self._stride
        while self._held and self._held[0].index < self._next:
            self._bytes -= len(self._held.popleft().raw)
        return window
