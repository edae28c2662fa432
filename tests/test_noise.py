"""Noise in specs: repeatable, stronger by degrees, in the prose alone; and through `pawc eval`."""

from __future__ import annotations

import difflib
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pawformats import paw
from pawformats.errors import PawError
from pawtrainer import benchmark, corpus, evaluate, noise
from pawtrainer.benchmark import Record
from pawtrainer.families.base import FAMILIES, draw_task
from pawtrainer.noise import AXES, INTENSITIES, Noise, noisy

from pawc import runtime
from pawc.runtime import Reply

SOURCE = """+++
name = "triage the lines"
labels = ["page the doctor", "ignore"]
+++
Please classify each message of the ward. If the nurse is worried or a number in <vitals> is above 180,
answer page the doctor; otherwise ignore. Messages are JSON such as {"from": "the nurse", "text": "it's"}.

- Don't trust `the timestamp of the message`, and never look into /var/log/the_ward.log.
- Their names match the pattern ^[A-Z][a-z]+$, and the function parse(the, message) has read them.
- "Only the nurse" is an exact quotation; e.g. the word STAT means it is urgent.
\\Input: the old form of the message is text here
  in: the lines are like this -> ignore

Input: the patient  is asleep,and it's ok
Output: ignore
Input: please come,
 the pulse is 190
Output:
page the doctor

+++ tests
Input: the patient is at lunch
Output: ignore
"""
#: What must survive in its description, in this order.
KEPT = (
    "<vitals>", "180", "page the doctor", "ignore", "JSON", '{"from": "the nurse", "text": "it\'s"}',
    "`the timestamp of the message`", "/var/log/the_ward.log", "^[A-Z][a-z]+$", "parse(the, message)",
    '"Only the nurse"', "STAT", "\n\\Input: the old form of the message is text here\n",
    "\n  in: the lines are like this -> ignore\n",
)  # fmt: skip
SPECS = (
    (SOURCE, ("ignore", "page the doctor")),
    ("Label an app-store review as positive, negative or mixed. Use mixed only when the reviewer names at "
     "least one real plus and at least one real minus. Ignore the star count when it contradicts the words. "
     "Answer with the one lowercase word.", ("positive", "negative", "mixed")),
    ("Match what the driver typed to one of our depots: Lisbon, Porto, Faro. Allow for typos, different "
     "spellings and airport codes. Anywhere else is unknown.", ("Lisbon", "Porto", "Faro", "unknown")),
    ("Please extract the total of the receipt, without the currency. Their amounts are written with a "
     "comma; if there is no total, output none.", ("none", "12.50")),
)  # fmt: skip


def family_specs(every: int = 6) -> list[tuple[str, tuple[str, ...]]]:
    """A spec with its answers for each sixth family."""
    tasks = [draw_task(random.Random(name), FAMILIES[name], 6) for name in corpus.load_families()[::every]]
    return [(task.spec, (*(task.labels or ()), *(answer for _, answer in task.pairs))) for task in tasks]


DRAWN = family_specs()
ALL = [(axis, intensity) for axis in AXES for intensity in INTENSITIES]


