"""-O2 beside what a user would do instead, on labelled data with few examples of each label.

`python bench/refine.py FOLDER` reads FOLDER/specs.json, {name: {"spec", "labels"}}, and FOLDER/NAME.jsonl,
rows with input and output; it prints a table and writes bench/results/refine-DATE.json. Needs
scikit-learn. Programs are compiled and run by the commands. Each split draws its examples, and the rest is
answered. What trains an adapter takes minutes, and is done for the first split and where there is not too
much text.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pawformats import adapter, pawbin
from pawformats.values import Adapter
from pawtrainer import refine
from run import results, write  # beside this file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from pawc import runtime
from pawc.driver import Toolbox

ROOT = Path(__file__).parents[1]
SIZES = (8, 32, 128)
#: Records that must be left to answer, as a share of the examples; answered records of a split at most.
LEFT, MOST = 0.5, 300
#: Characters to train an adapter on, at most.
ADAPTER_TEXT = 30_000

Row = tuple[str, str]


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """A task's rows, each with input and output."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")  # a string may hold U+2028
    return [json.loads(line) for line in lines if line]


def split(
    rows: Sequence[Row], labels: Sequence[str], size: int, seed: int
) -> tuple[list[Row], list[Row]] | None:
    """`size` examples of each label, and of the others at most MOST; None if too few would be left."""
    drawn = list(rows)
    random.Random(f"{seed}:{size}").shuffle(drawn)
    taken: Counter[str] = Counter()
    shown, left = [], []
    for row in drawn:
        (shown if taken[row[1]] < size else left).append(row)
        taken[row[1]] += 1
    enough = all(taken[label] > size for label in labels) and len(left) >= LEFT * len(shown)
    return (shown, left[:MOST]) if enough else None


def answers(folder: Path, spec: str, labels: Sequence[str], shown: Sequence[Row], *options: str) -> bytes:
    """A program that pawc makes of the spec."""
    source, data, out = folder / "task.paw", folder / "data.jsonl", folder / "task.pawbin"
    source.write_text(f"+++\nlabels = {json.dumps(list(labels), ensure_ascii=False)}\n+++\n{spec}\n")
    data.write_text("".join(json.dumps({"input": given, "output": answer}) + "\n" for given, answer in shown))
    learn = ["--data", str(data)] if "-O2" in options else []
    command = [
        sys.executable,
        "-m",
        "pawc",
        "--no-cache",
        "-w",
        *options,
        *learn,
        str(source),
        "-o",
        str(out),
    ]
    subprocess.run(command, check=True)
    return out.read_bytes()


def programs(
    folder: Path, spec: str, labels: Sequence[str], shown: Sequence[Row], adapters: bool
) -> Iterator[tuple[str, bytes]]:
    yield "-O1", answers(folder, spec, labels, shown)
    yield "-O2", answers(folder, spec, labels, shown, "-O2")
    if adapters:
        bare = answers(folder, spec, labels, shown, "--target", "nano")
        yield "nano -O1", bare
        yield "nano -O2", answers(folder, spec, labels, shown, "-O2", "--target", "nano")
        yield "fixed LoRA", fixed(bare, labels, shown)


def fixed(compiled: bytes, labels: Sequence[str], shown: Sequence[Row]) -> bytes:
    """A program whose adapter was trained for this task alone, from one that does nothing."""
    program = pawbin.load(compiled)
    with_tools = Toolbox()
    target = with_tools.target("nano")
    assert program.adapter is not None
    rng = np.random.default_rng(0)
    modules = {}
    for name, (a, b) in adapter.from_gguf(program.adapter).modules.items():
        normal = rng.standard_normal(a.shape).astype(np.float32) / np.float32(a.shape[1] ** 0.5)
        modules[name] = (normal, np.zeros_like(b))
    start = Adapter(target.name, target.base.architecture, target.rank, target.alpha, modules)
    found = refine.refine(target, program.pseudo_program.text, shown, labels, start)
    return pawbin.dump(replace(program, adapter=adapter.to_gguf(found.adapter or start, "q8_0")))


def score(program: bytes, left: Sequence[Row]) -> float:
    replies = runtime.answer(program, [given for given, _ in left])
    return sum(reply.answer == wanted for reply, (_, wanted) in zip(replies, left, strict=True)) / len(left)


