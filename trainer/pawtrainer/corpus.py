"""Where training tasks come from: procedural families, hand-written functions, public task data, plain text.

Tasks are sampled by source, then by task, never by row, so that a large set can't drown the small ones.
Specs are held out by a hash of the function's name: no wording of a held-out function is ever trained on.
Whatever the source, a draw that shares text with a benchmark is drawn again.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import io
import json
import lzma
import pkgutil
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from pawformats import paw
from pawformats.errors import PawError

from pawc.frontend import restate

from . import families, overlap
from .families.base import FAMILIES, Pair, Task, draw_task

#: Rows made from these may not shape shipped weights: research-only or without a licence of their own.
UNLICENSED = ("logpai/loghub", "megagonlabs/ditto")
#: Longest input and output that are kept, in characters.
LONGEST_INPUT, LONGEST_OUTPUT = 420, 160
HELD_OUT = 0.03
#: Sources that are not in this repository; a run can do without them.
FROM_FOLDER = ("instructions", "public", "text")


@dataclass(frozen=True)
class Recorded:
    """A function given by wordings and pairs, as the files hold it."""

    name: str
    group: str
    wordings: tuple[str, ...]
    output_kind: str
    pairs: tuple[Pair, ...]
    labels: tuple[str, ...] | None = None


def held_out(name: str) -> bool:
    """Whether a function (or family) is kept from training, by its name alone."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) < HELD_OUT * 2**32


def read_lines(path: Path) -> Iterator[Any]:
    """Objects of a `.jsonl` file, plain or compressed (`.zst`, `.xz`)."""
    with path.open("rb") as file:
        for line in io.TextIOWrapper(_plain(file, path.suffix), encoding="utf-8"):
            yield json.loads(line)


def _plain(file: BinaryIO, suffix: str) -> Any:
    if suffix == ".zst":
        import zstandard

        return zstandard.ZstdDecompressor().stream_reader(file)
    return lzma.open(file) if suffix == ".xz" else file


def stored(folder: Path, name: str) -> Iterator[Any]:
    """Objects of the file NAME.jsonl in `folder`, however it is compressed; none if it isn't there."""
    for suffix in ("", ".zst", ".xz"):
        path = folder / f"{name}.jsonl{suffix}"
        if path.exists():
            yield from read_lines(path)
            return


def _kept(pairs: list[list[str]] | list[Pair]) -> tuple[Pair, ...]:
    return tuple((g, a) for g, a in pairs if 0 < len(g) <= LONGEST_INPUT and 0 < len(a) <= LONGEST_OUTPUT)


def fuzzybench() -> list[Recorded]:
    """The hand-written functions. Raises PawError `no-fuzzybench` where there is no checkout around."""
    paths = sorted(overlap.FUZZYBENCH.glob("train-*.jsonl"))
    if not paths:
        raise PawError(
            "no-fuzzybench",
            f"the mix names fuzzybench, which is not at {overlap.FUZZYBENCH}",
            hint="an installed package does not carry it: train in a checkout, or leave it out of the mix",
        )
    found = []
    for path in paths:
        for row in read_lines(path):
            pairs = _kept([(p["input"], p["output"]) for p in row["pairs"]])
            wordings = (row["spec"], *row["paraphrases"])
            labels = tuple(row["labels"]) if row["labels"] else None
            found.append(Recorded(row["id"], row["family"], wordings, row["output_kind"], pairs, labels))
    return found


def instructions(folder: Path) -> list[Recorded]:
    """Super-NaturalInstructions tasks: the definition, once bare and once with its examples."""
    found = []
    for row in stored(folder, "ni-train"):
        pairs = _kept(row["instances"])[:200]
        if len(row["definition"]) > 700 or len(pairs) < 10:
            continue
        shown = "".join(
            f"\n\nInput: {g}\nOutput: {a}" for g, a in row["examples"][:2] if len(g) + len(a) < 200
        )
        wordings = (row["definition"], row["definition"] + shown)
        found.append(Recorded(row["name"], row["group"], wordings, "text", pairs, closed_set(pairs)))
    return found


def reworded(loaded: Corpus, folder: Path | None) -> Corpus:
    """With the other wordings that people's data have for instructions, of which the own count as eight."""
    if folder is None or "instructions" not in loaded.recorded:
        return loaded
    rows = [row for row in stored(folder, "ni-paraphrases") if row["split"] == "train"]
    others = {row["name"]: [text for text in row["descriptions"] if len(text) <= 700] for row in rows}
    made = [
        replace(one, wordings=(*8 * one.wordings, *others.get(one.name, ())))
        for one in loaded.recorded["instructions"]
    ]
    return replace(loaded, recorded=loaded.recorded | {"instructions": made})


def public_tasks(folder: Path) -> list[Recorded]:
    """Small functions over public labelled data, without the sources that may not shape weights."""
    specs: dict[str, dict[str, None]] = {}
    pairs: dict[str, list[Pair]] = {}
    for row in stored(folder, "ghtasks-train"):
        if not any(source in row["source"] for source in UNLICENSED):
            specs.setdefault(row["task"], {})[row["spec"]] = None
            pairs.setdefault(row["task"], []).append((row["input"], row["output"]))
    kept = {task: _kept(pairs[task]) for task in specs}
    return [
        Recorded(task, "public", tuple(specs[task]), "text", kept[task], closed_set(kept[task]))
        for task in specs
        if len(kept[task]) >= 6
    ]


