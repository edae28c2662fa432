"""Fit how much each kind of evidence counts in `pawc.labels`, and measure what that finds.

    python -m pawtrainer.fit_labels trainer/fuzzybench pawc/label_weights.py   # fit, write, measure
    python -m pawtrainer.fit_labels trainer/fuzzybench                         # measure the weights in use

The folder is that of the hand-written functions. Half of them, by a hash of the id, and as many drawn from
the procedural families are fitted; the other half and other draws are measured. Words come first, then sets:
those of one fold are weighed with words fitted on the other, as words that were fitted seem surer than new
ones. The odds of a set are beside those of all others of its text and of none, which are 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from pawformats import paw
from pawformats.errors import PawError

from pawc import label_weights, labels, mentions

from .corpus import load_families, read_lines
from .families.base import FAMILIES, draw_task

#: Evidence seen in fewer functions, or that counts less, is left out; the penalty is on the squared weights.
FEW, LEAST, PENALTY = {"words": 15, "sets": 25}, {"words": 0.2, "sets": 0.2}, 1.5
#: A text function with so few different outputs, all named, may be a closed set by another name: not fitted.
MOST_CLOSED = 12
Weights = dict[str, float]
Row = Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """A wording with its function's name, the labels if it has any, and answers that were seen."""

    owner: str
    text: str
    outputs: tuple[str, ...]
    labels: frozenset[str]
    answers: frozenset[str]

    @property
    def unclear(self) -> bool:
        few = len(self.answers) <= MOST_CLOSED
        return not self.labels and few and all(answer in self.text for answer in self.answers)


def half(name: str, purpose: str = "labels") -> int:
    return int(hashlib.sha256(f"{purpose}:{name}".encode()).hexdigest()[:8], 16) % 2


def case(owner: str, spec: str, named: Sequence[str] | None, answers: Sequence[str]) -> Case:
    parsed = paw.parse(spec.encode(), "spec")
    outputs = tuple(example.output for example in parsed.examples)
    return Case(owner, parsed.description.strip(), outputs, frozenset(named or ()), frozenset(answers))


def hand_written(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("train-*.jsonl")):
        for row in read_lines(path):
            named = row["labels"] if row["output_kind"] == "label" else None
            for wording in (row["spec"], *row["paraphrases"]):
                with suppress(PawError):  # a wording without a description
                    yield case(row["id"], wording, named, [pair["output"] for pair in row["pairs"]])


def drawn(seed: int, count: int) -> Iterator[Case]:
    rng, names = random.Random(seed), load_families()
    for _ in range(count):
        task = draw_task(rng, FAMILIES[rng.choice(names)], 6)
        yield case(task.family, task.spec, task.labels, [answer for _, answer in task.pairs])


def fit(rows: list[Row], groups: list[int], owners: list[str], right: list[bool], kind: str) -> Weights:
    """Weights with which the odds of the right row of each group are likeliest; small ones are left out."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row, owner in zip(rows, owners, strict=True):
        for name in row:
            seen[name].add(owner)
    names = sorted(name for name, where in seen.items() if len(where) >= FEW[kind])
    fitted: Weights = {}
    for _ in range(2):
        column = {name: at for at, name in enumerate(names)}
        cells = [(i, column[n], a) for i, row in enumerate(rows) for n, a in row.items() if n in column]
        weights = _solve(cells, torch.tensor(groups), torch.tensor(right, dtype=torch.float64), len(names))
        fitted = {name: round(weight, 2) for name, weight in zip(names, weights, strict=True)}
        names = [name for name in names if abs(fitted[name]) >= LEAST[kind]]
    return fitted


def _solve(
    cells: list[tuple[int, int, float]], group: torch.Tensor, hit: torch.Tensor, width: int
) -> list[float]:
    """The minimum of -log odds of the right rows; `cells` are (row, column, amount)."""
    row, column, amount = (torch.tensor(part) for part in zip(*cells, strict=True))
    weights = torch.zeros(width, dtype=torch.float64)
    solver = torch.optim.LBFGS([weights], max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        odds = torch.bincount(row, amount * weights[column], len(hit)).clamp(max=30)
        total = 1 + torch.bincount(group, odds.exp())
        wrong = odds.exp() / total[group] - hit
        weights.grad = torch.bincount(column, amount * wrong[row], width) + PENALTY * weights
        return total.log().sum() - (odds * hit).sum() + PENALTY / 2 * (weights**2).sum()

    solver.step(loss)  # type: ignore[no-untyped-call]
    return [float(weight) for weight in weights]


def fit_words(cases: Sequence[Case]) -> tuple[Weights, Weights]:
    """Weights of a word's own evidence, and of what its fellows add."""
    looks = [(one, labels.look(one.text, one.outputs).mentions) for one in cases]
    keys = [(one, unit) for one, found in looks for unit in found.about]
    owners, right = [one.owner for one, _ in keys], [unit in one.labels for one, unit in keys]
    evidence = (names for _, found in looks for names in found.about.values())
    own: list[Row] = [dict.fromkeys(("", *names), 1.0) for names in evidence]
    words = fit(own, list(range(len(own))), owners, right, "words")
    firsts = [(found, mentions.first_strengths(found, words)) for _, found in looks]
    rows: list[Row] = [row for found, first in firsts for row in mentions.beside(found, first).values()]
    return words, fit(rows, list(range(len(rows))), owners, right, "words")


