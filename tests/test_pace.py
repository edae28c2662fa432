"""Threads by what was fastest lately, on a machine that is made up; and that no result depends on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import programs
import pytest
from pawllama.context import Context
from pawllama.encoder import Encoder
from pawllama.model import Model
from pawllama.pace import Pace, Paces
from pawllama.runs import Run

from pawc import targets

#: Seconds that a token takes on an idle machine and on a busy one, by threads.
IDLE = {4: 1.0, 2: 1.6, 1: 3.0}
BUSY = {4: 40.0, 2: 20.0, 1: 4.0}


def run(pace: Pace, took: dict[int, float], batches: int) -> list[int]:
    used = []
    for _ in range(batches):
        used.append(pace.threads())
        pace.took(used[-1], took[used[-1]])
    return used


@pytest.mark.parametrize("most", [2, 4])
def test_it_takes_what_is_fastest_and_follows_the_machine(most: int) -> None:
    pace = Pace(most)
    first = run(pace, IDLE, 600)
    assert first[0] == most and first.count(most) > 560  # the rest were comparisons
    busy = run(pace, BUSY, 600)
    assert set(busy[12:]) and busy[12:].count(1) > 560  # soon one thread, and it stays so
    again = run(pace, IDLE, 1200)
    assert again[-400:].count(most) > 380  # found out by a comparison


def test_one_slow_batch_changes_nothing_for_long() -> None:
    pace = Pace(2)
    run(pace, IDLE, 100)
    pace.took(pace.threads(), 50.0)
    assert run(pace, IDLE, 40)[-20:].count(2) >= 18


def test_a_number_that_is_given_is_kept_and_one_core_leaves_no_choice() -> None:
    for threads, most in ((3, 8), (None, 1)):
        used: list[int] = []
        paces = Paces(threads, most)
        for size in (1, 30, 500):
            paces.run(size, used.append)
        assert used == [threads or most] * 3 and paces.most == (threads or most)


def test_sizes_are_measured_apart() -> None:
    used: list[tuple[int, int]] = []
    paces = Paces(None, 2)
    for _ in range(2):
        for size in (3, 300):
            paces.run(size, lambda threads, size=size: used.append((size, threads)))  # type: ignore[misc]
    assert used == [(3, 2), (300, 2), (3, 1), (300, 1)]


@pytest.mark.parametrize("adapted", [False, True])
def test_no_result_depends_on_the_threads(tiny_target: Path, adapted: bool) -> None:
    found = []
    with Model(str(tiny_target.with_name("base.gguf"))) as model:
        adapter = model.adapter(programs.random_adapter()) if adapted else None
        for threads in (1, 2, 3):
            with Context(model, pool=256, sequences=3, threads=threads) as context:
                context.adapt(adapter)
                runs = [Run(seq, 0, [5 + seq, *range(9, 9 + 20 * seq)]) for seq in range(3)]
                found.append(np.stack(context.evaluate(runs)))
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])


def test_no_encoding_depends_on_the_threads() -> None:
    path = targets.find(targets.LABELS).lm_path
    assert path is not None
    found = []
    with Model(path) as model:
        for threads in (1, 2, 3):
            with Encoder(model, threads) as encoder:
                texts = [[101, *range(2000, 2000 + size), 102] for size in (4, 30, 60, 150)]
                found.append(np.concatenate([encoder.encode([text]) for text in texts]))
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])
