"""The source language: what parses, what a message points at, and that the normal form is a fixed point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pawformats import paw
from pawformats.errors import PawError
from pawformats.values import Contract, Example, Options, Spec

TRIAGE = b"""+++
name = "triage"
labels = ["ALERT", "QUIET"]
+++
Classify log lines. Return ONLY one word: ALERT or QUIET.

Input: [step 100] loss=0.05 lr=0.0001
Output: QUIET

+++ tests
Input: Traceback (most recent call last):
Output: ALERT
"""


def test_the_listing_parses() -> None:
    spec = paw.parse(TRIAGE, "t.paw")
    assert spec.name == "triage" and spec.contract.labels == ("ALERT", "QUIET")
    assert spec.examples == (Example("[step 100] loss=0.05 lr=0.0001", "QUIET"),)
    assert spec.tests[0].output == "ALERT" and spec.tests[0].position.line == 11
    assert spec.positions["labels"].line == 3 and spec.positions["description"].line == 5
    assert paw.parse(paw.dump(spec).encode(), "n.paw") == spec


def test_includes_are_read_and_resolved() -> None:
    spec = paw.parse(b'+++\nexamples = "m.tsv"\n+++\nSay it.\n', "t.paw", lambda name: b"a\tb\nc\td\n")
    assert [(e.input, e.output) for e in spec.examples] == [("a", "b"), ("c", "d")] and spec.includes == (
        "m.tsv",
    )


BAD = {
    "paw-encoding": (b"Say\n \xff\n", 2, 2),
    "paw-nul": (b"Say \0\n", 1, 5),
    "paw-front-matter-open": (b'+++\nname = "x"\n', 1, 1),
    "paw-toml": (b"+++\nname = \n+++\nSay\n", 2, 8),
    "paw-unknown-key": (b'+++\nlabel = ["a"]\n+++\nSay\n', 2, 1),
    "paw-type": (b"+++\nname = 3\n+++\nSay\n", 2, 1),
    "paw-labels": (b'+++\nlabels = ["a", "a"]\n+++\nSay\n', 2, 1),
    "paw-contracts": (b'+++\nlabels = ["a", "b"]\n[output]\nregex = "a"\n+++\nSay\n', 2, 1),
    "paw-schema": (b'+++\n[output]\njson_schema = "{"\n+++\nSay\n', 3, 1),
    "paw-regex": (b"+++\n[output]\nregex = 1\n+++\nSay\n", 3, 1),
    "paw-max-tokens": (b"+++\n[output]\nmax_tokens = 0\n+++\nSay\n", 3, 1),
    "paw-overflow": (b'+++\noverflow = "no"\n+++\nSay\n', 2, 1),
    "paw-confidence": (b"+++\nmin_confidence = 0.5\n+++\nSay\n", 2, 1),
    "paw-include": (b'+++\nexamples = "x.tsv"\n+++\nSay\n', 2, 1),
    "paw-no-description": (b"\n\n", 1, 1),
    "paw-fence-late": (b"\n+++\nSay\n", 2, 1),
    "paw-output-alone": (b"Say\nOutput: x\n", 2, 1),
    "paw-input-alone": (b"Say\nInput: x\n", 2, 1),
    "paw-output-twice": (b"Say\nInput: x\nOutput: y\nOutput: z\n", 4, 1),
    "paw-tests-twice": (b"Say\n+++ tests\nInput: x\nOutput: y\n+++ tests\n", 5, 1),
    "paw-tests-prose": (b"Say\n+++ tests\nhello\n", 3, 1),
    "paw-tests-empty": (b"Say\n+++ tests\n", 2, 1),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_mistake_has_its_kind_and_place(kind: str) -> None:
    data, line, col = BAD[kind]
    with pytest.raises(PawError) as caught:
        paw.parse(data, "bad.paw")
    place = caught.value.position
    assert caught.value.kind == kind and place is not None
    assert (place.file, place.line, place.col) == ("bad.paw", line, col)


WORD = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1
).filter(str.strip)
LINE = WORD.map(str.rstrip).filter(lambda s: s and not s.startswith(("Input:", "Output:", "+++")))
EXAMPLES = st.lists(st.builds(Example, LINE, LINE), max_size=3).map(tuple)
LABELS = st.lists(WORD, min_size=1, max_size=4, unique=True).map(lambda v: Contract("labels", tuple(v)))
SPECS = st.builds(
    Spec,
    st.none() | WORD,
    LINE,
    EXAMPLES,
    EXAMPLES,
    LABELS | st.just(Contract()) | WORD.map(lambda r: Contract("regex", regex=r, max_tokens=9)),
    st.builds(Options, st.none() | WORD, st.none() | WORD, st.sampled_from(paw.OVERFLOWS)),
)


@settings(max_examples=150, deadline=None)
@given(SPECS)
def test_dump_then_parse_is_identity(spec: Spec) -> None:
    assert paw.parse(paw.dump(spec).encode(), "h.paw") == spec
    assert paw.digest(replace(spec, tests=())) == paw.digest(spec)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.integers(0, len(TRIAGE)), st.integers(0, 60))
def test_only_paw_errors_leave_the_parser(noise: bytes, at: int, cut: int) -> None:
    for data in (noise, TRIAGE[:at] + noise + TRIAGE[at + cut :]):
        try:
            spec = paw.parse(data, "f.paw")
        except PawError:
            continue
        assert paw.parse(paw.dump(spec).encode(), "g.paw") == spec
