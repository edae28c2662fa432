"""What records begin with alike is evaluated once, and changes no answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import programs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pawformats.errors import PawError
from pawformats.values import Contract
from pawllama.context import Context
from pawllama.model import Model
from pawllama.runs import Run, count, pack, shared

from pawrun.engine import DecoderSession

TOKENS = st.lists(st.integers(0, 2), min_size=1, max_size=6)


@given(st.lists(st.tuples(TOKENS, st.sampled_from((None, 0, 9)), st.integers(0, 1)), max_size=8))
def test_pieces_are_a_tree_of_the_runs(drawn: list[tuple[list[int], int | None, int]]) -> None:
    runs = [Run(seq + 1, start, tokens, behind) for seq, (tokens, behind, start) in enumerate(drawn)]
    pieces = shared(runs)
    assert count(runs) <= sum(len(run.tokens) for run in runs)
    for number, run in enumerate(runs):
        own = [piece for piece in pieces if run.seq in (piece.run.seq, *piece.run.others)]
        assert [token for piece in own for token in piece.run.tokens] == list(run.tokens)
        at = run.start
        for piece in own:  # each goes on where the last one ended, with no sequence that was not there
            assert piece.run.start == at
            at += len(piece.run.tokens)
        sets = [{piece.run.seq, *piece.run.others} for piece in own]
        assert all(later <= earlier for earlier, later in pairwise(sets))
        assert [piece for piece in pieces if number in piece.ends] == [own[-1]]
    for one in pieces:
        kin = [runs[seq - 1] for seq in (one.run.seq, *one.run.others)]
        assert len(kin) == 1 or len({(run.behind, run.start) for run in kin} - {(None, kin[0].start)}) == 1


def test_what_is_alike_counts_once() -> None:
    lines = ([1, 2, 3, 4], [1, 2, 3, 5, 6], [1, 2, 9], [7])
    runs = [Run(seq, 4, line, behind=0) for seq, line in enumerate(lines, 1)]
    found = [(piece.run.seq, piece.run.others, list(piece.run.tokens), piece.ends) for piece in shared(runs)]
    assert found == [
        (1, (2, 3), [1, 2], ()),
        (1, (2,), [3], ()),
        (1, (), [4], (0,)),
        (2, (), [5, 6], (1,)),
        (3, (), [9], (2,)),
        (4, (), [7], (3,)),
    ]
    assert count(runs) == 8
    assert count([Run(1, 4, lines[0]), Run(2, 4, lines[0])]) == 8  # they may have had anything before
    assert [[end - begin for _, begin, end in group] for group in pack(shared(runs), 3)] == [
        [2, 1],
        [1, 2],
        [1, 1],
    ]


@pytest.fixture(scope="module")
def model(tiny_target: Path) -> Iterator[Model]:
    with Model(tiny_target.with_name("base.gguf")) as opened:
        yield opened


@pytest.mark.parametrize("batch", [512, 7])
def test_the_logits_are_those_of_each_alone(model: Model, batch: int) -> None:
    """Also of a run that ends where another goes on, of two that are the same, and over several batches."""
    lines = [list(b"2026-11-27 disk"), list(b"2026-11-27 user"), list(b"2026-11-2"), list(b"2026-11-27 user")]
    lines.append(list(b"other"))
    prefix = list(b"Say what it is.")
    with Context(model, pool=256, sequences=6, batch=batch) as context:
        context.evaluate([Run(0, 0, prefix)])
        alone = []
        for line in lines:
            context.share(0, 1)
            alone += context.evaluate([Run(1, len(prefix), line)])
            context.forget(1)
        for seq in range(1, 6):
            context.share(0, seq)
        runs = [Run(seq, len(prefix), line, behind=0) for seq, line in enumerate(lines, 1)]
        assert count(runs) < 0.7 * sum(map(len, lines))
        for a, b in zip(alone, context.evaluate(runs), strict=True):
            assert np.abs(a - b).max() < 1e-3 * np.abs(a).max() + 1e-3
        # each goes on by itself, also those that were the same
        after = context.evaluate([Run(2, len(prefix) + 15, [65]), Run(4, len(prefix) + 15, [66])])
        assert np.abs(after[0] - after[1]).max() > 1e-2
        context.forget(2)  # which the others don't notice
        kept = context.evaluate([Run(4, len(prefix) + 16, [67])])
        for seq in range(1, 6):
            context.forget(seq)
        context.share(0, 1)
        every = [65], [66], [66, 67]
        for tail, row in zip(every, (*after, *kept), strict=True):
            (own,) = context.evaluate([Run(1, len(prefix), [*lines[1], *tail])])
            context.forget(1, len(prefix))
            assert np.abs(own - row).max() < 0.03 * np.abs(own).max()  # other batches round otherwise


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The tokens of every batch that llama.cpp is given from now on."""
    found: list[int] = []
    decode = Context._decode

    def noted(context: Context) -> None:
        found.append(context._batch.batch.n_tokens)
        decode(context)

    monkeypatch.setattr(Context, "_decode", noted)
    return found


def test_a_recurrent_state_is_not_shared(
    model: Model, evaluated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = b"disk", b"user"
    runs = [Run(seq, 0, list(b"2026-11-27 " + end), behind=0) for seq, end in enumerate(ends, 1)]
    with Context(model, pool=64, sequences=3) as context:
        together = context.evaluate(runs)
        monkeypatch.setattr(context, "_shares", False)
        for seq in (1, 2):
            context.forget(seq)
        apart = context.evaluate(runs)
    assert evaluated == [19, 30]
    for a, b in zip(together, apart, strict=True):
        assert np.abs(a - b).max() < 1e-3 * np.abs(a).max() + 1e-3


@pytest.mark.parametrize("contract", [programs.LABELS, programs.FREE])
def test_a_session_evaluates_the_date_of_a_log_once(
    tiny_target: Path, evaluated: list[int], contract: Contract
) -> None:
    base = tiny_target.with_name("base.gguf")
    lines = [f"2026-11-27 12:00:00 {word}" for word in ("disk", "user", "load", "sync")]
    with DecoderSession(programs.make(tiny_target, contract), base, batch=4, cached=False) as session:
        evaluated.clear()
        session.answer(lines)
        records = [session._pieces(line)[0] for line in lines]
    alike = count([Run(slot, 0, tokens, behind=0) for slot, tokens in enumerate(records, 1)])
    assert evaluated[0] == alike < 0.5 * sum(map(len, records))


def test_a_context_has_room_for_a_token_of_each_sequence(model: Model) -> None:
    with Context(model, pool=64, sequences=8, batch=4) as context:
        rows = context.evaluate([Run(seq, 0, [65 + seq]) for seq in range(8)])
    assert len(rows) == 8 and np.abs(rows[0] - rows[7]).max() > 1e-3
    with pytest.raises(PawError) as caught:
        Context(model, pool=512, sequences=257)
    assert caught.value.kind == "too-many-sequences" and "256" in caught.value.message
