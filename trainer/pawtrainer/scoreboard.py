"""The figures of `pawc eval` for people: a table a system and one a family, on a terminal and as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pawc import tables

from .evaluate import PROGRAM, UNDER

Rows = list[list[str]]


def show(result: dict[str, Any], as_json: bool) -> None:
    """Print the figures: JSON, tables for a terminal, or the same plainly."""
    if as_json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return
    header, rows = _systems(result)
    tables.show(header, rows, ends=(0,))
    header, rows = _families(result)
    print()
    tables.show(header, rows, left=(0, 4))
    for line in _foot(result):
        print(line)


def markdown(result: dict[str, Any]) -> str:
    """The same tables, then every system in every family and output kind with its interval."""
    groups = [("all", result["all"]), *result["output_kinds"].items(), *result["families"].items()]
    header = ["95 % intervals", *(name for name, _ in groups)]
    rows = [[name, *(_with_interval(_of(group, name)) for _, group in groups)] for name in _names(result)]
    parts = [_table(*_systems(result)), _table(*_families(result)), _table(header, rows)]
    return "\n\n".join([*parts, "\n".join(_foot(result))]) + "\n"


def _names(result: dict[str, Any]) -> list[str]:
    return [PROGRAM, *result["all"]["others"]]


def _of(group: dict[str, Any], name: str) -> dict[str, Any]:
    """A system's share and interval in a group of records."""
    found: dict[str, Any] = group if name == PROGRAM else group["others"][name]
    return found


def _systems(result: dict[str, Any]) -> tuple[list[str], Rows]:
    """A row a system: all cases, their interval, and each kind of output."""
    kinds = result["output_kinds"]
    counts = [f"{result['all']['cases']} cases", "", *(str(kind["cases"]) for kind in kinds.values())]
    rows = [["", *counts]]
    for name in _names(result):
        whole = _of(result["all"], name)
        shares = (_percent(_of(kind, name)) for kind in kinds.values())
        rows.append([name, _percent(whole), _span(whole), *shares])
    return ["exact match, %", "all", "95 %", *kinds], rows


def _families(result: dict[str, Any]) -> tuple[list[str], Rows]:
    """A row a family: the program, and the best of the others but itself under noise."""
    rows = []
    for name, group in result["families"].items():
        others = {other: share for other, share in group["others"].items() if not other.startswith(UNDER)}
        best = max(others, key=lambda other: others[other]["exact_match"])
        beside = f"{best}, {_percent(others[best])}"
        rows.append([name, str(group["cases"]), _percent(group), _span(group), beside])
    return ["family", "cases", PROGRAM, "95 %", "best of the others"], rows


def _percent(share: dict[str, Any]) -> str:
    return f"{100 * share['exact_match']:.1f}"


def _span(share: dict[str, Any]) -> str:
    low, high = share["interval95"]
    return f"{100 * low:.1f} to {100 * high:.1f}"


def _with_interval(share: dict[str, Any]) -> str:
    return f"{_percent(share)} ({_span(share)})"


def _foot(result: dict[str, Any]) -> Iterator[str]:
    whole = result["all"]
    noise = f", noise {result['noise']}" if result["noise"] else ""
    yield f"exact match {_percent(whole)} %, 95 % interval {_span(whole)}{noise}"
    for failure in result["failures"]:
        system = "" if failure["system"] == PROGRAM else f"{failure['system']}: "
        yield f"failed: {system}{failure['id']}: {failure['error']}"


def _table(header: list[str], rows: Rows) -> str:
    """Markdown; the first column is text, the others are numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
