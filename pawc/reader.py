"""Reading a spec: which spans of its prose are the answers that it permits.

The states of an encoder's tokens, averaged to atoms, go through one small transformer block that also sees
what an uncased vocabulary loses of an atom's looks; a span's log-odds come of its first and its last atom.
formats/target.md §6 has the formulas; pawtrainer.reader trains the same network in torch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pawformats import adapter
from pawformats.errors import PawError
from pawformats.text import is_line
from pawformats.values import Adapter, FloatArray

from . import tensors
from .atoms import COUNTS, EDGES, SHAPES, Atom, looks
from .lists import lists

HEADS = 4
#: What the names of the tensors begin with that make the encoder's LoRA.
LORA = "lora."
_LOOKS = (("shape", len(SHAPES)), ("edges", EDGES), ("count", COUNTS))
#: What each member of a list adds to its log-odds (trainer/LOG.md says what other numbers give).
MEMBER = 0.5
#: Odds below which a span can't change what is read, as a probability of 1 in 10^8 wouldn't.
_NEVER = -18.0


@dataclass(frozen=True)
class Reader:
    """`tensors` holds every array under its name in the file, float32, out × in; `lora` is the GGUF of what
    the encoder wears when it reads, if it wears anything."""

    spans: int
    tensors: Mapping[str, FloatArray]
    lora: bytes | None = None


def load(path: str) -> Reader:
    """Read reader.gguf. Raises PawError `reader-unreadable` or `reader-invalid`."""
    every = tensors.arrays(tensors.open_gguf(path, "reader", 1, 2))
    found = {name: array for name, array in every.items() if not name.startswith(LORA)}
    worn = {name.removeprefix(LORA): array for name, array in every.items() if name.startswith(LORA)}
    dim = found["enter.weight"].shape[-1] if "enter.weight" in found else 0
    width = found["enter.bias"].shape[0] if "enter.bias" in found else 0
    spans = found["length.weight"].shape[0] if "length.weight" in found else 0
    shapes: dict[str, tuple[int, ...]] = {"length.weight": (spans, width), "shown": (1,)}
    for name, size in _LOOKS:
        shapes[f"{name}.weight"] = (size, width)
    for name, size_in, size_out in (
        ("enter", dim, width),
        ("qkv", width, 3 * width),
        ("mix", width, width),
        ("up", width, 2 * width),
        ("down", 2 * width, width),
        ("first", width, width),
        ("last", width, width),
        ("out", width, 1),
    ):
        shapes |= {f"{name}.weight": (size_out, size_in), f"{name}.bias": (size_out,)}
    for name in ("norm1", "norm2", "norm3"):
        shapes |= {f"{name}.weight": (width,), f"{name}.bias": (width,)}
    tensors.check(found, shapes, "reader", path)
    if width % HEADS or not spans:
        raise PawError("reader-invalid", f"the reader {path} has a width of {width} and {spans} spans")
    return Reader(spans, found, _lora(worn, path) if worn else None)


def _lora(halves: Mapping[str, FloatArray], path: str) -> bytes:
    """The GGUF of a LoRA given as `MODULE.a`, rank × in, and `MODULE.b`, out × rank."""
    names = sorted({name[:-2] for name in halves})
    ranks = {halves[f"{name}.a"].shape[0] for name in names if f"{name}.a" in halves}
    if len(ranks) != 1 or halves.keys() != {f"{name}.{half}" for name in names for half in "ab"}:
        raise PawError("reader-invalid", f"the reader {path} has half a LoRA, or several ranks")
    rank = ranks.pop()
    modules = {name: (halves[f"{name}.a"], halves[f"{name}.b"]) for name in names}
    try:
        return adapter.to_gguf(Adapter("reader", "bert", rank, float(rank), modules), "f16")
    except (PawError, ValueError) as error:
        raise PawError("reader-invalid", f"the LoRA of the reader {path} is none: {error}") from error


def source(description: str, outputs: Sequence[str]) -> str:
    """What is read of a spec: its prose and the answers of its examples, which may be the only ones named."""
    return description.strip() + "".join(f"\nOutput: {output}" for output in outputs)


def odds(
    reader: Reader, states: FloatArray, text: str, atoms: Sequence[Atom], shown: frozenset[str]
) -> FloatArray:
    """(atoms, spans): the log-odds that the atoms i to i + s are an answer, for states (atoms, d) and the
    answers `shown` in examples; -inf where a span would reach beyond the text."""
    found = reader.tensors

    def linear(name: str, x: FloatArray) -> FloatArray:
        return x @ found[f"{name}.weight"].T + found[f"{name}.bias"]

    def norm(name: str, x: FloatArray) -> FloatArray:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-5))
        return x * found[f"{name}.weight"] + found[f"{name}.bias"]

    x = linear("enter", states)
    for (name, _), index in zip(_LOOKS, np.array(looks(text, atoms), np.intp).T, strict=True):
        x = x + found[f"{name}.weight"][index]
    x = x + linear("mix", _attend(linear("qkv", norm("norm1", x))))
    x = x + linear("down", _gelu(linear("up", norm("norm2", x))))
    x = norm("norm3", x)
    first, last = linear("first", x), linear("last", x)
    result = np.full((len(atoms), reader.spans), -np.inf, np.float32)
    for size in range(min(reader.spans, len(atoms))):
        inner = first[: len(atoms) - size] + last[size:] + found["length.weight"][size]
        result[: len(atoms) - size, size] = linear("out", _gelu(inner))[:, 0]
        if shown:
            for index in range(len(atoms) - size):
                if text[atoms[index].start : atoms[index + size].end] in shown:
                    result[index, size] += found["shown"][0]
    return result


def _attend(qkv: FloatArray) -> FloatArray:
    """(n, 3 w) -> (n, w): softmax attention of HEADS heads, every atom to every other."""
    n, width = qkv.shape[0], qkv.shape[1] // 3
    q, k, v = qkv.reshape(n, 3, HEADS, width // HEADS).transpose(1, 2, 0, 3)
    scores = q @ k.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (weights / weights.sum(-1, keepdims=True)) @ v
    return np.asarray(mixed.transpose(1, 0, 2).reshape(n, width), np.float32)


def _gelu(x: FloatArray) -> FloatArray:
    return np.asarray(0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))), np.float32)


def likeliest(
    text: str, atoms: Sequence[Atom], odds: FloatArray, shown: frozenset[str]
) -> tuple[tuple[str, ...], float]:
    """The set of texts that is the likeliest to be the answers, by their first place, and its probability.

    It is what is rather an answer than not, text by text, or a list of the prose that has all of the answers
    `shown`. What stands side by side is an answer altogether or not at all, which the odds, each for itself,
    don't know; so a list counts e^MEMBER times as much for every member. A text that stands in several places
    is an answer if any of them is; one that goes on in the next line can't be a label.
    """
    quiet: dict[str, float] = {}  # log-probability that no place of the text is an answer
    for index, row in enumerate(odds):
        for size in np.flatnonzero(row > _NEVER):
            text_of = text[atoms[index].start : atoms[index + int(size)].end]
            if is_line(text_of):
                quiet[text_of] = quiet.get(text_of, 0.0) - float(np.logaddexp(0, row[size]))
    each = {name: math.log(-math.expm1(q)) - q for name, q in quiet.items()}
    none = math.fsum(quiet.values())

    def better(some: Iterable[str]) -> str | None:
        return max((name for name in some if name in each), key=each.__getitem__, default=None)

    def chance(some: Iterable[str]) -> float:
        return math.exp(min(0.0, none + math.fsum(each[name] for name in some)))

    plain = frozenset(name for name, log_odds in each.items() if log_odds > 0)
    chances = {plain: chance(plain)}
    weights = dict(chances)
    for members in lists(text, atoms, odds.shape[1], better):
        some = frozenset(members)
        if some >= shown and all(name in each for name in members):
            chances[some] = chance(some)
            weights[some] = chances[some] * math.exp(MEMBER * len(some))
    best = max(weights, key=weights.__getitem__)
    total = math.fsum(weights.values()) + max(0.0, 1 - math.fsum(chances.values()))
    return tuple(name for name in each if name in best), weights[best] / total
