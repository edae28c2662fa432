"""Task families for logs, monitoring, safety, checks, commands and coding: shapes of draws, and oracles."""

from __future__ import annotations

import importlib
import json
import random
import re
import shlex
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from pawtrainer.families import base, checks, coding, commands, events, lexicon, logs, safety, shell
from pawtrainer.families.base import Function

MODULES = ["logs", "monitors", "watchdogs", "safety", "checks", "commands", "cmdline", "coding"]
for _name in MODULES:
    importlib.import_module(f"pawtrainer.families.{_name}")
MINE = sorted(n for n, one in base.FAMILIES.items() if one.draw.__module__.rsplit(".", 1)[1] in MODULES)
GROUPS = {"logs-and-monitoring", "safety-and-verification", "commands-and-tools"}


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
        pairs = [function.sample(rng) for _ in range(6)]
        if seed < 3:
            again, rng = chosen.draw(random.Random(seed)), random.Random(seed)
            assert function.wordings == again.wordings
            assert pairs == [again.sample(rng) for _ in range(6)]
        assert function.output_kind in ("label", "text", "json", "list")
        assert (function.labels is not None) == (function.output_kind == "label")
        for text in function.wordings:
            assert text == text.strip() and text
            assert len(text) < 1000
            assert not re.search(r"\{~\w+\}|\{[lmp]\d\}|<<\w|\w>>|\[\w+\|", text), text
            for label in function.labels or ():
                assert label in text, (label, text)
        for given, answer in pairs:
            assert given and given == given.strip(), repr(given)
            assert answer and answer == answer.strip(), repr((given, answer))
            assert len(given) < 400
            assert "\0" not in given + answer and "\1" not in given + answer
            if function.output_kind == "json":
                json.loads(answer)
            if function.labels is not None:
                assert answer in function.labels
        if function.labels is not None and seed < 6:
            assert len(set(function.labels)) == len(function.labels)
            missing = set(function.labels)
            for _ in range(80 * len(function.labels)):
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


def test_every_template_fills():
    rng = random.Random(1)
    for event in events.EVENTS:
        assert event.topic in (*events.TOPIC_MEANS, "-") and event.level in "diwef"
        assert event.action in "PTI" and event.course in "tp-"
        text = lexicon.put(rng, event.template)
        assert not re.search(r"\{\w+\}", text), text
    for template in (x for bank in (shell.COMMANDS, shell.SQL) for some in bank.values() for x in some):
        shell.fill_command(rng, template)
    for template in (*safety.NO_SECRETS, *shell.LOOKALIKES, *safety.CLEAN, *safety.REVERSIBLE):
        shell.fill_command(rng, template)


def test_bank_is_consistent():
    """No template stands in the bank with two meanings; problems that last or pass are problems."""
    assert len({e.template for e in events.EVENTS}) == len(events.EVENTS) >= 330
    assert len(events.SYSTEMS) >= 22 and len(lexicon.STYLES) >= 35


def test_written_lines_hold_their_parts():
    rng = random.Random(2)
    for style in lexicon.STYLES:
        line = lexicon.write_line(rng, style, 'it "works" now', "e")
        assert line.message in line.text or '\\"works\\"' in line.text
        for part in (line.time, line.component, line.host):
            assert part in line.text or part.upper() in line.text
        if style == "json":
            assert json.loads(line.text)["msg"] == line.message


def draws(name: str, count: int = 40) -> Iterator[tuple[Function, str, str]]:
    for seed in range(count):
        function, rng = base.FAMILIES[name].draw(random.Random(seed)), random.Random(seed)
        for _ in range(3):
            yield function, *function.sample(rng)


def test_parts_stand_in_the_input():
    for name in ("log-strip-header", "log-host", "error-code", "program-name", "training-number"):
        for function, given, answer in draws(name):
            assert answer in given or any(answer in text for text in function.wordings), (given, answer)


def test_traces_give_type_and_place():
    for seed in range(60):
        made = lexicon.trace(random.Random(seed))
        file, line, _ = made.frames[-1]
        assert made.kind in made.text and made.saying in made.text
        assert re.search(rf"{re.escape(file.rsplit('/', 1)[-1])}\D+{line}\b", made.text)


def test_masks_follow_their_rules():
    for function, given, answer in draws("log-mask", 120):
        text = " ".join(function.wordings).lower()
        if "uuid" in text:
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", answer)
        elif "run of digits" in text or "group of digits" in text:
            left = answer.replace("a.b.c.d", "")
            assert not re.search(r"\d", left), (given, answer)
        elif "quote" in text or '"..."' in text:
            assert answer.count('"') % 2 == given.count('"') % 2


def test_secrets_are_gone_and_the_rest_stays():
    pattern = re.compile(r"AKIA[A-Z2-7]{16}|ghp_\w{20}|glpat-\w{20}|xox[bp]-\d{11}-\w{12}")
    for _, given, answer in draws("secret-mask", 80):
        assert not pattern.search(answer)
        assert answer == given or len(answer.split()) == len(given.split())
    for _, given, answer in draws("pii-mask", 60):
        assert len(re.findall(r"[,;.] | - ", given)) == len(re.findall(r"[,;.] | - ", answer))


