"""Framing and layouts: where records end, what their text is, how answers are written."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pawformats.errors import PawError

from pawrun import framing, records, tables
from pawrun.answers import Answer
from pawrun.framing import Splitter, Windows
from pawrun.jsonl import JsonLines
from pawrun.lines import Lines
from pawrun.records import Frame, Framer, Layout, Record
from pawrun.tables import Rows, Table

FAILED = Answer("", error=PawError("x", "went wrong"))
JSONL = JsonLines()
cuttings = st.lists(st.integers(0, 99))


def frames(framer: Framer, inputs: Sequence[bytes], cuts: list[int]) -> list[Frame]:
    """What a framer makes of inputs that come in chunks."""
    found = []
    for data in inputs:
        bounds = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
        for begin, end in itertools.pairwise(bounds):
            framer.feed(data[begin:end])
            while (frame := framer.take()) is not None:
                found.append(frame)
        while (frame := framer.rest()) is not None:
            found.append(frame)
    return found


def split(framer: Framer, *inputs: bytes, cuts: list[int] | None = None) -> list[bytes]:
    return [frame.raw for frame in frames(framer, inputs, cuts or [])]


def through(layout: Layout, *inputs: bytes, answer: Callable[[Record], Answer] | None = None) -> bytes:
    """What a layout writes for inputs, each record being answered with its text in capitals."""
    written = []
    for frame in frames(layout.framer(), inputs, []):
        if (record := layout.parse(frame)) is not None:
            error = record.error
            said = Answer("", error=error) if error else Answer(record.text.upper(), 0.5)
            written.append(layout.render(record, answer(record) if answer else said))
    return b"".join(written)


# Splitter


@given(st.lists(st.sampled_from([b"a", b"", b"bc\r", b"\xff\0"])), st.booleans(), cuttings)
def test_chunks_do_not_matter(lines: list[bytes], ended: bool, cuts: list[int]) -> None:
    data = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    expected = data.split(b"\n")
    lines = expected[:-1] if expected[-1] == b"" else expected
    assert split(Splitter(b"\n"), data, b"x", cuts=cuts) == [*lines, b"x"]
    assert split(Splitter(None), data, data, cuts=cuts) == [data, data]


def test_nul_ends_records_and_keeps_line_feeds() -> None:
    assert split(Splitter(b"\0"), b"a\nb\0c", cuts=[2]) == [b"a\nb", b"c"]


@pytest.fixture
def longest(monkeypatch: pytest.MonkeyPatch) -> int:
    for module in (records, framing, tables):
        monkeypatch.setattr(module, "LONGEST", 100)
    return 100


@given(cuttings)
def test_first_frames_are_marked(cuts: list[int]) -> None:
    found = frames(Splitter(b"\n"), [b"a\nb", b"", b"c\n"], cuts)
    assert [(frame.raw, frame.index, frame.first) for frame in found] == [
        (b"a", 0, True),
        (b"b", 1, False),
        (b"c", 2, True),
    ]


@pytest.mark.parametrize("separator", [b"\n", None])
def test_a_frame_too_long_is_dropped_and_the_next_one_kept(longest: int, separator: bytes | None) -> None:
    splitter, most = Splitter(separator), 0
    found = []
    for chunk in [*[b"x" * 30] * 50, b"x\n", b"y" * longest + b"\n", b"z" * (longest + 1) + b"\nlast"]:
        splitter.feed(chunk)
        while (frame := splitter.take()) is not None:
            found.append(frame)
        most = max(most, len(splitter._buffer))
    while (frame := splitter.rest()) is not None:
        found.append(frame)
    assert most < 4 * longest
    kinds = [(frame.raw, frame.error and frame.error.kind) for frame in found]
    bad = (b"", "record-too-long")
    assert kinds == ([bad] if separator is None else [bad, (b"y" * longest, None), bad, (b"last", None)])


# Windows


@pytest.mark.parametrize(
    ("size", "stride", "lines", "expected"),
    [
        (3, 1, "abcde", ["abc", "bcd", "cde"]),
        (3, 3, "abcde", ["abc", "de"]),
        (3, 2, "abcdef", ["abc", "cde", "ef"]),
        (3, 2, "abcde", ["abc", "cde"]),
        (3, 1, "ab", ["ab"]),
        (1, 1, "ab", ["a", "b"]),
        (2, 3, "abcdefgh", ["ab", "de", "gh"]),
        (2, 3, "abc", ["ab"]),
        (2, 3, "abcd", ["ab", "d"]),
        (3, 1, "", []),
    ],
)
def test_windows(size: int, stride: int, lines: str, expected: list[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    wanted = ["\n".join(window).encode() for window in expected]
    assert split(Windows(Splitter(b"\n"), size, stride), data, data) == wanted * 2


@given(st.integers(1, 5), st.integers(1, 7), st.integers(0, 20), cuttings)
def test_every_line_that_no_stride_skips_is_in_a_window(
    size: int, stride: int, count: int, cuts: list[int]
) -> None:
    lines = [b"%d" % n for n in range(count)]
    found = split(Windows(Splitter(b"\n"), size, stride), b"\n".join(lines), cuts=cuts)
    assert all(len(window.split(b"\n")) <= size for window in found)
    begins = [int(window.split(b"\n")[0]) for window in found]
    assert begins == [stride * n for n in range(len(found))]
    wanted = {n for n in range(count) if n % stride < size}
    assert {int(line) for window in found for line in window.split(b"\n")} == wanted


def test_a_line_too_long_spoils_its_windows_only(longest: int) -> None:
    data = b"a\n" + b"x" * (longest + 1) + b"\n" + b"y" * 60 + b"\n" + b"z" * 60 + b"\nb\nc"
    found = frames(Windows(Splitter(b"\n"), 2, 1), [data], [])
    good = [frame.raw for frame in found if frame.error is None]
    assert (len(found), good) == (5, [b"b\nc"])  # 60 and 60 together are too long as well


# Lines


@pytest.mark.parametrize(
    ("raw", "layout", "text", "kind"),
    [
        (b"plain", Lines(), "plain", None),
        (b"", Lines(), "", None),
        (b"line\r", Lines(), "line", None),
        (b"kept\r", Lines(separator=b"\0"), "kept\r", None),
        (b"nul\0", Lines(), "nul\0", None),
        ("naïve".encode(), Lines(), "naïve", None),
        (b"a\xffb", Lines(), "", "not-utf8"),
        (b"\xed\xa0\x80", Lines(), "", "not-utf8"),
        (b"a\r\nb\r", Lines(window=(2, 1)), "a\nb", None),
        (b'{"input": "x", "n": 1}', JSONL, "x", None),
        (b' { "input" : "x" } \r', JSONL, "x", None),
        (b'{"input": "old", "input": "x"}', JSONL, "x", None),
        (b'{"n": 1}', JSONL, "", "no-field"),
        (b'{"input": 3}', JSONL, "", "no-field"),
        (b'{"input": "\\ud800"}', JSONL, "", "not-utf8"),
        (b'{"input": "\xff"}', JSONL, "", "not-utf8"),
        (b"[1]", JSONL, "", "not-json"),
        (b"{", JSONL, "", "not-json"),
        (b"[" * 100_000, JSONL, "", "not-json"),
        (b'{"a":' * 100_000, JSONL, "", "not-json"),
        (b"", JSONL, "", "not-json"),
        (b'{"input": "x",}', JSONL, "", "not-json"),
        (b'{"input" "x"}', JSONL, "", "not-json"),
        (b'{"input": "x"} {}', JSONL, "", "not-json"),
        (b'{1: "x"}', JSONL, "", "not-json"),
        (b'{"input": "x", "n": NaN}', JSONL, "", "not-json"),
        (b'{"input": "x", "n": -Infinity}', JSONL, "", "not-json"),
        (b'{"input": "x", "n": ' + b"9" * 5000 + b"}", JSONL, "x", None),
    ],
)
def test_parse(raw: bytes, layout: Layout, text: str, kind: str | None) -> None:
    record = layout.parse(Frame(raw))
    assert record is not None
    assert (record.text, record.error and record.error.kind, record.raw) == (text, kind, raw)


@pytest.mark.parametrize(
    ("answer", "layout", "written"),
    [
        (Answer("yes"), Lines(), b"yes\n"),
        (Answer("two\r\nlines\nhere"), Lines(), b"two lines here\n"),
        (Answer("two\nlines"), Lines(separator=b"\0"), b"two\nlines\0"),
        (Answer("two\nlines"), Lines(separator=None), b"two\nlines\n"),
        (Answer("yes", 0.75), Lines(scores=True), b"yes\t0.7500\n"),
        (Answer("yes", 0.75), Lines(with_input=True, scores=True), b"raw\tyes\t0.7500\n"),
        (FAILED, Lines(), b"\n"),
        (FAILED, Lines(with_input=True, scores=True), b"raw\t\t\n"),
    ],
)
def test_render(answer: Answer, layout: Lines, written: bytes) -> None:
    assert layout.render(Record(b"raw\r" if layout.with_input else b"raw"), answer) == written


def test_windows_are_written_on_one_line_and_lines_matched_once() -> None:
    layout = Lines(with_input=True, window=(3, 1))
    data = b"a\r\nb\rb\nc\nd\n"
    assert through(layout, data) == b"a b\rb c\tA B B C\nb\rb c d\tB B C D\n"
    found = [layout.parse(frame) for frame in frames(layout.framer(), [data, b"e\nf"], [])]
    assert b"".join(map(layout.matched, found)) == b"a\r\nb\rb\nc\nd\ne\nf\n"
    assert layout.copy(found[1]) == b"b\rb\nc\nd\n"
    far = [Record(b"p\nq", index=index) for index in (20, 25, 26)]
    assert b"".join(map(layout.matched, far)) == b"p\nq\np\nq\nq\n"


# JSON lines


@pytest.mark.parametrize(
    "number", ["1e999", "-0", "123456789012345678901234567890.1234567890123456789", "1E+2", "0.10"]
)
def test_numbers_keep_their_text(number: str) -> None:
    line = f'{{"n": [{number}], "input": "x", "{number}": {number}}}'.encode()
    assert through(JSONL, line) == line[:-1] + b', "answer": "X"}\n'


def test_members_keep_their_bytes_and_order() -> None:
    line = b'{"b" :1,\t"input": "\xc3\xa9", "a": "\\ud800\\u0041", "label": 1,"answer":"kept"}'
    layout = JsonLines(out_field="label", scores=True)
    written = through(layout, line, answer=lambda _: Answer("two\nlines", 0.5))
    head = b'{"b" :1, "input": "\xc3\xa9", "a": "\\ud800\\u0041", "answer":"kept", '
    assert written == head + b'"label": "two\\nlines", "score": 0.5}\n'


def test_failed_json() -> None:
    for bad in (b"{", b"[1]"):
        (broken,) = through(JSONL, bad).splitlines()
        assert list(json.loads(broken)) == ["error"] and b"not a JSON object: " in broken
    (stale,) = through(JSONL, b'{"input": 3, "answer": "old"}').splitlines()
    assert json.loads(stale) == {"input": 3, "error": "field 'input' is not a string"}
    assert json.loads(through(JSONL, b'{"input": "x"}', answer=lambda _: FAILED)) == {
        "input": "x",
        "error": "went wrong",
    }


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("/a/b/0", "zero"),
        ("/a/b/1/c", "one"),
        ("/a~1b", "slash"),
        ("/~01", "tilde"),
        ("/", "empty"),
        ("a/b", "slash"),
        ("/a/b/2", None),
        ("/a/b/-", None),
        ("/a/b/00", None),
        ("/a/b/0/x", None),
        ("/a/b", None),
        ("/a/c", None),
    ],
)
def test_pointers(field: str, text: str | None) -> None:
    document = {"a": {"b": ["zero", {"c": "one"}]}, "a/b": "slash", "~1": "tilde", "": "empty"}
    record = JsonLines(field).parse(Frame(json.dumps(document).encode()))
    assert (record.text or None) == text
    assert (record.error is None) == (text is not None)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values), st.booleans(), st.sampled_from([None, (",", ":")]))
def test_any_object_comes_back_with_its_answer(
    document: dict[str, object], ascii_only: bool, separators: tuple[str, str] | None
) -> None:
    document["input"] = "x"
    line = json.dumps(document, ensure_ascii=ascii_only, separators=separators)
    document.pop("answer", None)
    expected = document | {"answer": "X"}
    written = through(JSONL, line.encode("utf-8", "surrogatepass"))
    if "\\ud" not in line or ascii_only:
        assert json.loads(written) == expected


# Tables


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


TABLE = 'id,text,note\r\n1,"one, ""1""",a\r\n2,"two\nlines",\r\n\r\n3,three\r\n4,"x",y'