def closed_set(pairs: tuple[Pair, ...]) -> tuple[str, ...] | None:
    """The answers of a function if they are few, short and repeated: a classifier's labels."""
    answers = sorted({answer for _, answer in pairs})
    few = 2 <= len(answers) <= 16 and len(pairs) >= 5 * len(answers)
    return tuple(answers) if few and all(len(answer) <= 40 for answer in answers) else None


def texts(folder: Path) -> list[str]:
    """Plain documents for language modelling."""
    return [row["text"] for row in stored(folder, "text")]


@functools.cache
def load_families() -> tuple[str, ...]:
    """Import every family module; the names of all families, sorted."""
    for module in pkgutil.iter_modules(families.__path__):
        importlib.import_module(f"{families.__name__}.{module.name}")
    return tuple(sorted(FAMILIES))


@dataclass
class Corpus:
    """All sources in memory. `mix` gives the share of each; a missing source's share goes to the others.
    Of the functions with labels that are drawn, `label_share` are kept."""

    recorded: dict[str, list[Recorded]]
    documents: list[str]
    mix: dict[str, float]
    held: bool = False  # draw held-out functions instead of the trained ones
    label_share: float = 1.0

    def draw(self, rng: random.Random, pairs: int) -> Task | str:
        """A task with up to `pairs` pairs, or a document, without what is measured on; a pure function
        of rng's state."""
        while True:
            drawn = self._draw(rng, pairs)
            if isinstance(drawn, Task) and drawn.labels and rng.random() >= self.label_share:
                continue
            if (kept := apart(drawn)) is not None:
                return kept

    def _draw(self, rng: random.Random, pairs: int) -> Task | str:
        names = [
            n for n in self.mix if n == "families" or (n == "text" and self.documents) or self.recorded.get(n)
        ]
        source = rng.choices(names, [self.mix[name] for name in names])[0]
        if source == "text":
            return rng.choice(self.documents)
        if source == "families":
            pool = [name for name in load_families() if held_out(name) == self.held]
            return draw_task(rng, FAMILIES[rng.choice(pool)], pairs)
        return _draw_recorded(rng, rng.choice(self.recorded[source]), pairs)


def _draw_recorded(rng: random.Random, chosen: Recorded, count: int) -> Task:
    """One wording; half of the wordings without examples get some of the function's own pairs."""
    wording = rng.choice(chosen.wordings)
    pairs = rng.sample(chosen.pairs, min(len(chosen.pairs), count + 3))
    shown = rng.randint(1, 3) if "Output:" not in wording and len(pairs) > 5 and rng.random() < 0.5 else 0
    wording += "".join(f"\n\nInput: {g}\nOutput: {a}" for g, a in pairs[:shown])
    rest = tuple(pairs[shown : shown + count])
    return Task(chosen.name, chosen.group, wording, chosen.output_kind, chosen.labels, rest)


def apart(drawn: Task | str) -> Task | str | None:
    """What is left without text that a benchmark holds: a task loses the pairs, or goes with its spec or
    its last pair."""
    if isinstance(drawn, str):
        return None if overlap.measured(drawn) else drawn
    if overlap.measured(drawn.spec):
        return None
    pairs = tuple(pair for pair in drawn.pairs if not any(map(overlap.measured, pair)))
    if len(pairs) == len(drawn.pairs):
        return drawn
    return replace(drawn, pairs=pairs) if pairs else None


def load(folder: Path | None, mix: dict[str, float], held: bool = False, label_share: float = 1.0) -> Corpus:
    """Read the sources that the mix names: fuzzybench from the repository, FROM_FOLDER from `folder` as
    far as it has them."""
    readers: dict[str, Callable[[], list[Recorded]]] = {"fuzzybench": fuzzybench}
    documents: list[str] = []
    if folder is not None:
        readers["instructions"] = functools.partial(instructions, folder)
        readers["public"] = functools.partial(public_tasks, folder)
        documents = texts(folder) if mix.get("text") and not held else []
    recorded = {
        name: [task for task in reader() if held_out(task.name) == held and task.pairs]
        for name, reader in readers.items()
        if mix.get(name)
    }
    return Corpus(recorded, documents, mix, held, label_share)


@functools.lru_cache(maxsize=50_000)
def front(spec: str, labels: tuple[str, ...] | None) -> tuple[str, str] | None:
    """(description, pseudo-program) of a spec text, as the compiler makes them that finds its labels where
    the prose names them all; None if it is no source."""
    try:
        parsed = paw.parse(spec.encode(), "spec")
    except PawError:
        return None
    pairs = tuple((example.input, example.output) for example in parsed.examples)
    named = labels if labels and all(label in parsed.description for label in labels) else ()
    return parsed.description, restate(parsed.description, named, pairs)
