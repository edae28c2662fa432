"""What a task family is: a recipe that draws fuzzy functions, each with its oracle.

A family draws a `Function` (labels, formats and rules fixed by the draw) whose `sample` then draws
pairs that are right by construction. `draw_task` turns a function into a training task: one
wording, some embedded examples, distinct pairs.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class Function:
    """One concrete fuzzy function. `wordings` all say the same thing: the labels, the output format
    and every rule that an input can touch. `output_kind` is label, text, json or list."""

    wordings: tuple[str, ...]
    output_kind: str
    sample: Callable[[random.Random], Pair]
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Task:
    """A function as the trainer sees it: a spec text (with any embedded examples) and its pairs."""

    family: str
    group: str
    spec: str
    output_kind: str
    labels: tuple[str, ...] | None
    pairs: tuple[Pair, ...]


Draw = Callable[[random.Random], Function]


@dataclass(frozen=True)
class Family:
    name: str
    group: str
    draw: Draw


FAMILIES: dict[str, Family] = {}


def family(group: str) -> Callable[[Draw], Draw]:
    """Register a drawing function under its own name in one of the seven benchmark groups."""

    def register(draw: Draw) -> Draw:
        name = draw.__name__.replace("_", "-")
        if name in FAMILIES:
            raise ValueError(f"two families are called {name}")
        FAMILIES[name] = Family(name, group, draw)
        return draw

    return register


def distinct_pairs(rng: random.Random, function: Function, count: int) -> list[Pair]:
    """Up to `count` pairs with distinct inputs; fewer when the function's inputs run out.

    Draws in rounds over the labels so far rarest, so that a rare answer still appears.
    """
    pairs: dict[str, str] = {}
    seen: dict[str, int] = {}
    for _ in range(count * 12):
        if len(pairs) >= count:
            break
        given, answer = function.sample(rng)
        share = len(pairs) // len(function.labels) if function.labels else len(pairs)
        crowded = seen.get(answer, 0) > share
        if given in pairs or (crowded and rng.random() < 0.7):
            continue
        pairs[given] = answer
        seen[answer] = seen.get(answer, 0) + 1
    return list(pairs.items())


def draw_task(rng: random.Random, chosen: Family, pairs: int) -> Task:
    """Draw one function of a family, word it, and embed zero to five examples in half of the specs."""
    function = chosen.draw(rng)
    shown = rng.choice((0, 0, 0, 1, 2, 2, 3, 3, 4, 5))
    drawn = distinct_pairs(rng, function, pairs + shown)
    examples, rest = drawn[:shown], drawn[shown:]
    text = rng.choice(function.wordings)
    if examples:
        gap = rng.choice(("\n", "\n\n"))
        text += "\n\n" + gap.join(f"Input: {given}\nOutput: {answer}" for given, answer in examples)
    return Task(chosen.name, chosen.group, text, function.output_kind, function.labels, tuple(rest))