def test_a_table_gets_a_column() -> None:
    written = through(Table("csv", "text"), TABLE.encode())
    assert written == (
        b"id,text,note,answer\r\n"
        b'1,"one, ""1""",a,"ONE, ""1"""\r\n'
        b'2,"two\nlines",,"TWO\nLINES"\r\n'
        b"\r\n"
        b"3,three,,THREE\r\n"
        b'4,"x",y,X\n'
    )
    scored = through(Table("csv", "note", appended=("label", "score")), TABLE.encode())
    assert scored.startswith(b"id,text,note,label,score\r\n1,") and b",a,A,0.5000\r\n" in scored
    assert b"\r\n3,three,,,\r\n" in scored  # a row without that cell fails


def test_tables_without_a_header_and_with_tabs() -> None:
    assert through(Table("csv", "2", has_header=False), b"a,b\nc,d,e\nf\n") == b"a,b,B\nc,d,e,\nf,,\n"
    tabs = Table("tsv", "b")
    data = b'a\tb\n1\t"x\n2\ty z\r\n3\n'
    written = through(tabs, data, answer=lambda record: Answer(f"{record.text}\n\t!"))
    assert written == b'a\tb\tanswer\n1\t"x\t"x  !\n2\ty z\ty z  !\r\n3\t\t  !\n'


