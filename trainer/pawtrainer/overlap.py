"""What training may not show: text of the files that accuracy is measured on.

Texts are compared as words: casefolded, without punctuation. A text overlaps with a measured one where both
have the same LONG words in a row; a measured text of fewer words must occur as a whole, and one of fewer than
SHORT ("4 kB", "dark mode") doesn't count, since anybody would write it. Of a measured record the description
and all inputs are looked for, not the answers: a label, a date or a command is right for many inputs.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pawformats import paw

LONG, SHORT = 8, 4
#: The hand-written functions and the development benchmark: in a checkout, not in an installed package.
FUZZYBENCH = Path(__file__).parents[1] / "fuzzybench"

Run = tuple[str, ...]


def words(text: str) -> list[str]:
    """Runs of letters and digits, casefolded."""
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> Iterator[Run]:
    """Each LONG words in a row; all words of a shorter text; nothing of one under SHORT."""
    found = words(text)
    if len(found) >= SHORT:
        for at in range(max(1, len(found) - LONG + 1)):
            yield tuple(found[at : at + LONG])


class Index:
    """Runs of some texts, to look for in others."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.by_start: dict[Run, set[Run]] = {}
        for run in (run for text in texts for run in runs(text)):
            self.by_start.setdefault(run[:SHORT], set()).add(run)

    def find(self, text: str) -> Run | None:
        """The first of the runs that `text` has."""
        found = words(text)
        for at in range(len(found) - SHORT + 1):
            for run in self.by_start.get(tuple(found[at : at + SHORT]), ()):
                if run == tuple(found[at : at + len(run)]):
                    return run
        return None


def measured_files() -> list[Path]:
    """The development benchmark and the cases of the examples; none in an installed package."""
    if not FUZZYBENCH.is_dir():
        return []
    return [FUZZYBENCH / "dev.jsonl", *sorted(FUZZYBENCH.parents[1].glob("examples/*/cases.jsonl"))]


def measured_texts(path: Path) -> Iterator[str]:
    """Descriptions and inputs of a benchmark's records."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for row in map(json.loads, file):
            spec = paw.parse(row["spec"].encode(), row["id"])
            yield spec.description
            yield from (example.input for example in spec.examples)
            yield from (case["input"] for case in row["cases"])


@functools.cache
def _measured() -> Index:
    return Index(text for path in measured_files() for text in measured_texts(path))


def measured(text: str) -> Run | None:
    """A run that `text` shares with what is measured on."""
    return _measured().find(text)
