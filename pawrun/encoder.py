"""A program for an encoder at work: each record is encoded once, and the label head decides. A record that
leaves it in doubt is read again, together with what is said of each label, if the program says so.

Nothing is generated, so an answer is a label by construction, and every label's probability comes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pawformats import head
from pawformats.errors import PawError
from pawformats.values import FloatArray, Joint, Program
from pawllama import worn
from pawllama.closing import Closing
from pawllama.encoder import Encoder
from pawllama.joint import JointEncoder, prepared
from pawllama.model import Model

from .answers import Answer, Policy, chances, check_confidence, check_overflow, choose, decisive, pieces


class EncoderSession(Closing):
    """As engine.DecoderSession, for a program with a label head. A batch of one always computes the same.

    The encoder that reads doubtful records again is opened at the first of them; with `cached` its weights
    are kept on disk for the next session (pawllama.worn).
    """

    def __init__(
        self,
        program: Program,
        base: Path | Model,
        *,
        batch: int = 8,
        threads: int | None = None,
        gpu_layers: int = 0,
        cached: bool = True,
        overflow: Policy | None = None,
        min_confidence: float | None = None,
        abstain: str | None = None,
    ) -> None:
        options = program.options
        self.program, self.batch = program, max(1, batch)
        self.overflow: Policy = overflow or options.overflow
        check_overflow(program.contract, self.overflow)
        self.min_confidence = options.min_confidence if min_confidence is None else min_confidence
        self.abstain = options.abstain if abstain is None else abstain
        check_confidence(program.contract, self.min_confidence, self.abstain)
        assert program.head is not None
        self._threads, self._cached = threads, cached
        self._head = head.load(program.head, len(program.contract.labels))
        self._shared = isinstance(base, Model)
        self.model = model = base if isinstance(base, Model) else Model(base, gpu_layers=gpu_layers)
        self._encoder: Encoder | None = None
        self._joint: JointEncoder | None = None
        self._worn: Model | None = None
        try:
            if self._head.shape[1] != model.n_embd + 1:
                raise PawError(
                    "head-refused",
                    f"the label head is made for encodings of {self._head.shape[1] - 1} numbers, "
                    f"those of {model.path} have {model.n_embd}",
                )
            self._encoder = Encoder(model, threads)
            self._before = model.tokenize(program.prompt.before, special=True)
            self._suffix = model.tokenize(program.prompt.suffix, special=True)
            size = min(program.base.context, self._encoder.longest)
            self.room = size - len(self._before) - len(self._suffix)
            if program.joint is not None and program.adapter is not None:
                prepared(model, program.joint, self._before, self._suffix)
                model.forget(model.adapter(program.adapter))  # that both fit is known before a record comes
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free encoders and, unless it is shared, the base. May be called twice."""
        for one in (self._encoder, self._joint):
            if one is not None:
                one.close()
        if self._worn is not None:
            worn.give_back(self._worn)
        self._encoder = self._joint = self._worn = None
        if not self._shared:
            self.model.close()

    @property
    def encoder(self) -> Encoder:
        if self._encoder is None:
            raise ValueError("the session is closed")
        return self._encoder

    def facts(self) -> dict[str, str]:
        """What runs, for people."""
        joint = self.program.joint
        return {
            "record": f"up to {self.room} tokens",
            "threads": f"{self.encoder.threads}, batches of {self.batch}",
            "repacked weights": "yes" if self.model.extra_buffers else "no",
            **({} if joint is None else {"read again": f"below a probability of {joint.below:g}"}),
        }

    @property
    def ahead(self) -> int:
        """How many records are worth being known at once."""
        return self.batch

    def answer(self, texts: Sequence[str], distributions: bool = False) -> list[Answer]:
        """One answer per text, in order, on request with the probability of every label. A text that can't
        be answered has an Answer with an error."""
        answers: list[Answer | None] = [None] * len(texts)
        waiting: list[tuple[int, list[int]]] = []
        for index, text in enumerate(texts):
            try:
                waiting += [(index, tokens) for tokens in self._pieces(text)]
            except PawError as error:
                answers[index] = Answer("", error=error)
        for begin in range(0, len(waiting), self.batch):
            group = waiting[begin : begin + self.batch]
            for (index, _), row in zip(group, self._odds([ids for _, ids in group]), strict=True):
                answers[index] = decisive(answers[index], self._chosen(row, distributions))
        return [answer for answer in answers if answer is not None]

    def _chosen(self, row: FloatArray, distributions: bool) -> Answer:
        labels, best = self.program.contract.labels, int(row.argmax())  # the first declared among equals
        every = dict(zip(labels, row.tolist(), strict=True)) if distributions else None
        return choose(labels[best], float(row[best]), self.min_confidence, self.abstain, every)

    def distribution(self, text: str) -> dict[str, float]:
        """The probability of every label. Raises PawError for a text that has no answer."""
        return chances(self.answer([text], distributions=True)[0])

    def _pieces(self, text: str) -> list[list[int]]:
        return pieces(self.encoder.model, text, self.room, self.overflow)

    def _odds(self, records: list[list[int]]) -> FloatArray:
        """(n, labels): probabilities."""
        encoded = self.encoder.encode([[*self._before, *ids, *self._suffix] for ids in records])
        odds = head.probabilities(encoded.astype(np.float64) @ self._head[:, :-1].T + self._head[:, -1])
        joint = self.program.joint
        again = [] if joint is None else head.doubtful(odds, joint)
        if joint is not None and again:
            reader = self._reader(joint)
            read = np.stack([reader.log_odds(records[row], head.together(odds[row])) for row in again])
            odds[again] = head.settled(odds[again], read, joint)
        return odds

    def _reader(self, joint: Joint) -> JointEncoder:
        """What reads records again."""
        if self._joint is None:
            if self._worn is None:
                kept = worn.of_user() if self._cached else None
                self._worn = worn.borrow(self.model, self.program.adapter or b"", kept)
            around = self._before, self._suffix
            self._joint = JointEncoder(self._worn, joint, None, *around, self._threads)
        return self._joint