def said(answers: tuple[str, ...], text: str) -> list[str]:
    """The answers that a text names, each as a word, in order."""
    words = sorted({answer.strip() for answer in answers} - {""}, key=len, reverse=True)
    return re.findall("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words) or r"(?!)", text)


def change(old: str, new: str) -> float:
    return 1 - difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


def test_the_axes_are_those_of_the_paper() -> None:
    singles = {"typos", "grammar", "ambiguity", "formatting", "terse", "casual", "paraphrase"}
    assert set(AXES) == singles | {"all"}
    assert sum(len(AXES[axis]) for axis in singles) == len(AXES["all"])


def test_same_seed_same_noise_in_any_process() -> None:
    """A set of answers must not lend the noise its order, which differs from process to process."""
    code = (
        "import random; from pawtrainer.noise import *\n"
        f"print([noisy({SOURCE!r}, axis, 'heavy', random.Random('x'), {{'page', 'the', 'page the', 'ok'}})"
        " for axis in AXES])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len({noisy(SPECS[1][0], "typos", "heavy", random.Random(seed)) for seed in range(5)}) == 5


@pytest.mark.parametrize(("axis", "intensity"), ALL)
def test_each_changes_most_specs(axis: str, intensity: str) -> None:
    changed = [
        noisy(spec, axis, intensity, random.Random(0), answers) != spec for spec, answers in (*SPECS, *DRAWN)
    ]
    assert sum(changed) > 0.7 * len(changed)


@pytest.mark.parametrize("axis", AXES)
def test_heavy_changes_more(axis: str) -> None:
    means = [
        sum(change(spec, noisy(spec, axis, intensity, random.Random(0), answers)) for spec, answers in chosen)
        for chosen in [(*SPECS[1:], *DRAWN[::2])]
        for intensity in INTENSITIES
    ]
    assert means[0] < means[1] < means[2] and means[0] < 0.55 * means[2]


@pytest.mark.parametrize(("axis", "intensity"), ALL)
def test_only_prose_is_touched(axis: str, intensity: str) -> None:
    start, end = SOURCE.index("Please"), SOURCE.index("\n\nInput:")
    for seed in range(8):
        result = noisy(SOURCE, axis, intensity, random.Random(seed))
        assert result.startswith(SOURCE[:start]) and result.endswith(SOURCE[end:])
        prose = result[start : len(result) - len(SOURCE[end:])] + "\n\n"
        at = 0
        for text in KEPT:
            assert text in prose[at:], (text, result)
            at += prose[at:].index(text) + len(text) - 1
        old, new = paw.parse(SOURCE.encode(), "old"), paw.parse(result.encode(), "new")
        assert new.contract == old.contract and new.name == old.name
        for one, other in zip((*old.examples, *old.tests), (*new.examples, *new.tests), strict=True):
            assert (one.input, one.output) == (other.input, other.output)


@pytest.mark.parametrize("axis", AXES)
def test_families_keep_answers_and_examples(axis: str) -> None:
    for number, (spec, answers) in enumerate(DRAWN):
        for intensity in INTENSITIES:
            result = noisy(spec, axis, intensity, random.Random(number), answers)
            old, new = paw.parse(spec.encode(), "old"), paw.parse(result.encode(), "new")
            assert said(answers, new.description) == said(answers, old.description), (spec, result)
            assert [(e.input, e.output) for e in new.examples] == [(e.input, e.output) for e in old.examples]
            assert spec[len(spec) - len(result.partition("\n\nInput:")[2]) :] in result


def test_lists_of_answers_stay_whole() -> None:
    listed = "positive, negative, or mixed"
    spec = f"Please label the review, which is one of the many: {listed}, and nothing else."
    for seed in range(30):
        assert listed in noisy(spec, "all", "heavy", random.Random(seed), ("positive", "negative", "mixed"))


def test_no_answer_appears_by_accident() -> None:
    """All of these stand in the tables of noise, and a dropped article makes a pair of words of two."""
    answers = ("like", "ur", "thing", "thx", "lol", "stuff", "tag", "msg", "whatever", "okay ham")
    spec = "Label your message, please. Is the text okay, the ham, or an advert? You decide on every line."
    for axis, intensity in ALL:
        for seed in range(20):
            result = noisy(spec, axis, intensity, random.Random(seed), answers)
            assert said(answers, result) == [], (axis, result)
    assert any("ur" in noisy(spec, "casual", "heavy", random.Random(s)).split() for s in range(5))


def test_no_line_becomes_a_marker() -> None:
    spec = "Read the record.\nThe Input: part is it, and the\nis Output: part too. The \\Input: stays."
    results = [noisy(spec, "terse", "heavy", random.Random(seed)) for seed in range(10)]
    assert any("\n Input:" in result for result in results)
    for axis, intensity in ALL:
        for seed in range(10):
            parsed = paw.parse(noisy(spec, axis, intensity, random.Random(seed)).encode(), "spec")
            assert not parsed.examples and "\\Input" in parsed.description


def test_nothing_but_padding_stays() -> None:
    assert noisy("please", "terse", "heavy", random.Random(0)) == "please"
    assert noisy("", "all", "heavy", random.Random(0)) == ""


BLOCK = "\nInput: the x\nOutput: is it\n"
MARKERS = (BLOCK, "Input:", "\\Input: ", "+++", "\n+++ tests\n", "\n", "\n\n", "\r\n", "- ", "\ufeff")
WORDS = ("the message", "is it", "don't", "Please ", "only", '"a b', "{", "}", "x = 'y'", "ünï", " ", ". ")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(MARKERS + WORDS), max_size=25), st.sampled_from(ALL), st.integers(0, 9))
def test_a_valid_source_stays_one(pieces: list[str], chosen: tuple[str, str], seed: int) -> None:
    text = "".join(pieces)
    try:
        old = paw.parse(text.encode(), "old")
    except PawError:
        noisy(text, *chosen, random.Random(seed))
        return
    new = paw.parse(noisy(text, *chosen, random.Random(seed)).encode(), "new")
    for one, other in zip((*old.examples, *old.tests), (*new.examples, *new.tests), strict=True):
        assert (one.input, one.output) == (other.input, other.output)
    assert new.description.count("\\") == old.description.count("\\")