def test_a_mark_of_byte_order_is_not_part_of_a_name() -> None:
    for data in (b"\xef\xbb\xbftext,n\na,1\n", b'\xef\xbb\xbf"text",n\na,1\n'):
        assert through(Table("csv", "text"), data).endswith(b",n,answer\na,1,A\n")
    assert split(Rows(), b'\xef\xbb\xbf"a\nb",c\n') == [b'\xef\xbb\xbf"a\nb",c']


def test_one_header_for_all_inputs() -> None:
    table = Table("csv", "b")
    assert through(table, b"a,b\n1,x\n", b"\na,b\r\n2,y") == b"a,b,answer\n1,x,X\n\n2,y,Y\n"
    for head in (b"b,a\n", b"a,b,c\n"):
        with pytest.raises(PawError, match="differs from the first"):
            through(Table("csv", "b"), b"a,b\n", head)


@pytest.mark.parametrize(
    ("data", "column", "kind"),
    [
        (b"a,b\n", "c", "no-column"),
        (b"a,answer\n", "a", "column-exists"),
        (b'a,"b\n', "a", "open-quote"),
        (b"a\rb,c\n", "c", "not-csv"),
    ],
)
def test_headers_that_are_refused(data: bytes, column: str, kind: str) -> None:
    with pytest.raises(PawError) as caught:
        through(Table("csv", column), data)
    assert caught.value.kind == kind and caught.value.message.startswith("the header: ")


