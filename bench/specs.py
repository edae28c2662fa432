"""What a way of writing specs does to exact match: the same functions, their specs written in other ways.

`python bench/specs.py [BENCHMARK.jsonl]` takes the functions with labels of a benchmark, if none is named
trainer/fuzzybench/dev.jsonl, and has `pawc eval` score each way. docs/writing-specs.md has the numbers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pawformats import paw

Row = dict[str, Any]
ROOT = Path(__file__).parents[1]


def with_examples(row: Row) -> Row | None:
    """As it is, if it has examples."""
    return row if paw.parse(row["spec"].encode(), "spec").examples else None


def without_examples(row: Row) -> Row | None:
    """A spec that had examples, its prose alone."""
    spec = paw.parse(row["spec"].encode(), "spec")
    return row | {"spec": spec.description} if spec.examples else None


def more_examples(row: Row) -> Row | None:
    """Two of the cases as examples, the other four asked; compare with `fewer_cases`."""
    shown = "".join(f"\n\nInput: {case['input']}\nOutput: {case['output']}" for case in row["cases"][:2])
    return row | {"spec": row["spec"].rstrip() + shown, "cases": row["cases"][2:]}


def fewer_cases(row: Row) -> Row:
    return row | {"cases": row["cases"][2:]}


def declared(row: Row) -> Row:
    """The labels in the front matter."""
    labels = json.dumps(row["labels"], ensure_ascii=False)
    return row | {"spec": f"+++\nlabels = {labels}\n+++\n{row['spec']}"}


WAYS: dict[str, tuple[Callable[[Row], Row | None], tuple[str, ...]]] = {
    "as they are": (lambda row: row, ()),
    "labels declared": (declared, ()),
    "those with examples, as they are": (with_examples, ()),
    "those with examples, without them": (without_examples, ()),
    "the last four cases": (fewer_cases, ()),
    "the last four cases, the first two as further examples": (more_examples, ()),
    "typos": (lambda row: row, ("--noise", "typos")),
    "terse": (lambda row: row, ("--noise", "terse")),
    "casual": (lambda row: row, ("--noise", "casual")),
    "formatting": (lambda row: row, ("--noise", "formatting")),
    "ambiguity": (lambda row: row, ("--noise", "ambiguity")),
    "paraphrase": (lambda row: row, ("--noise", "paraphrase")),
}


def score(rows: list[Row], options: tuple[str, ...]) -> str:
    """Exact match in percent and its interval, as `pawc eval` has them."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
        file.flush()
        command = [sys.executable, "-m", "pawc", "eval", "--json", *options, file.name]
        done = subprocess.run(command, check=True, capture_output=True)
    found = json.loads(done.stdout)["all"]
    low, high = found["interval95"]
    return f"{100 * found['exact_match']:.1f} ({100 * low:.1f} to {100 * high:.1f})"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "trainer" / "fuzzybench" / "dev.jsonl"
    rows = [
        row for row in map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1]) if row["labels"]
    ]
    for name, (way, options) in WAYS.items():
        made = [row for row in map(way, rows) if row is not None]
        print(f"{name}: {len(made)} functions: {score(made, options)}", flush=True)


if __name__ == "__main__":
    main()
