"""What tells two programs apart: manifest, texts, weights, and the answers that flip on given records."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from pawformats import adapter, head, pawbin
from pawformats.values import FloatArray, Program

from . import programs, runtime, tables, weights
from .diagnostics import display_name, printable

#: Characters shown of a record whose answer flips.
_LONGEST = 60
#: Characters shown of a value of the manifest: a SHA-256 and more.
_WIDEST = 80


def compare(one: str, other: str, records: Sequence[str] | None, base: str | None) -> dict[str, Any]:
    """The differences of two program files as plain data; `answers` is null without records.

    Raises PawError for a file that is no valid program, and for one that can't be run on the records.
    """
    (data, first, layout), (data2, second, layout2) = programs.load(one), programs.load(other)
    one, other = display_name(one), display_name(other)
    sizes = [{section.kind: section.size for section in each.sections} for each in (layout, layout2)]
    digests = [{section.kind: section.sha256 for section in each.sections} for each in (layout, layout2)]
    return {
        "files": [one, other],
        "program_ids": [layout.program_id, layout2.program_id],
        "manifest": [
            {"key": key, "values": [values.get(key) for values in flat]}
            for flat in [(_flat(layout), _flat(layout2))]
            for key in sorted({*flat[0], *flat[1]})
            if flat[0].get(key) != flat[1].get(key)
        ],
        "sections": [
            {"kind": kind, "sizes": [size.get(kind) for size in sizes]}
            for kind in pawbin.CODECS
            if digests[0].get(kind) != digests[1].get(kind)
        ],
        "pseudo_program": _text(
            first.pseudo_program.text, second.pseudo_program.text, f"{one} pseudo-program", other
        ),
        "source": _text(first.source, second.source, f"{one} source", other),
        "modules": _modules(first, second),
        "labels": _labels(first, second),
        "answers": None if records is None else _answers(data, data2, records, base),
    }


def _flat(layout: pawbin.Layout) -> dict[str, object]:
    """The manifest with a dotted key for each value within its objects."""
    found: dict[str, object] = {}
    for key, value in layout.manifest.items():
        inner = {f"{key}.{name}": one for name, one in value.items()} if isinstance(value, dict) else {}
        found |= inner or {key: value}
    return found


def _text(ours: str | None, theirs: str | None, one: str, other: str) -> list[str]:
    """The unified difference of two texts, as lines; empty unless both are there."""
    if ours is None or theirs is None:
        return []
    return list(difflib.unified_diff(ours.splitlines(), theirs.splitlines(), one, other, lineterm="", n=1))


def _modules(first: Program, second: Program) -> list[dict[str, Any]]:
    """How far the adapters are from each other, module by module; empty unless both programs have one."""
    if first.adapter is None or second.adapter is None or first.adapter == second.adapter:
        return []
    found = weights.distances(adapter.from_gguf(first.adapter), adapter.from_gguf(second.adapter))
    return [asdict(distance) for distance in found]


def _labels(first: Program, second: Program) -> list[dict[str, Any]]:
    """How far the vectors of each label are from each other; null for a label that only one program has,
    or where encodings of different lengths can't be compared. Empty unless both have a head."""
    if first.head is None or second.head is None or first.head == second.head:
        return []
    ours, theirs = _rows(first), _rows(second)
    found: list[dict[str, Any]] = []
    for label in dict.fromkeys((*ours, *theirs)):
        pair = [rows[label] for rows in (ours, theirs) if label in rows]
        if len(pair) < 2 or len(pair[0]) != len(pair[1]):
            found.append({"label": label, "distance": None, "cosine": None})
            continue
        cosine = weights.label_cosines(np.stack(pair))[0, 1]
        distance = np.linalg.norm(pair[0].astype(np.float64) - pair[1].astype(np.float64))
        found.append({"label": label, "distance": float(distance), "cosine": float(cosine)})
    return found


def _rows(program: Program) -> dict[str, FloatArray]:
    assert program.head is not None
    matrix = head.load(program.head, len(program.contract.labels))
    return dict(zip(program.contract.labels, matrix, strict=True))


def _answers(one: bytes, other: bytes, records: Sequence[str], base: str | None) -> dict[str, Any]:
    ours, theirs = (runtime.answer(each, records, base, deterministic=True) for each in (one, other))
    flips = [
        {"line": line, "record": record, "answers": [a.answer, b.answer], "errors": [a.error, b.error]}
        for line, (record, a, b) in enumerate(zip(records, ours, theirs, strict=True), 1)
        if a.answer != b.answer
    ]
    return {"records": len(records), "flips": flips}


def show(found: Mapping[str, Any]) -> None:
    """The differences for people; nothing for equal programs."""
    for part in _parts(found):
        print(part)
    if found["modules"]:
        tables.show(("module", "distance", "% of the first"), list(map(_module_row, found["modules"])))
    if found["labels"]:
        tables.show(("label's vector", "distance", "cosine"), list(map(_vector_row, found["labels"])))
    if found["answers"] is not None:
        _show_answers(found["answers"])


def _module_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    relative = "" if one["relative"] is None else f"{100 * one['relative']:.1f}"
    return one["name"], f"{one['distance']:.4g}", relative


def _vector_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    if one["distance"] is None:
        return printable(one["label"]), "", ""
    return printable(one["label"]), f"{one['distance']:.4f}", f"{one['cosine']:.4f}"


def _parts(found: Mapping[str, Any]) -> Iterator[str]:
    for one in found["manifest"]:
        old, new = (_short(_spelt(value), _WIDEST) for value in one["values"])
        yield f"{one['key']}: {old} → {new}"
    for one in found["sections"]:
        old, new = ("none" if size is None else f"{size} bytes" for size in one["sizes"])
        yield f"section {one['kind']}: {old} → {new}"
    for name in ("pseudo_program", "source"):
        yield from map(printable, found[name])


def _show_answers(answers: Mapping[str, Any]) -> None:
    flips = answers["flips"]
    if flips:
        rows = [
            (str(one["line"]), _short(one["record"]), *(_answer(one, side) for side in (0, 1)))
            for one in flips
        ]
        tables.show(("line", "record", "first", "second"), rows, left=(1, 2, 3))
    print(f"{len(flips)} of {answers['records']} answers flip")


def _answer(flip: Mapping[str, Any], side: int) -> str:
    answer = flip["answers"][side]
    return f"no answer: {flip['errors'][side]}" if answer is None else _short(answer)


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str, most: int = _LONGEST) -> str:
    folded = printable(" ".join(text.split()))
    return folded if len(folded) <= most else folded[: most - 1] + "…"
