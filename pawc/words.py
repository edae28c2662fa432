"""The words of a command line as GCC reads them: response files, and options that touch their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pawformats.errors import PawError

#: As many response files are read, which may name each other in a circle (libiberty's limit).
_MOST_FILES = 2000
#: Options of several letters whose value may follow without a blank, as in -MFfile.
_JOINED = ("-MF", "-MT", "-MQ")


def expand(words: Sequence[str]) -> list[str]:
    """The words with the contents of FILE in the place of each @FILE, and -MFfile as two words.

    An @FILE that can't be read stands for itself. Raises PawError `response-files` for a circle.
    """
    left = list(reversed(words))
    made: list[str] = []
    read = 0
    while left:
        word = left.pop()
        inner = _response(word)
        if inner is None:
            made.append(word)
            continue
        read += 1
        if read > _MOST_FILES:
            raise PawError(
                "response-files", f"{word} is one response file too many: do they name each other?"
            )
        left += reversed(inner)
    return list(_parted(made))


def _response(word: str) -> list[str] | None:
    if not word.startswith("@"):
        return None
    try:
        with open(word[1:], encoding="utf-8", errors="surrogateescape", newline="") as file:
            return split(file.read())
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return None


def split(text: str) -> list[str]:
    """Words between white space. Quotes of either kind hold words together; a backslash takes the next
    character as it is, within quotes as well."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    characters = iter(text)
    for c in characters:
        if c == "\\":
            word = (word or "") + next(characters, "")
        elif quote:
            word, quote = (word, "") if c == quote else ((word or "") + c, quote)
        elif c in "\"'":
            word, quote = word or "", c
        elif not c.isspace():
            word = (word or "") + c
        elif word is not None:
            words.append(word)
            word = None
    return words if word is None else [*words, word]


def _parted(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        if word == "--":
            yield from words[at:]
            return
        if word.startswith(_JOINED) and word not in _JOINED:
            yield from (word[:3], word[3:])
        else:
            yield word