def tfidf(shown: Sequence[Row], left: Sequence[Row]) -> float:
    """Words and pairs of them; the strength of the regularisation is chosen by cross-validation."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    x = words.fit_transform([given for given, _ in shown])
    strengths = {"C": [0.1, 1, 10, 100, 1000]}
    model = GridSearchCV(LogisticRegression(max_iter=2000), strengths, cv=4)
    model.fit(x, [answer for _, answer in shown])
    found = model.predict(words.transform([given for given, _ in left]))
    return float(np.mean([a == wanted for a, (_, wanted) in zip(found, left, strict=True)]))


def nearest(shown: Sequence[Row], left: Sequence[Row], tools: Toolbox) -> dict[str, float]:
    """The answer of the most similar example: by the encoder of mini, and by shared words."""
    encoder = tools.encoder()
    a, b = (encoder.vectors([given for given, _ in rows]) for rows in (left, shown))
    by_meaning = (a @ b.T).argmax(axis=1)
    bags = [[frozenset(re.findall(r"\w+", given.lower())) for given, _ in rows] for rows in (left, shown)]
    by_words = [
        max(range(len(shown)), key=lambda n: len(bag & bags[1][n]) / len(bag | bags[1][n] or {0}))
        for bag in bags[0]
    ]
    return {
        name: float(np.mean([shown[n][1] == wanted for n, (_, wanted) in zip(found, left, strict=True)]))
        for name, found in (("nearest, encoder", by_meaning), ("nearest, words", by_words))
    }


def measure(
    folder: Path, splits: int, tasks: Sequence[str], sizes: Sequence[int]
) -> Iterator[dict[str, Any]]:
    specs = json.loads((folder / "specs.json").read_text())
    tools = Toolbox()
    for size in sizes:
        for name in tasks or sorted(specs):
            spec, labels = specs[name]["spec"], specs[name]["labels"]
            rows = [(row["input"], row["output"]) for row in read_rows(folder, name)]
            for seed in range(splits):
                drawn = split(rows, labels, size, seed)
                if drawn is None:
                    continue
                shown, left = drawn
                small = sum(len(given) for given, _ in shown) <= ADAPTER_TEXT
                found: dict[str, Any] = {}
                seconds: dict[str, float] = {}
                with tempfile.TemporaryDirectory() as place:
                    began = time.perf_counter()
                    for kind, program in programs(Path(place), spec, labels, shown, small and seed == 0):
                        seconds[kind] = time.perf_counter() - began
                        found[kind] = score(program, left)
                        began = time.perf_counter()
                found |= {"TF-IDF + LR": tfidf(shown, left), **nearest(shown, left, tools)}
                yield {
                    "task": name,
                    "size": size,
                    "split": seed,
                    "records": len(left),
                    "right": found,
                    "compile_s": seconds,
                }
    tools.close()


def show(cells: Sequence[dict[str, Any]]) -> None:
    """Means over splits, and over the tasks that have both numbers."""
    for size in sorted({cell["size"] for cell in cells}):
        some = [cell for cell in cells if cell["size"] == size]
        kinds = list(dict.fromkeys(kind for cell in some for kind in cell["right"]))
        print(f"\n{size} examples a label" + "".join(f"{kind:>18}" for kind in kinds))
        for task in dict.fromkeys(cell["task"] for cell in some):
            own = [cell["right"] for cell in some if cell["task"] == task]
            print(
                f"{task:20}" + "".join(f"{_percent([one[k] for one in own if k in one]):>18}" for k in kinds)
            )
        print(
            f"{'mean':20}"
            + "".join(f"{_percent([c['right'][k] for c in some if k in c['right']]):>18}" for k in kinds)
        )
        print(
            f"{'-O2 on the same':20}"
            + "".join(f"{_percent([c['right']['-O2'] for c in some if k in c['right']]):>18}" for k in kinds)
        )


def _percent(shares: Sequence[float]) -> str:
    return f"{100 * float(np.mean(shares)):.1f}" if shares else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="specs.json and the tasks' rows")
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--task", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--size", action="append", type=int, default=[], help="only so many; may be repeated")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    cells = []
    for cell in measure(arguments.folder, arguments.splits, arguments.task, arguments.size or SIZES):
        cells.append(cell)
        shares = ", ".join(f"{kind} {100 * share:.1f}" for kind, share in cell["right"].items())
        print(f"{cell['task']} {cell['size']} {cell['split']}: {shares}", file=sys.stderr, flush=True)
    show(cells)
    result = results("llama-cpp-python", "numpy", "scikit-learn", "torch") | {"cells": cells}
    write(arguments.out, f"refine-{result['date']}", result)


if __name__ == "__main__":
    main()
