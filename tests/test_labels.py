"""Closed sets of answers in prose: which are found, and which texts name none."""

from __future__ import annotations

import pytest

from pawc.labels import infer

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
]

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
]


@pytest.mark.parametrize(("text", "labels"), CLOSED)
def test_a_closed_set_is_found(text: str, labels: str) -> None:
    assert infer(text) == tuple(labels.split())


@pytest.mark.parametrize("text", OPEN)
def test_an_open_set_is_left_open(text: str) -> None:
    assert infer(text) == ()


def test_labels_of_several_words() -> None:
    assert infer('Answer exactly one of: "not stated", "stated", "denied".') == (
        "not stated",
        "stated",
        "denied",
    )


def test_an_example_outside_the_set_refuses_it() -> None:
    text = "Answer yes or no."
    assert infer(text, ("yes", "no", "yes")) == ("yes", "no")
    assert infer(text, ("yes", "maybe")) == ()
    assert infer(text, ("Yes",)) == ()


def test_examples_confirm_a_set_that_is_doubtful_without() -> None:
    text = "Decide whether the message is spam or ham."
    assert infer(text, ("spam", "ham")) == ("spam", "ham")


def test_long_texts_take_no_time() -> None:
    """No pattern may take more than linear time in what people write, nor much more in what they don't."""
    for text in (
        "a, " * 4_000,
        "if no " * 3_000,
        "(" * 5_000,
        "one of " * 3_000,
        '"' * 5_000,
        "x: y -> " * 1_000,
    ):
        infer(text)
