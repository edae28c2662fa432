"""What the sessions share: answers, how a record is made to fit, and how sure a label must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pawformats.errors import PawError

if TYPE_CHECKING:  # a client of a server needs answers, and neither numpy nor llama.cpp
    from pawformats.values import Contract, Overflow, Program
    from pawllama.model import Model

#: No vocabulary has a token of more bytes, so a longer text needs no tokenising to know that it overflows.
_LONGEST_TOKEN = 512


@dataclass(frozen=True)
class Answer:
    """An answer, with the label's probability under a label contract; or why there is none."""

    text: str
    score: float | None = None
    error: PawError | None = None


class Answering(Protocol):
    """What a stream of records needs."""

    batch: int

    def answer(self, texts: Sequence[str]) -> list[Answer]: ...


class Chosen(Answering, Protocol):
    """What a command needs of a program: one that will work here (local.Local), or in a server (via.Remote).
    Only entering it makes it ready to answer. `labels` are those of a label contract; `abstain` is the
    program's word for it; `base` the base's file."""

    labels: tuple[str, ...]
    abstain: str | None
    base: str

    def facts(self) -> dict[str, str]: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, *error: Any) -> None: ...


class Session(Answering, Protocol):
    """A program ready to answer: a decoder's (engine.DecoderSession) or an encoder's (EncoderSession)."""

    program: Program

    def distribution(self, text: str) -> dict[str, float]: ...
    def facts(self) -> dict[str, str]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, *error: Any) -> None: ...


def open_session(
    program: Program, base: Path | Model, *, max_tokens: int | None = None, **settings: Any
) -> Session:
    """The session that the program's base needs, which is a file, or a model that is open already and
    outlives it. `max_tokens` bounds what a decoder generates; the other settings are those of both."""
    if program.head is not None:
        from .encoder import EncoderSession

        return EncoderSession(program, base, **settings)
    from .engine import DecoderSession

    return DecoderSession(program, base, max_tokens=max_tokens, **settings)


def describe(program: Program, base: Path, session: Session) -> dict[str, str]:
    """What runs, for people."""
    contract = program.contract
    kinds = {"labels": " | ".join(contract.labels), "regex": contract.regex or "", "json_schema": "JSON"}
    made = program.adapter or program.head
    return {
        "program": f"{program.name} for {program.target}",
        "answers": kinds.get(contract.kind, "free text"),
        "adapter" if program.head is None else "label head": (
            "none" if made is None else f"{len(made)} bytes by {program.compiler}"
        ),
        "base": str(base),
        **session.facts(),
    }


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


def choose(label: str, score: float, min_confidence: float | None, abstain: str | None) -> Answer:
    """The likeliest label, or the word to abstain with if it isn't sure enough."""
    sure = min_confidence is None or score >= min_confidence
    return Answer(label if sure else abstain or "", score)


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
