"""What the sessions share: answers, how a record is made to fit, and how sure a label must be."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from pawformats.errors import PawError

if TYPE_CHECKING:  # a client of a server needs answers, and neither numpy nor llama.cpp
    from pawformats.values import Contract, Overflow, Program
    from pawllama.model import Model

#: What is done with a record that is too long: a program's choice, or `chunk`, which only a run can ask.
Policy = Literal["error", "head", "tail", "middle", "chunk"]

#: No vocabulary has a token of more bytes, so a longer text needs no tokenising to know that it overflows.
_LONGEST_TOKEN = 512
#: Most pieces of a record, and the characters that their tokens may have on average: a bound on the time
#: that one record can take.
_MOST_PIECES, _SPACIOUS_TOKEN = 1024, 8


@dataclass(frozen=True)
class Answer:
    """An answer, with the label's probability under a label contract; or why there is none.
    `distribution` has every label's probability, if it was asked for."""

    text: str
    score: float | None = None
    error: PawError | None = None
    distribution: dict[str, float] | None = None


class Answerer(Protocol):
    """What a stream asks: a program ready to answer, or what stands before one, such as a memo. It takes up
    to `ahead` records at once."""

    @property
    def ahead(self) -> int: ...
    def answer(self, texts: Sequence[str]) -> list[Answer]: ...


class Chosen(Answerer, Protocol):
    """What a command needs of a program: one that will work here (local.Local), or in a server (via.Remote).
    Only entering it makes it ready to answer. `labels` are those of a label contract; `min_confidence` is the
    program's own, and `abstain` its word for less; `base` the base's file. `version` gives another value once
    answers may be other ones, and None if that can't be told."""

    labels: tuple[str, ...]
    min_confidence: float | None
    abstain: str | None

    @property
    def base(self) -> str: ...
    def facts(self) -> dict[str, str]: ...
    def version(self) -> object: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, *error: Any) -> None: ...


class Session(Answerer, Protocol):
    """A program ready to answer: a decoder's (engine.DecoderSession) or an encoder's (EncoderSession). With
    `distributions` the answers have the probability of every label, from the computation that chose one."""

    program: Program

    def answer(self, texts: Sequence[str], distributions: bool = False) -> list[Answer]: ...
    def distribution(self, text: str) -> dict[str, float]: ...
    def facts(self) -> dict[str, str]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, *error: Any) -> None: ...


def open_session(
    program: Program,
    base: Path | Model,
    *,
    max_tokens: int | None = None,
    cached: bool = True,
    merge: bool = False,
    **settings: Any,
) -> Session:
    """The session that the program's base needs, which is a file, or a model that is open already and
    outlives it. `max_tokens` bounds what a decoder generates, and `merge` merges its adapter into it; the
    others are those of both kinds, as `cached`, which keeps on disk what the next session needs again.

    Raises PawError `nothing-to-merge` for a program without an adapter.
    """
    if merge and (program.adapter is None or program.head is not None):
        what = "has no adapter to merge" if program.adapter is None else "reads with and without its adapter"
        raise PawError("nothing-to-merge", f"the program {what}", hint="leave --merge out")
    if program.head is not None:
        from .encoder import EncoderSession

        return EncoderSession(program, base, cached=cached, **settings)
    from .engine import DecoderSession

    return DecoderSession(program, base, max_tokens=max_tokens, cached=cached, merge=merge, **settings)


def describe(program: Program, base: Path, session: Session) -> dict[str, str]:
    """What runs, for people."""
    contract = program.contract
    kinds = {"labels": " | ".join(contract.labels), "regex": contract.regex or "", "json_schema": "JSON"}
    made = program.adapter if program.head is None else program.head
    return {
        "program": f"{program.name} for {program.target}",
        "answers": kinds.get(contract.kind, "free text"),
        "adapter" if program.head is None else "label head": (
            "none" if made is None else f"{len(made)} bytes by {program.compiler}"
        ),
        "base": str(base),
        **session.facts(),
    }


def check_overflow(contract: Contract, overflow: Policy) -> None:
    """Raise PawError unless the answers to a record's pieces can be made one."""
    if overflow == "chunk" and contract.kind != "labels":
        raise PawError("no-labels", "overflow by chunk needs a program that answers with labels")


def check_confidence(contract: Contract, min_confidence: float | None, abstain: str | None) -> None:
    """Raise PawError unless a threshold goes with labels and with a word to say below it."""
    if min_confidence is None:
        return
    if contract.kind != "labels":
        raise PawError("no-labels", "a minimal confidence needs a program that answers with labels")
    if abstain is None:
        raise PawError(
            "no-abstain-word",
            "a minimal confidence needs a word to answer below it",
            hint="set abstain in the program, or give --abstain WORD",
        )


def choose(
    label: str,
    score: float,
    min_confidence: float | None,
    abstain: str | None,
    distribution: dict[str, float] | None = None,
) -> Answer:
    """The likeliest label, or the word to abstain with if it isn't sure enough."""
    sure = min_confidence is None or score >= min_confidence
    return Answer(label if sure else abstain or "", score, distribution=distribution)


def chances(answer: Answer) -> dict[str, float]:
    """The distribution of an answer that was to have one. Raises the PawError of one that failed."""
    if answer.error is not None:
        raise answer.error
    return answer.distribution or {}


def decisive(one: Answer | None, other: Answer) -> Answer:
    """Of the answers to two pieces of a record, the one with the likelier label; the first of equals. A
    piece that has no answer leaves the record without one."""
    if one is None or (one.error is None and (other.error is not None or _score(one) < _score(other))):
        return other
    return one


def _score(answer: Answer) -> float:
    return answer.score or 0.0


def pieces(model: Model, text: str, room: int, overflow: Policy) -> list[list[int]]:
    """Tokens of a record in pieces of up to `room`: one, cut by the overflow policy; under `chunk` as few
    as hold all of it, none longer than another by more than a token.

    Raises PawError `record-too-long` under the policy `error`, and for too many pieces.
    """
    if overflow != "chunk":
        return [fit(model, text, room, overflow)]
    too_many = PawError("record-too-long", f"it has more than {_MOST_PIECES} pieces of {room} tokens")
    if len(text) > _MOST_PIECES * room * _SPACIOUS_TOKEN:
        raise too_many
    tokens = model.tokenize(text, special=False)
    count = max(1, -(-len(tokens) // room))
    if count > _MOST_PIECES:
        raise too_many
    borders = [len(tokens) * n // count for n in range(count + 1)]
    return [tokens[begin:end] for begin, end in itertools.pairwise(borders)]


def fit(model: Model, text: str, room: int, overflow: Overflow) -> list[int]:
    """Tokens of a record, cut to `room` by the overflow policy.

    Raises PawError `record-too-long` under the policy `error`.
    """
    most = room * _LONGEST_TOKEN
    if len(text) > most:
        if overflow == "error":
            raise PawError("record-too-long", f"{len(text)} characters do not fit {room} tokens")
        text = cut(text, most, overflow)
    tokens = model.tokenize(text, special=False)
    if len(tokens) > room:
        if overflow == "error":
            raise PawError("record-too-long", f"{len(tokens)} tokens do not fit {room}")
        tokens = cut(tokens, room, overflow)
    return tokens


Sliceable = TypeVar("Sliceable", str, list[int])


def cut(whole: Sliceable, size: int, policy: Overflow) -> Sliceable:
    """The part of a text or of its tokens that `policy` keeps: its head, its tail or its middle."""
    start = {"head": 0, "tail": len(whole) - size, "middle": (len(whole) - size) // 2}[policy]
    return whole[start : start + size]
