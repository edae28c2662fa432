"""The source format: the vectors, positions, and that the normal form is one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import vectors
from hypothesis import given, settings
from hypothesis import strategies as st
from pawformats import frontmatter, paw, rules, text
from pawformats.errors import PawError, Position
from pawformats.values import Contract, Example, Options, Spec

VALID = vectors.names("paw/valid", ".paw")
INVALID = vectors.names("paw/invalid", ".paw")


@pytest.mark.parametrize("name", VALID)
def test_valid_vector_has_its_normal_form(name: str) -> None:
    spec = paw.parse(vectors.data("paw/valid", f"{name}.paw"), name, vectors.include)
    normal = vectors.data("paw/valid", f"{name}.normal")
    assert paw.dump(spec).encode() == normal
    again = paw.parse(normal, f"{name}.normal")
    assert again == spec
    assert paw.dump(again).encode() == normal


@pytest.mark.parametrize("name", INVALID)
def test_invalid_vector_is_refused_as_what_it_is(name: str) -> None:
    expected = vectors.expected("paw/invalid", name)
    read = vectors.include if expected.get("include", True) else None
    source = vectors.paw_invalid(name)
    with pytest.raises(PawError) as caught:
        paw.parse(source, name, read)
    error = caught.value
    assert error.kind == expected["kind"]
    assert error.message[0].islower() or not error.message[0].isalpha()
    assert not error.message.endswith(".")
    if "line" in expected:
        assert error.position is not None
        assert (error.position.line, error.position.col) == (expected["line"], expected["col"])
        assert error.source_line is not None
        if error.position.file == name:
            lines = source.decode("utf-8", "replace").split("\n")
            shown = lines[error.position.line - 1].rstrip("\r")
            assert error.source_line == shown


def test_every_kind_has_a_vector() -> None:
    raised = vectors.kinds(paw, frontmatter, rules, text)
    found = {vectors.expected("paw/invalid", name)["kind"] for name in INVALID}
    assert len(raised) > 25
    assert raised - found == {"contract-kind"}  # can stand in an archive only, and has its vector there
    assert found <= raised


def test_the_parts_of_a_source() -> None:
    spec = paw.parse(vectors.data("paw/valid", "triage.paw"), "t.paw")
    assert spec.name == "triage"
    assert spec.description == "Classify log lines. Return ONLY one word: ALERT or QUIET."
    assert spec.contract == Contract("labels", ("ALERT", "QUIET"))
    assert spec.examples == (Example("[step 100] loss=0.05 lr=0.0001", "QUIET"),)
    assert spec.tests == (Example("Traceback (most recent call last):", "ALERT"),)


def test_values_remember_their_places() -> None:
    spec = paw.parse(vectors.data("paw/valid", "triage.paw"), "t.paw")
    assert spec.positions["name"] == Position("t.paw", 2, 8)
    assert spec.positions["labels"] == Position("t.paw", 3, 10)
    assert spec.positions["description"] == Position("t.paw", 5, 1)
    assert spec.examples[0].position == Position("t.paw", 7, 1)
    assert spec.tests[0].position == Position("t.paw", 11, 1)


@pytest.mark.parametrize(
    ("front", "key", "line", "col"),
    [
        ("[output]\nregex = 'a'", "output.regex", 3, 9),
        ("output.regex = 'a'", "output.regex", 2, 16),
        ("  output = { max_tokens = 1,  regex = 'a' }", "output.regex", 2, 39),
        ("[ output ] # here\n\"regex\"  ='a'", "output.regex", 3, 11),
    ],
)
def test_places_in_every_spelling_of_a_table(front: str, key: str, line: int, col: int) -> None:
    spec = paw.parse(f"+++\n{front}\n+++\nSay.\n".encode(), "t.paw")
    assert spec.positions[key] == Position("t.paw", line, col)


def test_included_examples_point_into_their_file() -> None:
    spec = paw.parse(vectors.data("paw/valid", "includes.paw"), "t.paw", vectors.include)
    assert spec.includes == ("pairs.tsv", "pairs.jsonl")
    places = [example.position for example in spec.examples]
    assert places == [
        Position("t.paw", 6, 1),
        Position("pairs.tsv", 1, 1),
        Position("pairs.tsv", 3, 1),
        Position("pairs.jsonl", 1, 1),
    ]


@pytest.mark.parametrize(
    ("front", "hint"),
    [
        ("label = ['a']", "did you mean labels?"),
        ("[output]\nmax_token = 1", "did you mean max_tokens?"),
        ("regex = 'a'", "regex belongs in [output]"),
        ("[output]\nname = 'a'", "name belongs above [output]"),
    ],
)
def test_an_unknown_key_gets_a_suggestion(front: str, hint: str) -> None:
    with pytest.raises(PawError) as caught:
        paw.parse(f"+++\n{front}\n+++\nSay.\n".encode(), "t.paw")
    assert caught.value.hint == hint


def test_the_digest_is_of_all_but_the_tests() -> None:
    spec = paw.parse(vectors.data("paw/valid", "triage.paw"), "t.paw")
    assert paw.digest(spec) == "407b4913c55d0f15055ee483693bd2a48126682de261013df206e5b53c82159f"
    assert paw.digest(replace(spec, tests=())) == paw.digest(spec)
    assert paw.digest(replace(spec, examples=())) != paw.digest(spec)


# Texts with what the format gives a meaning to, often at the start of a line.
PIECES = st.sampled_from(
    ["Input:", "Output:", "+++", "+++ tests", "\\", "\n", " ", "\t", "a", "é", "\x1b", "\u2028"]
)
LOOSE = st.lists(PIECES | st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12)
TEXT = LOOSE.map("".join)


def trimmed(value: str) -> str:
    """As the parser leaves a value: without blank lines at its end."""
    lines = value.split("\n")
    while lines and not lines[-1].strip(" \t"):
        lines.pop()
    return "\n".join(lines)


def description(value: str) -> str:
    lines = trimmed(value).split("\n")
    while lines and not lines[0].strip(" \t"):
        lines.pop(0)
    return "\n".join(lines)


LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=9).map(
    lambda value: value.strip(" ") or "x"
)
EXAMPLES = st.lists(st.builds(Example, TEXT.map(trimmed), TEXT.map(trimmed)), max_size=3).map(tuple)
TOKENS = st.integers(1, 1 << 20)
CONTRACTS = st.one_of(
    st.builds(Contract, max_tokens=TOKENS),
    st.builds(
        lambda labels: Contract("labels", tuple(labels)), st.lists(LINE, min_size=1, max_size=4, unique=True)
    ),
    st.builds(lambda regex: Contract("regex", regex=regex), st.text(min_size=1, max_size=9)),
    st.builds(
        lambda key: Contract("json_schema", json_schema=f'{{"{key}":0.5,"a":[]}}'), st.sampled_from("bz")
    ),
)
CONFIDENT = st.builds(
    lambda least, abstain: Options(min_confidence=least, abstain=abstain),
    st.floats(0, 1, exclude_min=True),
    st.none() | st.just("") | LINE,
)
OPTIONS = st.builds(
    lambda base, version, target, overflow: replace(base, version=version, target=target, overflow=overflow),
    st.just(Options()) | CONFIDENT,
    st.none() | LINE,
    st.none() | LINE,
    st.sampled_from(["error", "head", "tail", "middle"]),
)
SPECS = st.builds(
    Spec, st.none() | LINE, TEXT.map(description).filter(bool), EXAMPLES, EXAMPLES, CONTRACTS, OPTIONS
)


@settings(max_examples=100, deadline=None)
@given(SPECS)
def test_what_is_dumped_parses_to_the_same(spec: Spec) -> None:
    source = paw.dump(spec)
    assert paw.parse(source.encode(), "h.paw") == spec
    assert paw.dump(paw.parse(source.encode(), "h.paw")) == source


@settings(max_examples=25, deadline=None)
@given(SPECS)
def test_line_ends_and_byte_order_mark_change_nothing(spec: Spec) -> None:
    source = paw.dump(spec)
    assert paw.parse(("\ufeff" + source.replace("\n", "\r\n")).encode(), "h.paw") == spec
