"""The hand-written functions are what their data card says, and pawc and the trainer can read them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from pawformats import paw
from pawformats.errors import PawError
from pawtrainer import benchmark, corpus

FOLDER = Path(__file__).parents[1] / "trainer" / "fuzzybench"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
FILES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
FIELDS = {"id", "family", "spec", "output_kind", "labels"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_as_the_card_says(name: str) -> None:
    told = re.search(rf"^\| {name} \|[^|]+\|([^|]+)\|([^|]+)\|([^|]+)\|$", CARD, re.MULTILINE)
    assert told is not None
    rows = list(corpus.read_lines(FOLDER / f"{name}.jsonl"))
    counts = [len(rows), 0, 0]
    for row in rows:
        pairs = row["cases" if name == "dev" else "pairs"]
        assert row.keys() == FIELDS | ({"cases"} if name == "dev" else {"pairs", "paraphrases"})
        assert row["output_kind"] in ("label", "text", "json", "list")
        assert len({pair["input"] for pair in pairs}) == len(pairs)
        assert not row["labels"] or {pair["output"] for pair in pairs} <= set(row["labels"]), row["id"]
        counts[1] += 1 + len(row.get("paraphrases", ()))
        counts[2] += len(pairs)
    assert counts == [int(number.replace(",", "")) for number in told.groups()]


def test_ids_are_unique() -> None:
    ids = [row["id"] for name in FILES for row in corpus.read_lines(FOLDER / f"{name}.jsonl")]
    assert len(set(ids)) == len(ids) == 3929 + 112


def test_the_benchmark_can_be_evaluated() -> None:
    records = benchmark.load(str(FOLDER / "dev.jsonl"))
    specs = [paw.parse(record.spec.encode(), record.id) for record in records]
    assert sum(bool(spec.examples) for spec in specs) == len(specs) // 2


def test_the_benchmark_of_held_out_functions_is_made_of_them() -> None:
    """Functions that no run has seen, as `bench/heldout.py` draws them from the files that there are."""
    bench = FOLDER.parents[1] / "bench"
    rows = list(corpus.read_lines(bench / "held-out.jsonl"))
    assert rows == list(runpy.run_path(str(bench / "heldout.py"))["rows"]())
    seen = {function.name for function in corpus.load(None, {"fuzzybench": 1.0}).recorded["fuzzybench"]}
    assert len(rows) == 96 and not seen & {row["id"] for row in rows}
    assert sum(len(record.cases) for record in benchmark.load(str(bench / "held-out.jsonl"))) == 914


def test_the_trainer_reads_every_wording_but_those_that_the_card_names() -> None:
    unread = set()
    for function in corpus.fuzzybench():
        for wording in function.wordings:
            try:
                paw.parse(wording.encode(), function.name)
            except PawError:
                unread.add(function.name)
    assert unread == set(re.findall(r"\btr[a-z]{1,2}-\d{4}\b", CARD.rpartition("## Limits")[2]))