# ---- pawc eval ----

ROW: dict[str, Any] = {"id": "one", "family": "f", "spec": "", "output_kind": "label", "labels": ["calm"]}
SPEC = "Please tell how the patient is, and answer with the one word.\n\nInput: red\nOutput: calm\n"


def record(name: str) -> Record:
    return Record(name, "f", SPEC, "label", (("blue", "patient"),), ("word",))


def test_noise_of_a_record() -> None:
    spoilt = benchmark.disturbed(record("one"), Noise("typos", "heavy"))
    assert spoilt == benchmark.disturbed(record("one"), Noise("typos", "heavy"))
    assert spoilt.spec != SPEC and replace(spoilt, spec=SPEC) == record("one")
    specs = {benchmark.disturbed(record(str(number)), Noise("typos", "heavy")).spec for number in range(20)}
    assert len(specs) == 20
    assert all(re.search(r"\bpatient\b.*\bword\b", spec) for spec in specs)  # an answer and a label


def test_the_compiler_sees_the_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def compile_source(source: bytes, *_: object) -> bytes:
        seen.append(source.decode())
        return b""

    monkeypatch.setattr(evaluate, "compile_source", compile_source)
    monkeypatch.setattr(runtime, "answer", lambda program, inputs, base: [Reply("patient")] * len(inputs))
    chosen = Noise("casual", "light")
    result = evaluate.evaluate([record("one")], evaluate.Job(), noise=chosen)
    assert seen == [benchmark.disturbed(record("one"), chosen).spec] != [SPEC]
    assert result["noise"] == "casual:light" and result["all"]["exact_match"] == 1
    result = evaluate.evaluate([record("one")], evaluate.Job())
    assert seen[1:] == [SPEC] and result["noise"] is None


def test_labels_are_read(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    row = ROW | {"spec": SPEC, "cases": [{"input": "a", "output": "b"}]}
    path.write_text(json.dumps(row) + "\n" + json.dumps(row | {"labels": None}) + "\n")
    assert [one.labels for one in benchmark.load(str(path))] == [("calm",), ()]


def test_the_command(tiny_target: Path, tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    path.write_text(json.dumps(ROW | {"spec": SPEC, "cases": [{"input": "red fox", "output": "calm"}]}))
    command = [sys.executable, "-m", "pawc", "eval", "--target", str(tiny_target)]
    command += ["--base", str(tiny_target.parent), str(path)]
    done = subprocess.run([*command, "--noise", "all", "--json"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["noise"] == "all:medium" and result["all"]["cases"] == 1 and not result["failures"]
    shown = subprocess.run([*command, "--noise", "typos:heavy", "-O0"], capture_output=True, check=True)
    assert shown.stdout.decode().splitlines()[-1].endswith(", noise typos:heavy")


@pytest.mark.parametrize(("asked", "listed"), [("typo", tuple(AXES)), ("typos:huge", INTENSITIES)])
def test_unknown_noise(asked: str, listed: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "pawc", "eval", "none.jsonl", "--noise", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Error: ") and last.endswith(": " + ", ".join(listed))


def test_each_axis_is_documented() -> None:
    from pawc import cli

    helped = next(
        getattr(option, "help", "") for option in cli.find_command("eval").params if option.name == "noise"
    )
    page = (Path(__file__).parents[1] / "man/pawc-eval.1").read_text(encoding="utf-8")
    for axis in AXES:
        assert re.search(rf"\b{axis}\b", helped) and f".B {axis}\n" in page
    assert noise.named("all") == Noise("all", "medium") and "medium (default)" in helped
