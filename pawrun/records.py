"""What is answered: a frame of bytes, the record that it holds, and what a layout knows of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pawformats.errors import PawError

if TYPE_CHECKING:
    from .answers import Answer

#: No record may be longer, in bytes: a stream without separators must not fill the memory.
LONGEST = 64 << 20


@dataclass(frozen=True)
class Frame:
    """A record's bytes as cut from an input, without what ended them; or why they weren't kept.

    `index` is its place in the stream, counted from 0; that of a window is its first line's. `first`
    is set for the first frame of each input.
    """

    raw: bytes
    index: int = 0
    error: PawError | None = None
    first: bool = False


@dataclass(frozen=True)
class Record:
    """One input: its bytes without what ended them, and its text or why it has none.

    `index` is its frame's. `members` are those of a JSON object: name, and the text from the name to the
    value's end. `fields` counts the cells of a table's row. `tail` is set for what isn't answered but
    passes through, as a table's header does: it is written after the bytes. A `silence` stands for a time
    without input.
    """

    raw: bytes
    text: str = ""
    error: PawError | None = None
    index: int = 0
    members: tuple[tuple[str, str], ...] = ()
    fields: int = 0
    tail: bytes | None = None
    silence: bool = False


class Framer(Protocol):
    """Cuts a stream into frames, whatever the sizes of the chunks. Holds little more than LONGEST."""

    def feed(self, chunk: bytes) -> None: ...

    def take(self) -> Frame | None:
        """The next complete frame; None if it isn't complete yet."""

    def rest(self) -> Frame | None:
        """The next of what is left at the end of an input; None once that is all."""


class Layout(Protocol):
    """How records are framed, read, and written with their answers."""

    def framer(self) -> Framer: ...

    def parse(self, frame: Frame) -> Record | None:
        """The record of a frame; None if nothing is to be written for it. Raises PawError for what
        makes all that follows unreadable."""

    def silence(self, told: str) -> Record | None:
        """A record that stands for `told`, a time without any input."""

    def render(self, record: Record, answer: Answer) -> bytes:
        """An answer with its end; a failed one is an empty slot, or says why where there is room."""

    def copy(self, record: Record) -> bytes:
        """The record itself with its end."""

    def matched(self, record: Record) -> bytes:
        """As `copy`, without what was written by `matched` already because windows overlap."""

    def complete(self) -> Layout:
        """The layout that writes every record beside its answer."""


def decode(raw: bytes) -> str:
    """Bytes as text. Raises PawError `not-utf8`."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PawError("not-utf8", f"byte {error.start + 1} is not UTF-8") from error


def check_member(text: str, field: str) -> None:
    """Raise PawError `not-utf8` for a JSON string that no bytes can spell."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise PawError("not-utf8", f"field {field!r} holds half a surrogate pair") from error


def too_long(what: str = "the record") -> PawError:
    return PawError("record-too-long", f"{what} has more than {LONGEST >> 20} MiB")
