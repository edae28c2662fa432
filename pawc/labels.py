"""Inferring a closed set of answers from the prose of a spec.

A wrong set breaks a program; a missing one loses a guarantee and leaves the spec to a target that is weaker
at labels (targets.default). So a set is taken if the reader holds it for likelier than the share ENOUGH.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pawformats.values import FloatArray

from . import atoms, reader

if TYPE_CHECKING:
    from .encoding import TextEncoder

#: Least probability of a set that is taken (trainer/LOG.md says what other numbers give).
ENOUGH = 0.35
#: Beyond doubt: several answers at once, or pairs that only show what is meant.
_OPEN = re.compile(
    r"\ball (?:that|which) appl|\b(?:those|ones|tags) (?:that|which) apply"
    r"|\bcomma[- +]separated list|\bone per line"
    r"|(?:\be\.g\.|\bfor example|\bsuch as)[^.\n]*(?:->|→|=>)",
    re.IGNORECASE,
)
#: More answers than this are a vocabulary, not a contract.
MOST_LABELS = 32
#: A longer text is read up to here: many times what a base can be prompted with.
_MOST_TOKENS = 4_096


def infer(description: str, outputs: Sequence[str], encoder: TextEncoder) -> tuple[str, ...]:
    """The closed set of answers that `description` names, in its order; empty unless it is plain.

    `outputs` are the answers of the spec's examples: they count as named, and a set that lacks one of them
    is refused.
    """
    if _OPEN.search(description):
        return ()
    shown = dict.fromkeys(outputs)
    found, sure = reader.likeliest(*read(description, tuple(shown), encoder), frozenset(shown))
    if sure < ENOUGH or not 2 <= len(found) <= MOST_LABELS or not shown.keys() <= set(found):
        return ()
    return found


def read(
    description: str, outputs: Sequence[str], encoder: TextEncoder
) -> tuple[str, list[atoms.Atom], FloatArray]:
    """What is read, its atoms, and the log-odds of their spans (reader.odds).

    What is longer than the encoder reads goes through it in windows that overlap by half; each span counts as
    the window has it in which its first atom is farther from an end.
    """
    text = reader.source(description, outputs)
    found: list[atoms.Atom] = []
    tokens: list[list[int]] = []
    size = 0
    for atom in atoms.split(text):
        ids = encoder.model.tokenize(atom.text, special=False)
        if size + len(ids) > _MOST_TOKENS:
            break
        if ids:  # control characters have no token
            found.append(atom)
            tokens.append(ids)
            size += len(ids)
    odds = np.full((len(found), encoder.reader.spans), -np.inf, np.float32)
    depth = np.full(len(found), -1)
    for begin, end in _windows([len(ids) for ids in tokens], encoder.room):
        inside = tokens[begin:end]
        states = encoder.states([token for ids in inside for token in ids])
        starts = np.cumsum([0, *map(len, inside[:-1])])
        counts = np.array([[len(ids)] for ids in inside], np.float32)
        pooled = np.asarray(np.add.reduceat(states, starts, axis=0) / counts, np.float32)
        seen = reader.odds(encoder.reader, pooled, text, found[begin:end], frozenset(outputs))
        places = np.arange(end - begin)
        inner = np.minimum(places, places[::-1])
        better = inner > depth[begin:end]
        odds[begin:end][better] = seen[better]
        depth[begin:end][better] = inner[better]
    return text, found, odds


def _windows(sizes: Sequence[int], room: int) -> list[tuple[int, int]]:
    """(from, to) of atoms that fit `room` tokens, each beginning in the middle of the one before."""
    made: list[tuple[int, int]] = []
    begin = 0
    while begin < len(sizes):
        end, total = begin, 0
        while end < len(sizes) and (total + sizes[end] <= room or end == begin):
            total += sizes[end]
            end += 1
        made.append((begin, end))
        if end == len(sizes):
            break
        begin = max(begin + 1, (begin + end) // 2)
    return made
