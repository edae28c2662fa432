"""Closed sets of answers in prose: which are found, and which texts name none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from _pytest.mark.structures import ParameterSet

from pawc import atoms, labels, reader, targets
from pawc.encoding import TextEncoder

Infer = Callable[..., tuple[str, ...]]


@pytest.fixture(scope="module")
def infer() -> Iterator[Infer]:
    with TextEncoder(targets.find(targets.LABELS)) as encoder:
        yield lambda text, outputs=(): labels.infer(text, outputs, encoder)


CLOSED = [
    ("Classify log lines. Return ONLY one word: ALERT or QUIET.", "ALERT QUIET"),
    ("Answer yes or no.", "yes no"),
    ("Does the customer sound angry? Answer yes or no.", "yes no"),
    ("Read the mail and pick exactly one: spam, ham, unsure", "spam ham unsure"),
    ("Sort the ticket. Labels: billing, outage and other", "billing outage other"),
    ("Output exactly one of bug | feature | question", "bug feature question"),
    ("mail -> spam/ham", "spam ham"),
    ("Is the claim supported? Respond with either 'true' or 'false'.", "true false"),
    ("How urgent is it? Three answers: low, mid, high", "low mid high"),
    ("Judge the sentiment of a review; output positive or negative.", "positive negative"),
    ("Classify the sentiment as positive, negative or neutral.", "positive negative neutral"),
    ("Label the text as POSITIVE, NEGATIVE, or NEUTRAL.", "POSITIVE NEGATIVE NEUTRAL"),
    ('Output only one of these labels: "refund", "exchange", "other".', "refund exchange other"),
    ("Sort log lines.\nALERT: something is broken\nQUIET: everything else", "ALERT QUIET"),
    (
        "Label each issue.\n- bug: something is broken\n- feature: a wish\n- question: a call for help",
        "bug feature question",
    ),
    (
        "Which kind of file is it? Answer with one word: asset (images, fonts), source (code), doc (text).",
        "asset source doc",
    ),
    ("Say ALERT if the line needs a person, otherwise say QUIET.", "ALERT QUIET"),
    ("Print 1 if the line is an error, otherwise 0.", "1 0"),
    ("Answer north, south or east. Anywhere else is unknown.", "north south east unknown"),
    ("Categories: BILLING, OUTAGE. Anything else is OTHER.", "BILLING OUTAGE OTHER"),
    ("Sort text messages. spam: spam or ham", "spam ham"),
    ("Weather note -> FROST = below zero; MILD = zero to twenty; HOT = above twenty.", "FROST MILD HOT"),
    ("Rate the road for a cyclist: 1 - safe, 2 - careful, 3 - danger. Print the digit.", "1 2 3"),
    (
        "You route parcels. Say AIR when it is urgent, SHIP when it is heavy and not urgent, RAIL otherwise.",
        "AIR SHIP RAIL",
    ),
    (
        "Who should look at the alarm? Leaks go to PLUMBER. Anything with wires goes to ELECTRICIAN. "
        "Broken glass goes to GLAZIER.",
        "PLUMBER ELECTRICIAN GLAZIER",
    ),
    ("Does the tenant agree (AGREES), refuse (REFUSES) or leave it open (OPEN)?", "AGREES REFUSES OPEN"),
    (
        "Judge a bread by its crust. If it is black, answer burnt. If it is pale, answer raw. "
        "Otherwise answer done.",
        "burnt raw done",
    ),
    ("Mood of the message, one of tone:warm, tone:cool or tone:sharp.", "tone:warm tone:cool tone:sharp"),
]

#: What the shipped reader reads wrongly, by its first words. Read rightly, it must go off this list.
MISSED = (
    "Answer north, south",
    "Extract the company names",
    "Mood of the message",
    "Name the currency",
    "Rate the road",
)
OPEN = [
    "",
    "Summarise the text in one sentence, e.g. a headline or title.",
    "Extract the company names, such as Apple, Google or IBM.",
    "Give the year as a number, or NONE.",
    "Find the phone number. Write NONE if there is none.",
    "Return a comma-separated list of tags: red, green, blue.",
    "Tag the review with all that apply: food, service, price.",
    "Return JSON with the keys name, age and city.",
    'Output {"level": "high" | "low"} as JSON.',
    "Fix the spelling, grammar and punctuation.",
    "Remove names, dates and places.",
    "Convert the date to day/month/year.",
    "Name the currency (euro, yen, pound, dollar...).",
    "Make 12,000 of 12k -> 12,000",
    "Give the name of the street or square that the letter mentions.",
    "Turn first and last name round -> Last, First",
    "Shorten country names, e.g. Sweden -> SE, Norway -> NO, Denmark -> DK.",
]


def known(text: str, *more: str) -> ParameterSet:
    missed = pytest.mark.xfail(reason="the shipped reader reads it wrongly", strict=True)
    return pytest.param(text, *more, marks=[missed] if text.startswith(MISSED) else [])


@pytest.mark.parametrize(("text", "labels"), [known(*one) for one in CLOSED])
def test_a_closed_set_is_found(infer: Infer, text: str, labels: str) -> None:
    assert infer(text) == tuple(labels.split())


@pytest.mark.parametrize("text", [known(text) for text in OPEN])
def test_an_open_set_is_left_open(infer: Infer, text: str) -> None:
    assert infer(text) == ()


def test_labels_of_several_words(infer: Infer) -> None:
    assert infer('Answer exactly one of: "not stated", "stated", "denied".') == (
        "not stated",
        "stated",
        "denied",
    )


def test_a_set_holds_every_answer_of_the_examples(infer: Infer) -> None:
    text = "Answer yes or no."
    assert infer(text, ("yes", "no", "yes")) == ("yes", "no")
    for outputs in (("yes", "maybe"), ("Yes",), ("no", "it depends on the weather and the time of the day")):
        found = infer(text, outputs)
        assert found == () or set(outputs) <= set(found)


def test_examples_confirm_a_set_that_is_doubtful_without(infer: Infer) -> None:
    text = "Decide whether the message is spam or ham."
    assert infer(text, ("spam", "ham")) == ("spam", "ham")


def test_examples_alone_complete_a_vague_text(infer: Infer) -> None:
    text = "Sort the mails into urgent and later."
    assert infer(text, ("later", "urgent", "later")) == ("urgent", "later")


def test_what_is_found_is_the_same_in_every_process() -> None:
    """Sets of strings come in another order in each process; the answer may not depend on it."""
    code = (
        "from pawc import labels, targets; from pawc.encoding import TextEncoder\n"
        "print(labels.infer(input(), (), TextEncoder(targets.find('mini'))))"
    )
    text = "Label each note: todo for unfinished work, idea for a thought, log for the rest."
    answers = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, input=text, env=environment, capture_output=True, text=True, check=True
        )
        answers.add(done.stdout)
    assert answers == {"('todo', 'idea', 'log')\n"}


def test_long_texts_take_little_time(infer: Infer) -> None:
    """What is read is bounded, whatever a text is made of."""
    for text in ("a, " * 4_000, "(" * 50_000, '"' * 5_000, "one of " * 30_000, "\u0300\x01" * 9_000):
        began = time.monotonic()
        assert infer(text) == ()
        assert time.monotonic() - began < 60  # 16 blocks of 512 tokens: 5 to 20 s of a core


def test_an_answer_does_not_go_on_in_the_next_line() -> None:
    """Two atoms and a span over both, all of them likely: the span holds a line feed, and is no label."""
    text = "yes\nno"
    found = atoms.split(text)
    assert [atom.text for atom in found] == ["yes", "no"]
    odds = np.array([[5.0, 5.0], [5.0, -np.inf]], np.float32)
    likely, sure = reader.likeliest(text, found, odds, frozenset())
    both = (1 / (1 + np.exp(-5))) ** 2
    assert likely == ("yes", "no")
    assert sure == pytest.approx(both * np.e / (both * np.e + 1 - both))  # it is a list of two
    whole, sure = reader.likeliest("yes no", atoms.split("yes no"), odds, frozenset())
    assert whole == ("yes", "yes no", "no") and sure == pytest.approx((1 / (1 + np.exp(-5))) ** 3)


def test_a_list_is_taken_whole_or_not_at_all() -> None:
    """Its members count together; an example's answer that is no member refuses it."""
    text = "cool, calm or cosy. Other words: none"
    found = atoms.split(text)
    odds = np.full((len(found), 1), -9.0, np.float32)
    odds[:, 0] = [{"cool": 4.0, "calm": 3.0, "cosy": -0.3}.get(atom.text, -9.0) for atom in found]
    assert reader.likeliest(text, found, odds, frozenset())[0] == ("cool", "calm", "cosy")
    odds[[atom.text for atom in found].index("cosy")] = -1.5  # below what a member more is worth
    assert reader.likeliest(text, found, odds, frozenset())[0] == ("cool", "calm")
    assert reader.likeliest(text, found, odds, frozenset({"cosy"}))[0] == ("cool", "calm", "cosy")
    assert reader.likeliest(text, found, odds, frozenset({"none"}))[0] == ("cool", "calm")


def test_what_fuzzing_found_names_lines(infer: Infer) -> None:
    text = "password = 'a8Kd02LmQz71xT9v'\n¸Ù\nexamples = 'x.tsv'\n[output]\n¸Ù\nexamples = 'x.tsv'"
    assert not any("\n" in label for label in infer(text))
