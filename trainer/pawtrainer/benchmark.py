"""Benchmarks of specs: what a line of one holds, and specs as careless authors would have written them.

A line is {"id", "family", "spec", "output_kind", "labels", "cases": [{"input", "output"}]}.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

from pawformats.errors import PawError, Position

from .noise import Noise, noisy


@dataclass(frozen=True)
class Record:
    id: str
    family: str
    spec: str
    output_kind: str
    cases: tuple[tuple[str, str], ...]
    labels: tuple[str, ...] = ()


def load(path: str, limit: int | None = None) -> list[Record]:
    """Read a benchmark. Raises PawError, placed at its line, for a record of another form."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")  # a JSON string may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise PawError("cannot-read", f"cannot read {path}: {reason}") from error
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            cases = tuple((case["input"], case["output"]) for case in row["cases"])
            texts = (row["id"], row["family"], row["spec"], row["output_kind"])
            record = Record(*texts, cases, tuple(row.get("labels") or ()))
            given = (*texts, *sum(cases, ()), *record.labels)
            if not cases or not all(isinstance(text, str) for text in given):
                raise ValueError("a field is not a string, or there are no cases")
            json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise PawError(
                "bad-record",
                f"not a record of a benchmark: {_reason(error)}",
                position=Position(path, number, getattr(error, "colno", 1)),
            ) from error
        records.append(record)
    if not records:
        raise PawError("bad-record", f"{path} has no records")
    return records[:limit]


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, UnicodeEncodeError):
        return "a string has half of a surrogate pair"
    return str(error) if isinstance(error, ValueError) else "it has another form"


def disturbed(record: Record, noise: Noise) -> Record:
    """The record with noise in its spec, drawn from its id; labels and answers stay as they are."""
    answers = (*record.labels, *(answer for _, answer in record.cases))
    return replace(record, spec=noisy(record.spec, *noise, random.Random(record.id), answers))
