"""What is measured on is never trained on: the development benchmark and the examples' cases against all that
a draw can hold. Compared here with sets of words in a row, apart from the trainer's own index."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pawtrainer import corpus, overlap
from pawtrainer.corpus import Corpus, Recorded
from pawtrainer.families.base import FAMILIES, Task, distinct_pairs

ROOT = Path(__file__).parents[1]
MEASURED = [ROOT / "trainer/fuzzybench/dev.jsonl", *sorted(ROOT.glob("examples/*/cases.jsonl"))]
#: Public material, for whoever has it beside the checkout.
DATA = ROOT.parent / "shared" / "data"

Run = tuple[str, ...]


def split(text: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", text.casefold()).split()


def runs(words: list[str], length: int) -> set[Run]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def measured_texts() -> Iterator[str]:
    """Descriptions and inputs, without the markers and without the answers."""
    for row in (row for path in MEASURED for row in corpus.read_lines(path)):
        description, *parts = re.split(r"^(?:Input|Output): ?", row["spec"], flags=re.MULTILINE)
        yield from (description, *parts[::2], *(case["input"] for case in row["cases"]))


def wanted(texts: Iterable[str]) -> dict[int, set[Run]]:
    """By length: all 8 words in a row; of a shorter text, the whole, down to 4 words."""
    found: dict[int, set[Run]] = {length: set() for length in range(8, 3, -1)}
    for words in map(split, texts):
        if len(words) >= 4:
            found[min(len(words), 8)] |= runs(words, min(len(words), 8))
    return found


HIDDEN = wanted(measured_texts())


def shared(text: str) -> set[Run]:
    words = split(text)
    return {run for length, those in HIDDEN.items() for run in runs(words, length) & those}


def left_out(functions: Iterable[Recorded]) -> Counter[str]:
    """How many wordings and pairs no draw can hold. Fails if another shares a run."""
    counts: Counter[str] = Counter()
    for function in functions:
        task = Task(function.name, function.group, "", function.output_kind, None, function.pairs)
        bare = replace(task, pairs=(("", ""),))
        for wording in function.wordings:
            dropped = corpus.apart(replace(bare, spec=wording)) is None
            assert dropped or not shared(wording), (function.name, shared(wording))
            counts["wordings left out"] += dropped
        kept = corpus.apart(task)
        pairs = kept.pairs if isinstance(kept, Task) else ()
        found = set().union(*map(shared, sum(pairs, ())))
        assert not found, (function.name, found)
        counts["pairs left out"] += len(function.pairs) - len(pairs)
        counts.update({"wordings": len(function.wordings), "pairs": len(function.pairs)})
    return counts


def generated(functions: int) -> Iterator[Recorded]:
    """Some functions of every family, with all their wordings."""
    for name in corpus.load_families():
        rng = random.Random(f"overlap:{name}")
        for _ in range(functions):
            drawn = FAMILIES[name].draw(rng)
            pairs = tuple(distinct_pairs(rng, drawn, 6))
            yield Recorded(name, FAMILIES[name].group, drawn.wordings, drawn.output_kind, pairs)


@pytest.mark.parametrize(
    ("measured", "text", "found"),
    [
        ("One two three four five six seven eight.", "one, two\nTHREE four-five six_seven (eight)", True),
        ("one two three four five six seven eight nine", "1 two three four five six seven eight nine", True),
        ("one two three four five six seven eight nine", "one two three four five six seven 8 nine", False),
        ("Why is the sky blue?", "how to boil eggs | why is the sky blue | eggs", True),
        ("Why is the sky blue?", "why is the sky", False),
        ("dark mode, please", "dark mode please", False),
    ],
)
def test_what_an_overlap_is(measured: str, text: str, found: bool) -> None:
    assert (overlap.Index([measured]).find(text) is not None) == found


def test_the_trainer_knows_all_that_is_measured_on() -> None:
    assert overlap.measured_files() == MEASURED and len(MEASURED) > 1
    assert {len(run) for run in set().union(*HIDDEN.values())} == {4, 5, 6, 7, 8}
    for text in measured_texts():
        assert bool(overlap.measured(text)) == (len(split(text)) >= 4)


def test_the_hand_written_functions() -> None:
    counts = left_out(corpus.fuzzybench())
    card = (ROOT / "trainer/fuzzybench/README.md").read_text(encoding="utf-8")
    told = re.search(r"leaves out (\d+) of ([\d,]+)\s+wordings and (\d+) of ([\d,]+)\s+pairs", card)
    assert told is not None
    names = ("wordings left out", "wordings", "pairs left out", "pairs")
    assert [counts[name] for name in names] == [int(number.replace(",", "")) for number in told.groups()]


def test_the_generator() -> None:
    """Few texts of a generator agree with a benchmark by chance; many would mean that it was copied."""
    counts = left_out(generated(3))
    assert counts["wordings left out"] < 0.005 * counts["wordings"], counts
    assert counts["pairs left out"] < 0.005 * counts["pairs"], counts


def planted() -> Corpus:
    """A source of three functions: a measured spec, measured inputs among others, and none of that."""
    row = next(iter(corpus.read_lines(MEASURED[0])))
    mine = (("good", "yes"), ("bad", "no"))
    theirs = tuple((f"Somebody wrote: {case['input'].upper()}", "yes") for case in row["cases"])
    sources = [("spec", row["spec"], mine), ("inputs", "Is it good?", theirs + mine), ("fine", "Good?", mine)]
    found = [Recorded(name, "g", (spec,), "label", pairs) for name, spec, pairs in sources]
    return Corpus({"public": found}, [row["spec"], "A document."], {"public": 0.5, "text": 0.5})


@pytest.mark.parametrize("watched", [True, False])
def test_a_planted_text_is_never_drawn(monkeypatch: pytest.MonkeyPatch, watched: bool) -> None:
    """With the rule off, the same draws do hold it: this test can fail."""
    if not watched:
        monkeypatch.setattr(overlap, "measured", lambda text: None)
    source, rng = planted(), random.Random(1)
    drawn = [source.draw(rng, 4) for _ in range(200)]
    tasks = [task for task in drawn if isinstance(task, Task)]
    documents = [text for text in drawn if isinstance(text, str)]
    assert {task.family for task in tasks} == {"inputs", "fine"} | (set() if watched else {"spec"})
    shown = (text for task in tasks for text in (task.spec, *sum(task.pairs, ())))
    assert any(map(shared, shown)) != watched
    assert any(map(shared, documents)) != watched and "A document." in documents


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the public material")
def test_the_public_material() -> None:
    """Other people's texts share everyday phrases and well-known sentences; what does is left out too."""
    counts = left_out(corpus.instructions(DATA)[::8]) + left_out(corpus.public_tasks(DATA)[::8])
    assert counts["pairs left out"] < 0.005 * counts["pairs"], counts
    documents = corpus.texts(DATA)[::64]
    kept = [text for text in documents if corpus.apart(text) is not None]
    assert not any(map(shared, kept))
    assert len(documents) - len(kept) < 0.005 * len(documents)
