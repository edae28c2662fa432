"""Texts that stand side by side in prose."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pawc import atoms
from pawc.lists import lists


def shortest(some: Iterable[str]) -> str | None:
    return min(some, key=len, default=None)


def found(text: str, longest: int = 7, known: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The lists of a text, whose ends are `known` texts where they can be, else as short as possible."""

    def better(some: Iterable[str]) -> str | None:
        texts = list(some)
        return shortest([text for text in texts if text in known] or texts)

    return set(lists(text, atoms.split(text), longest, better))


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("Answer with ALERT, WARN or QUIET please.", "ALERT WARN QUIET"),
        ("mail -> spam | ham | unsure", "spam ham unsure"),
        ("N/V/ADJ (noun, verb or adjective)", "N V ADJ"),
        ("N/V/ADJ (noun, verb or adjective)", "noun verb adjective"),
        ("one of tone:warm, tone:cool", "tone:warm tone:cool"),
        ("Answers: 'yes', \"no\" and `maybe`", "yes no maybe"),
        ("pick urgent > normal > late", "urgent normal late"),
        ("warm (feeling, personal), cool (neutral), sharp (blames)", "warm cool sharp"),
        ("Labels:\n- bug\n- wish\n- question\n", "bug wish question"),
        ("Labels:\n1. bug\n2. wish\n3) question\n", "bug wish question"),
        ("Say bug,\nwish or\nquestion.", "bug wish question"),
        ("v1.2, v1.3 or v2.0", "v1.2 v1.3 v2.0"),
        ("don't, can't or won't", "don't can't won't"),
    ],
)
def test_a_list_is_found_whole(text: str, members: str) -> None:
    wanted = tuple(members.split())
    assert wanted in found(text, known=wanted)


def test_members_may_have_several_words_and_the_ends_are_a_choice() -> None:
    text = "choose on time, too late or not known at all. Then stop"
    assert ("time", "too late", "not") in found(text)

    def longest(some: Iterable[str]) -> str | None:
        return max(some, key=len, default=None)

    made = set(lists(text, atoms.split(text), 7, longest))
    assert ("choose on time", "too late", "not known at all") in made


def test_what_is_no_list() -> None:
    for text in ("", "one word", "First this. Then that", "a: b", "same, same", "(lonely)", ", or /"):
        assert found(text) == set()


@given(st.text(alphabet="ab ,;/|()'\n.:-1&>", max_size=60), st.integers(1, 7))
@settings(max_examples=300)
def test_any_text_has_lists_of_different_texts_of_its_own(text: str, longest: int) -> None:
    for members in found(text, longest):
        assert 2 <= len(members) == len(set(members)) <= 32
        for member in members:
            assert member in text and 1 <= len(atoms.split(member)) <= longest