def test_url_rules_hold():
    """Within a function, an allowed host always has the one answer and a foreign host the other."""
    names = r"example\.com|acme\.dev|northwind\.net|corp\.example|shop\.org|wiki\.edu|bank\.test|files\.io"
    listed = re.compile(rf"\b(?:{names})\b")
    for seed in range(40):
        function, rng = base.FAMILIES["url-allowed"].draw(random.Random(seed)), random.Random(seed)
        text = function.wordings[0]
        domains = listed.findall(text.lower())
        below = not re.search("not allowed|no subdomains", text.lower())
        answers: dict[bool, set[str]] = {True: set(), False: set()}
        for _ in range(12):
            given, answer = function.sample(rng)
            host = re.split(r"[/?]", given.split("://")[1])[0].split("@")[-1]
            answers[any(host == d or (below and host.endswith("." + d)) for d in domains)].add(answer)
        assert len(answers[True]) <= 1 and len(answers[False]) <= 1
        assert not answers[True] & answers[False]


def test_shapes_accept_their_own_and_refuse_near_misses():
    for seed in range(100):
        rng = random.Random(seed)
        shape = checks.draw_shape(rng)
        assert checks.fits(shape, checks.of_shape(rng, shape))
        assert not checks.fits(shape, checks.near_shape(rng, shape))


def test_globs():
    def fits(pattern: str, path: str) -> bool:
        return re.fullmatch(coding.glob_regex(pattern), path) is not None

    assert fits("*.py", "a.py") and not fits("*.py", "src/a.py")
    assert fits("src/**", "src/a/b.py") and not fits("src/**", "src2/a.py")
    assert fits("test_?.py", "test_1.py") and not fits("test_?.py", "test_12.py")


def test_cron_lines_agree_with_words():
    for seed in range(200):
        text, made = commands.schedule(random.Random(seed))
        fields = commands.cron_line(made).split()
        assert len(fields) == 5
        if made["kind"] == "weekly":
            day = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")[int(fields[4])]
            assert day in text.lower()
        if "every day" in text or "daily" in text:
            assert fields[2:] == ["*", "*", "*"]
        if re.search(r"\d\d:\d\d\b(?! [ap]m)", text):
            hour, minute = re.search(r"(\d\d):(\d\d)", text).groups()  # type: ignore[union-attr]
            assert (int(fields[1]), int(fields[0])) == (int(hour), int(minute))


def test_tool_calls_carry_what_was_said():
    for _, given, answer in draws("tool-call", 60):
        value = json.loads(answer)
        flat: list[object] = []
        todo = [value]
        while todo:
            one = todo.pop()
            if isinstance(one, dict):
                todo.extend(one.values())
            elif isinstance(one, list):
                todo.extend(one)
            else:
                flat.append(one)
        assert sum(str(x) in given for x in flat) >= len(flat) - 1  # all but the tool's name


def test_flags_read_back():
    for _, given, answer in draws("flags-to-json"):
        made = json.loads(answer)
        words = shlex.split(given)[1:]
        options = {w[2:].split("=")[0] for w in words if w.startswith("--")}
        assert options <= set(made)
        rest = next(v for v in made.values() if isinstance(v, list))
        assert given.endswith(" ".join(rest))


def test_counts_and_pipelines():
    for _, given, answer in draws("pipe-stages"):
        names = [stage.split()[0] for stage in given.split("|")]
        assert answer in (str(len(names)), names[0], names[-1]) or re.findall(r"[\w-]+", answer) == names
    for _, given, answer in draws("level-count"):
        assert 0 <= int(answer) <= given.count("\n") + 1


def test_versions_rise():
    for _, given, answer in draws("version-raise"):
        old = [int(x) for x in re.search(r"(\d+)\.(\d+)\.(\d+)", given).groups()]  # type: ignore[union-attr]
        new = [int(x) for x in re.search(r"(\d+)\.(\d+)\.(\d+)", answer).groups()]  # type: ignore[union-attr]
        assert new > old


def test_shape_function_keeps_capital_names():
    for seed in range(40):
        function = base.FAMILIES["branch-name"].draw(random.Random(seed))
        for text in function.wordings:
            assert "title-id" not in text
            if "TITLE" in text:
                assert " title in lower" not in text


def test_routing_names_each_duty_once():
    """Log owners: every topic belongs to one team, so no line has two answers."""
    for seed in range(40):
        function = base.FAMILIES["log-owner"].draw(random.Random(seed))
        seen: dict[str, str] = {}
        rng = random.Random(seed)
        for _ in range(60):
            given, answer = function.sample(rng)
            assert seen.setdefault(given, answer) == answer


@pytest.mark.parametrize("name", MINE)
def test_one_answer_for_one_input(name: str):
    for seed in range(40, 44):
        function, rng = base.FAMILIES[name].draw(random.Random(seed)), random.Random(seed)
        seen: dict[str, str] = {}
        for _ in range(60):
            given, answer = function.sample(rng)
            assert seen.setdefault(given, answer) == answer, (given, answer, seen[given])


def test_fill_shape_is_one_pass():
    found = {"TYPE": "FILE", "FILE": "a.py", "LINE": "3"}
    assert logs.fill_shape("TYPE @ FILE:LINE", found) == "FILE @ a.py:3"
    assert logs.fill_shape("FALCON N", {"N": "4"}) == "FALCON 4"
