"""How many tokens of its base's context a program takes before a record comes, and what an encoder cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pawformats.errors import Position
from pawformats.values import PseudoProgram, Spec, Target

from .definitions import label_texts
from .diagnostics import Diagnostic

#: The numbers of tokens of texts; with True, a text may name special tokens.
Count = Callable[[Sequence[tuple[str, bool]]], Sequence[int]]


def check(
    spec: Spec, program: PseudoProgram, target: Target, budget: int | None, count: Count
) -> Iterator[Diagnostic]:
    """Warnings of a prompt of more than `budget` tokens, by default half of the base's context. An encoder
    has no prompt, but reads no more than its context (or `budget`) of what it is told of a label."""
    prompt, context = target.prompt, target.base.context
    frame = [(part, True) for part in (prompt.before, prompt.after, prompt.suffix) if part]
    place = spec.positions.get("description")
    if target.product == "head":
        texts = [
            (text, place, "text of a label") for text in label_texts(spec.description, spec.contract.labels)
        ]
        texts += [(example.input, example.position, "input of this example") for example in spec.examples]
        yield from _cut(texts, min(budget or context, context), target.name, frame, count)
        return
    limit = budget or context // 2
    tokens = _tokens(program.text, limit, frame, count)
    if tokens > limit:
        left = f"{max(0, context - tokens)} are left for a record and its answer"
        yield Diagnostic(
            "warning",
            f"the prompt takes {tokens} of the {context} tokens that {target.base.name} reads",
            place,
            hint=f"{left}: shorten the prose, or give fewer examples",
            flag="prompt-budget",
        )


def _cut(
    texts: Sequence[tuple[str, Position | None, str]],
    limit: int,
    name: str,
    frame: Sequence[tuple[str, bool]],
    count: Count,
) -> Iterator[Diagnostic]:
    for text, place, what in texts:
        tokens = _tokens(text, limit, frame, count)
        if tokens > limit:
            message = f"the {what} takes {tokens} tokens, and {name} reads {limit}"
            yield Diagnostic("warning", message, place, hint="shorten it", flag="prompt-budget")


def _tokens(text: str, limit: int, frame: Sequence[tuple[str, bool]], count: Count) -> int:
    """How many tokens a text takes within its frame; 0 if it is surely no more than `limit`: a token of
    either kind of base stands for a byte at least, so that a short text needs no vocabulary."""
    size = sum(len(part.encode()) for part in (text, *(part for part, _ in frame)))
    return 0 if size <= limit else sum(count([(text, False), *frame]))