def fit_sets(cases: Sequence[Case]) -> Weights:
    rows: list[Row] = []
    found: list[tuple[int, str, bool]] = []
    for fold in (0, 1):
        words, again = fit_words([one for one in cases if half(one.owner, "fold") != fold])
        for number, one in enumerate(cases):
            if half(one.owner, "fold") == fold:
                for candidate in labels.candidates(labels.look(one.text, one.outputs), words, again):
                    rows.append(candidate.evidence)
                    found.append((number, one.owner, frozenset(candidate.labels) == one.labels))
    numbers, owners, right = (list(part) for part in zip(*found, strict=True))
    return fit(rows, numbers, owners, right, "sets")


def measure(name: str, cases: Sequence[Case]) -> None:
    tally: Counter[str] = Counter()
    for one in cases:
        got = frozenset(labels.infer(one.text, one.outputs))
        kind = "none" if not got else "right" if got == one.labels else "wrong" if one.labels else "open"
        kind = "closed" if kind == "open" and got >= one.answers else kind
        tally["superset" if kind == "wrong" and got > one.labels else kind] += 1
    known = sum(bool(one.labels) for one in cases)
    sets = len(cases) - tally["none"]
    recall, strict = tally["right"] / known, tally["right"] / sets
    loose = (tally["right"] + tally["closed"]) / sets
    print(f"{name}: recall {recall:.1%} of {known}, precision {strict:.1%} of {sets},")
    print(f"  {loose:.1%} with text functions whose outputs are all in the set; {dict(tally)}")


def write(path: Path, tables: Mapping[str, Weights]) -> None:
    parts = ['"""What each kind of evidence counts in `labels`; written by `pawtrainer.fit_labels`."""\n']
    for name, weights in tables.items():
        ranked = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))
        text = ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in ranked)
        body = textwrap.fill(text, 106, break_long_words=False, break_on_hyphens=False)
        parts.append("# fmt: off" if not parts[1:] else "")
        parts.append(f"{name}: dict[str, float] = {{\n{textwrap.indent(body, '    ')},\n}}")
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
    for name, weights in tables.items():
        table = getattr(label_weights, name)
        table.clear()
        table.update(weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    chosen = parser.parse_args()
    parts: tuple[list[Case], list[Case]] = ([], [])
    for one in hand_written(chosen.data):
        parts[half(one.owner)].append(one)
    if chosen.out:
        fitted = [one for one in (*parts[0], *drawn(11, len(parts[0]))) if not one.unclear]
        sets = fit_sets(fitted)
        words, again = fit_words(fitted)
        write(chosen.out, {"WORDS": words, "AGAIN": again, "SETS": sets})
    for name, cases in (("fitted half", parts[0]), ("other half", parts[1]), ("drawn", list(drawn(7, 1500)))):
        measure(name, cases)


if __name__ == "__main__":
    main()