def test_failed_rows_keep_their_place(longest: int) -> None:
    rows = [b"1,ok", b"2,\xff", b"\xff,ok", b"a\rb,c", b"1,2,3", b'"' + b"x\n" * 99 + b'",1', b'3,"open\n']
    written = through(Table("csv", "b"), b"a,b\n" + b"\n".join(rows))
    assert written == (b"a,b,answer\n1,ok,OK\n2,\xff,\n\xff,ok,OK\na\rb,c,\n1,2,3,\n,,\n" + b'3,"open\n",\n')


cells = st.text(st.sampled_from('ab,"\n\r \té'), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), cuttings, st.booleans())
def test_any_table_comes_back_with_its_answers(
    rows: list[list[str]], cuts: list[int], quote_all: bool
) -> None:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting).writerows([["a", "b", "c"], *rows])
    table, written = Table("csv", "b"), []
    for frame in frames(table.framer(), [text.getvalue().encode()], cuts):
        record = table.parse(frame)
        assert record is not None and record.error is None
        written.append(table.render(record, Answer(record.text + "!")))
    assert read(b"".join(written)) == [["a", "b", "c", "answer"], *([*row, row[1] + "!"] for row in rows)]


@given(st.binary(max_size=60), cuttings)
def test_any_bytes_as_a_table(data: bytes, cuts: list[int]) -> None:
    """Rows are cut where Python's reader cuts them, and nothing else than a PawError escapes."""
    table = Table("csv", "1", has_header=False)
    found = frames(table.framer(), [data], cuts)
    assert [frame.raw for frame in found] == [frame.raw for frame in frames(table.framer(), [data], [])]
    for frame in found:
        record = table.parse(frame)
        assert record is not None
        table.render(record, Answer("x"))


@given(st.text(st.sampled_from('ab,"\n'), max_size=40))
def test_rows_end_where_pythons_reader_ends_them(text: str) -> None:
    expected = list(csv.reader(io.StringIO(text, newline="")))
    found = [next(csv.reader([raw.decode()]), []) for raw in split(Rows(), text.encode())]
    assert found == expected


def test_silence_in_each_layout() -> None:
    told = "no input for 10m"
    for layout, written in (
        (Lines(with_input=True), b"no input for 10m\tSTALL\n"),
        (Lines(), b"STALL\n"),
        (JSONL, b'{"silence": "no input for 10m", "answer": "STALL"}\n'),
    ):
        record = layout.silence(told)
        assert layout.render(record, Answer("STALL")) == written
        assert record.silence and told.encode() in layout.copy(record)
    table = Table("csv", "b")
    assert table.silence(told) is None
    through(table, b"a,b,c\n")
    record = table.silence(told)
    assert record is not None
    assert table.render(record, Answer("STALL")) == b",no input for 10m,,STALL\n"
