"""Framing: where records end, what their text is, how answers are written."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pawformats.errors import PawError

from pawrun.answers import Answer
from pawrun.records import Layout, Record, Splitter, parse, render

FAILED = Answer("", error=PawError("x", "went wrong"))
JSONL = Layout(field="input")


def split(data: bytes, cuts: list[int], separator: bytes | None = b"\n") -> list[bytes]:
    splitter, found = Splitter(separator), []
    bounds = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for begin, end in itertools.pairwise(bounds):
        splitter.feed(data[begin:end])
        while (raw := splitter.take()) is not None:
            found.append(raw)
    if (raw := splitter.rest()) is not None:
        found.append(raw)
    return found


@given(
    st.lists(st.sampled_from([b"a", b"", b"bc\r", b"\xff\0"])), st.booleans(), st.lists(st.integers(0, 99))
)
def test_chunks_do_not_matter(lines: list[bytes], ended: bool, cuts: list[int]) -> None:
    data = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    expected = data.split(b"\n")
    assert split(data, cuts) == (expected[:-1] if expected[-1] == b"" else expected)
    assert split(data, cuts, None) == [data]


def test_nul_ends_records_and_keeps_line_feeds() -> None:
    assert split(b"a\nb\0c", [2], b"\0") == [b"a\nb", b"c"]


@pytest.mark.parametrize(
    ("raw", "layout", "text", "kind"),
    [
        (b"plain", Layout(), "plain", None),
        (b"", Layout(), "", None),
        (b"line\r", Layout(), "line", None),
        (b"kept\r", Layout(separator=b"\0"), "kept\r", None),
        ("naïve".encode(), Layout(), "naïve", None),
        (b"a\xffb", Layout(), "", "not-utf8"),
        (b"\xed\xa0\x80", Layout(), "", "not-utf8"),
        (b'{"input": "x", "n": 1}', JSONL, "x", None),
        (b'{"n": 1}', JSONL, "", "no-field"),
        (b'{"input": 3}', JSONL, "", "no-field"),
        (b'{"input": "\\ud800"}', JSONL, "", "not-utf8"),
        (b"[1]", JSONL, "", "not-json"),
        (b"{", JSONL, "", "not-json"),
        (b"[" * 100_000, JSONL, "", "not-json"),
        (b"", JSONL, "", "not-json"),
    ],
)
def test_parse(raw: bytes, layout: Layout, text: str, kind: str | None) -> None:
    record = parse(raw, layout)
    assert (record.text, record.error and record.error.kind, record.raw) == (text, kind, raw)


@pytest.mark.parametrize(
    ("answer", "layout", "written"),
    [
        (Answer("yes"), Layout(), b"yes\n"),
        (Answer("two\r\nlines\nhere"), Layout(), b"two lines here\n"),
        (Answer("two\nlines"), Layout(separator=b"\0"), b"two\nlines\0"),
        (Answer("two\nlines"), Layout(separator=None), b"two\nlines\n"),
        (Answer("yes", 0.75), Layout(scores=True), b"yes\t0.7500\n"),
        (Answer("yes", 0.75), Layout(with_input=True, scores=True), b"raw\tyes\t0.7500\n"),
        (FAILED, Layout(), b"\n"),
        (FAILED, Layout(with_input=True, scores=True), b"raw\t\t\n"),
    ],
)
def test_render(answer: Answer, layout: Layout, written: bytes) -> None:
    assert render(Record(b"raw\r" if layout.with_input else b"raw"), answer, layout) == written


def test_render_json() -> None:
    record = parse(b'{"b": 1, "input": "\xc3\xa9", "a": "\\ud800"}', JSONL)
    line = render(record, Answer("two\nlines", 0.5), Layout(field="input", out_field="label", scores=True))
    assert line.count(b"\n") == 1
    assert list(json.loads(line).items())[3:] == [("label", "two\nlines"), ("score", 0.5)]
    assert list(json.loads(render(record, FAILED, JSONL))) == ["b", "input", "a", "error"]
    assert json.loads(render(parse(b"{", JSONL), FAILED, JSONL)) == {"error": "went wrong"}
    stale = render(parse(b'{"input": 3, "answer": "old"}', JSONL), FAILED, JSONL)
    assert json.loads(stale) == {"input": 3, "error": "went wrong"}
