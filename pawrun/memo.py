"""Answers kept for records that come again, as those of logs do."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence

from .answers import Answer, Answerer

#: What is kept at most, counted as Python holds it; of entries, to bound their overhead too.
_ENTRIES, _BYTES = 1 << 16, 32 << 20
#: No longer text is kept, in characters: what is that long seldom comes twice.
_LONGEST = 1 << 14


class Memo:
    """An answerer that asks another one only what it doesn't know, and each text of a batch once.

    The least recently used are forgotten. A failure isn't kept. All is forgotten once `version` gives
    another value, and each time if it gives None. `hits` counts the texts of `asked` that were answered
    without asking.
    """

    def __init__(
        self,
        inner: Answerer,
        version: Callable[[], object],
        entries: int = _ENTRIES,
        size: int = _BYTES,
    ) -> None:
        self._inner, self._version, self._entries, self._size = inner, version, entries, size
        self._seen: object = None
        self._known: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0
        self.asked = self.hits = 0

    @property
    def ahead(self) -> int:
        return self._inner.ahead

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """One answer per text, in order."""
        seen = self._version()
        if seen is None or seen != self._seen:
            self._known.clear()
            self._seen, self._bytes = seen, 0
        found = {text: self._known[text] for text in texts if text in self._known}
        missing = list(dict.fromkeys(text for text in texts if text not in found))
        self.asked += len(texts)
        self.hits += len(texts) - len(missing)
        fresh = self._inner.answer(missing) if missing else []
        for text in found:
            self._known.move_to_end(text)
        for text, answer in zip(missing, fresh, strict=True):
            found[text] = answer
            self._keep(text, answer)
        return [found[text] for text in texts]

    def _keep(self, text: str, answer: Answer) -> None:
        if answer.error is not None or len(text) > _LONGEST:
            return
        self._known[text] = answer
        self._bytes += _held(text, answer)
        while len(self._known) > self._entries or self._bytes > self._size:
            self._bytes -= _held(*self._known.popitem(last=False))


def _held(text: str, answer: Answer) -> int:
    odds = answer.distribution or {}  # its keys are the program's own
    return sum(map(sys.getsizeof, (text, answer.text, odds, *odds.values())))
