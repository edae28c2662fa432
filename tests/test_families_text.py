"""Task families for text, repair, matching and intents: shape checks over draws, and oracle checks."""

from __future__ import annotations

import contextlib
import importlib
import json
import random
import re
import time
from collections import Counter

import pytest
from pawtrainer.families import base, convert, extract, repair
from pawtrainer.families.phrasing import fill, say

MODULES = [
    "repair",
    "convert",
    "tables",
    "text",
    "extract",
    "rules",
    "everyday",
    "lookups",
    "matching",
    "search",
    "intents",
]
for _name in MODULES:
    importlib.import_module(f"pawtrainer.families.{_name}")
MINE = sorted(n for n, one in base.FAMILIES.items() if one.draw.__module__.rsplit(".", 1)[1] in MODULES)
GROUPS = {
    "core-text",
    "format-repair-and-conversion",
    "fuzzy-matching-and-search",
    "web-and-intent",
    "safety-and-verification",
}


def test_there_are_enough_families():
    assert len(MINE) >= 120
    assert {base.FAMILIES[name].group for name in MINE} == GROUPS


@pytest.mark.parametrize("name", MINE)
def test_family(name: str):
    chosen = base.FAMILIES[name]
    wordings: set[str] = set()
    answers: Counter[str] = Counter()
    for seed in range(30):
        function = chosen.draw(random.Random(seed))
        assert len(function.wordings) >= 3
        wordings.update(function.wordings)
        rng = random.Random(seed)
        pairs = [function.sample(rng) for _ in range(12)]
        if seed < 4:
            again, rng = chosen.draw(random.Random(seed)), random.Random(seed)
            assert function.wordings == again.wordings
            assert pairs == [again.sample(rng) for _ in range(12)]
        assert function.output_kind in ("label", "text", "json", "list")
        assert (function.labels is not None) == (function.output_kind == "label")
        for text in function.wordings:
            assert text == text.strip() and text
            assert len(text) < 1000
            assert not re.search(r"\{~\w+\}|\{\w\d\}|<<|>>|\[\w+\|", text), text
            for label in function.labels or ():
                assert label in text, (label, text)
        for given, answer in pairs:
            assert given and given == given.strip(), repr(given)
            assert answer and answer == answer.strip(), repr((given, answer))
            assert len(given) < 400
            if function.output_kind == "json":
                json.loads(answer)
            if function.labels is not None:
                assert answer in function.labels
        if function.labels is not None:
            assert len(set(function.labels)) == len(function.labels)
            missing = set(function.labels)
            for _ in range(120 * len(function.labels)):
                missing.discard(function.sample(rng)[1])
                if not missing:
                    break
            assert not missing
        answers.update(answer for _, answer in pairs)
    assert len(wordings) >= 15
    assert len(answers) >= 2


def test_speed():
    rng = random.Random(5)
    start = time.process_time()
    for name in MINE:
        base.draw_task(rng, base.FAMILIES[name], 10)
    assert len(MINE) / (time.process_time() - start) > 50  # generous: shared test machines


def test_template_language_protects_slots():
    template = "[print|give] {label} or the word {~free}"
    text = {say(random.Random(n), template, label="CaseKept", free="Other Words") for n in range(200)}
    assert all("CaseKept" in one for one in text)
    assert any("other words" in one for one in text)
    assert fill(random.Random(1), "[a|a] {x}", x="[b|c]") == "a [b|c]"
    with pytest.raises(ValueError):
        fill(random.Random(1), "[open")


def test_damaged_json_never_parses_to_another_value():
    rng = random.Random(3)
    for _ in range(300):
        value = repair.json_value(rng)
        text = repair.damage(rng, value, [rng.choice(list(repair.DAMAGES))])
        with contextlib.suppress(ValueError):
            assert json.loads(text) == value


def test_numbers_in_words():
    assert convert.spell(42) == "forty-two"
    assert convert.spell(105) == "one hundred and five"
    assert convert.spell(2019) == "two thousand and nineteen"


def test_dates_read_back():
    """Every unambiguous notation holds the year and the day; every target format shows the same date."""
    rng = random.Random(9)
    for _ in range(300):
        d = convert.date(rng, 2001)
        shown = convert.date_in(rng, d, "none")
        assert str(d[2]) in shown and f"{d[0] % 100:02d}" in shown
    assert convert.DATE_OUT["DD.MM.YYYY"]((2024, 3, 5)) == "05.03.2024"
    assert convert.DATE_OUT["Month D, YYYY"]((2024, 3, 5)) == "March 5, 2024"


