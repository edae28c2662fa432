"""The benchmark of functions that training holds out: bench/held-out.jsonl, made anew.

`python bench/heldout.py` takes the hand-written functions that a hash of their names keeps from every run
(`pawtrainer.corpus.held_out`), of each one wording, drawn, and up to ten pairs that the wording doesn't show.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pawtrainer import corpus

PATH = Path(__file__).with_name("held-out.jsonl")
SEED, CASES = 7, 10


def rows() -> Iterator[dict[str, Any]]:
    rng = random.Random(SEED)
    for one in filter(lambda found: corpus.held_out(found.name), corpus.fuzzybench()):
        wording = rng.choice(one.wordings)
        pairs = [pair for pair in one.pairs if pair[0] not in wording][:CASES]
        yield {
            "id": one.name,
            "family": one.group,
            "spec": wording,
            "output_kind": one.output_kind,
            "labels": list(one.labels) if one.labels else None,
            "cases": [{"input": given, "output": answer} for given, answer in pairs],
        }


if __name__ == "__main__":
    PATH.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows()), encoding="utf-8")
