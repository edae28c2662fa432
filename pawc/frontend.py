"""The pseudo compiler: spec in, pseudo-program out (design: paper's Task/Examples form)."""

from __future__ import annotations

import re

from pawformats.paw import digest
from pawformats.values import PseudoProgram, Spec


def restate(description: str, labels: tuple[str, ...], examples: tuple[tuple[str, str], ...]) -> str:
    """The Task/Examples text of the `template` pseudo compiler.

    Deterministic: white space is folded, the permitted answers get a line of their own, and the
    examples follow in source order. The trainer calls this with the same arguments as the compiler,
    so that the interpreter meets one form only.
    """
    parts = ["Task: " + re.sub(r"\s+", " ", description).strip()]
    if labels:
        parts.append("Answers: " + " | ".join(labels))
    if examples:
        shown = "\n".join(f"Input: {given}\nOutput: {answer}" for given, answer in examples)
        parts.append("Examples:\n" + shown)
    return "\n".join(parts) + "\n"


def expand(spec: Spec) -> PseudoProgram:
    """Restate a spec with the `template` pseudo compiler."""
    pairs = tuple((example.input, example.output) for example in spec.examples)
    return PseudoProgram(restate(spec.description, spec.contract.labels, pairs), digest(spec))
