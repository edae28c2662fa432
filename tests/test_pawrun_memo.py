"""The memo: who is asked, what is kept, what is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pawformats.errors import PawError

from pawrun import memo
from pawrun.answers import Answer
from pawrun.memo import Memo


class Asked:
    """Answers a text with itself in capitals; notes what it was asked."""

    ahead = 3

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        self.calls.append(list(texts))
        bad = PawError("x", "bad")
        return [Answer("", error=bad) if text == "bad" else Answer(text.upper()) for text in texts]


def test_only_the_unknown_are_asked_and_each_once() -> None:
    inner = Asked()
    known = Memo(inner, lambda: 1)
    assert [a.text for a in known.answer(["a", "b", "a"])] == ["A", "B", "A"]
    assert [a.text for a in known.answer(["c", "b"])] == ["C", "B"]
    assert [a.text for a in known.answer(["a", "c"])] == ["A", "C"]
    assert known.answer([]) == []
    assert inner.calls == [["a", "b"], ["c"]]
    assert (known.hits, known.asked, known.ahead) == (4, 7, 3)


def test_a_failure_is_not_kept() -> None:
    inner = Asked()
    known = Memo(inner, lambda: 1)
    for _ in range(2):
        assert all(answer.error for answer in known.answer(["bad", "bad"]))
    assert inner.calls == [["bad"], ["bad"]]


def test_another_version_has_other_answers() -> None:
    inner = Asked()
    versions = iter([1, 1, 2, None, None, 2])
    known = Memo(inner, lambda: next(versions))
    for _ in range(6):
        known.answer(["a", "a"])
    assert inner.calls == [["a"]] * 5
    assert known._bytes == memo._held("a", Answer("A"))


def test_the_least_recently_used_is_forgotten() -> None:
    inner = Asked()
    known = Memo(inner, lambda: 1, entries=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        known.answer([text])
    assert inner.calls == [["a"], ["b"], ["c"], ["b"]]


def test_what_is_long_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_LONGEST", 4)
    inner = Asked()
    known = Memo(inner, lambda: 1)
    for text in ("four", "longer") * 2:
        known.answer([text])
    assert inner.calls == [["four"], ["longer"], ["longer"]]


@given(st.lists(st.lists(st.text("abcde", max_size=3), max_size=6), max_size=12), st.integers(0, 900))
def test_answers_are_the_same_and_the_memory_is_bounded(batches: list[list[str]], size: int) -> None:
    inner = Asked()
    known = Memo(inner, lambda: 1, entries=5, size=size)
    for batch in batches:
        assert [a.text for a in known.answer(batch)] == [a.text for a in Asked().answer(batch)]
        assert len(known._known) <= 5
        assert known._bytes == sum(memo._held(*entry) for entry in known._known.items()) <= size
    assert all(len(set(call)) == len(call) for call in inner.calls)