def test_query_strings_decode():
    from urllib.parse import parse_qsl

    made = {"name": "Ann Lee", "email": "a@b.org"}
    assert dict(parse_qsl(convert.FORMATS["query"][0](made))) == made


def test_frames_hold_what_they_say():
    rng = random.Random(2)
    for frame in extract.FRAMES:
        text, found = extract.fill_frame(rng, frame)
        assert [kind for kind, _ in found] == extract.HOLDS[frame]
        assert all(value in text for _, value in found)


def test_json_repair_oracle():
    """The answer of a repair is the value that was damaged: same keys in the same order, nothing lost."""
    rng = random.Random(11)
    for seed in range(60):
        given, answer = base.FAMILIES["json-repair"].draw(random.Random(seed)).sample(rng)
        for key in re.findall(r"[A-Za-z_]{3,}", answer):
            assert key in given or key in ("true", "false", "null")


def test_fallback_words_are_reachable():
    rng = random.Random(4)
    function = base.FAMILIES["extract-one"].draw(random.Random(4))
    answers = Counter(function.sample(rng)[1] for _ in range(300))
    assert answers.most_common(1)[0][1] > 30


def draws(name: str, count: int = 40):
    """`count` functions of a family with three pairs each."""
    for seed in range(count):
        function, rng = base.FAMILIES[name].draw(random.Random(seed)), random.Random(seed)
        for _ in range(3):
            yield function, *function.sample(rng)


def test_extracted_parts_stand_in_the_input():
    for name in ("extract-all", "extract-one", "extract-fields"):
        for function, given, answer in draws(name):
            if function.output_kind == "json":
                value = json.loads(answer)
                parts = list(value.values()) if isinstance(value, dict) else value
                assert all(part is None or part in given for part in parts)
            # else the fallback word, which the spec names
            elif name == "extract-one" and answer.lower() not in given.lower():
                assert any(answer in text for text in function.wordings)


def test_tables_read_back_with_standard_parsers():
    import csv
    import io
    import xml.etree.ElementTree as ET

    seps = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
    for function, given, answer in draws("csv-to-json-rows"):
        text = "".join(function.wordings)
        sep = next(sep for word, sep in seps.items() if f"{word}-separated" in text)
        assert list(csv.DictReader(io.StringIO(given), delimiter=sep)) == json.loads(answer)
    for _, given, answer in draws("xml-json"):
        xml, data = (given, json.loads(answer)) if given.startswith("<") else (answer, json.loads(given))
        root = ET.fromstring(xml)
        assert (dict(root.attrib) or {child.tag: child.text for child in root}) == data


def test_html_is_stripped_as_a_parser_would():
    from html.parser import HTMLParser

    for _, given, answer in draws("html-to-text"):
        texts: list[str] = []
        parser = HTMLParser()
        parser.handle_data = texts.append  # type: ignore[method-assign]
        parser.feed(given)
        parser.close()
        assert "".join(texts) == answer


def test_lists_are_sorted_and_unique():
    for function, given, answer in draws("list-dedupe"):
        text = "".join(function.wordings)
        text = "".join(function.wordings)
        sep = next(s for s in (", ", "; ", " | ", ",", ";", "|", " ") if f'"{s}"' in text)
        items = answer.split(sep)
        assert len({item.lower() for item in items}) >= len(items) - 3 and set(items) <= set(given.split(sep))
    for _, given, answer in draws("list-sort"):
        assert sorted(re.findall(r"\w+", given)) == sorted(re.findall(r"\w+", answer))


def test_whitespace_and_case_oracles():
    for _, given, answer in draws("whitespace-fix"):
        assert re.sub(r" ([.,])", r"\1", " ".join(given.split())) == answer
    for _, given, answer in draws("case-style"):
        assert re.sub(r"[^a-z]", "", given.lower()) == re.sub(r"[^a-z]", "", answer.lower())


def test_durations_agree():
    minutes = {}
    for function, given, answer in draws("duration", 80):
        if answer.isdigit():
            seconds = any("seconds" in text for text in function.wordings)
            minutes.setdefault(given, set()).add(int(answer) // (60 if seconds else 1))
    assert minutes and all(len(values) == 1 for values in minutes.values())
