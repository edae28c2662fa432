"""A program at work: base, adapter and warmed prefix, answering texts in micro-batches.

The prefix is evaluated once, into sequence 0; a record's sequence shares its cells. Records that are answered
with labels are prefilled and decided together; where answers are generated, the next record takes the place
of one that is finished, and is prefilled while the others go on. That packs the matrix products differently,
so a logit may differ in its second decimal from the one computed alone: an answer can change only where two
tokens are that close. A batch of one always computes the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pawformats.errors import PawError
from pawformats.values import Contract, FloatArray, Program
from pawllama import merging, prefixes
from pawllama.closing import Closing
from pawllama.context import Context
from pawllama.grammar import Grammar, GrammarState, regex_to_gbnf, schema_to_gbnf
from pawllama.model import Model, as_path
from pawllama.runs import Run, count

from . import labels
from .answers import Answer, Policy, chances, check_confidence, check_overflow, choose, decisive, pieces

#: Room for a record in the shared pool, in tokens beyond its answer; longer ones ride in smaller batches.
_TYPICAL_RECORD = 128
#: Tokens of a prefill from which flash attention, which fewer pay for dearly, is faster on a CPU.
_MANY = 64
#: Batches whose records are taken at once where answers are generated.
_AHEAD = 4


#: A record's number, and its tokens with the suffix after them.
_Waiting = tuple[int, list[int]]


@dataclass
class _Generation:
    """An answer in the making, as sequence `seq` behind a prefix of `start` tokens."""

    index: int
    seq: int
    start: int
    record: list[int]
    most: int
    state: GrammarState | None
    answer: list[int] = field(default_factory=list)
    error: PawError | None = None

    @property
    def run(self) -> Run:
        """What is to be evaluated next: the record, then each token of the answer."""
        if not self.answer:
            return Run(self.seq, self.start, self.record, behind=0)
        return Run(self.seq, self.start + len(self.record) + len(self.answer) - 1, self.answer[-1:])

    @property
    def cells(self) -> int:
        """What it may come to take of the pool."""
        return len(self.record) + self.most


class DecoderSession(Closing):
    """A program ready to answer. Close it.

    `base` is a file, or a model that is open already and outlives the session. `max_tokens`, `overflow`,
    `min_confidence` and `abstain` override what the program says. Raises PawError if the settings
    contradict the contract, the base can't be loaded, or the prompt leaves no room for a record. With
    `cached` the evaluated prompt is kept on disk for the next session (pawllama.prefixes). With `merge`,
    which needs a base's file and a program with an adapter, that is merged into it (pawllama.merging).
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
        merge: bool = False,
        max_tokens: int | None = None,
        overflow: Policy | None = None,
        min_confidence: float | None = None,
        abstain: str | None = None,
    ) -> None:
        options, contract = program.options, program.contract
        self.program = program
        self.overflow: Policy = overflow or options.overflow
        check_overflow(contract, self.overflow)
        self.min_confidence = options.min_confidence if min_confidence is None else min_confidence
        self.abstain = options.abstain if abstain is None else abstain
        check_confidence(contract, self.min_confidence, self.abstain)
        grammar = _gbnf(contract)
        self._cached = cached
        self._shared, self._merged = isinstance(base, Model), merge
        self.model = model = base if isinstance(base, Model) else self._loaded(base, gpu_layers)
        try:
            self._trie = self._label_trie()
            self._grammar = None if grammar is None else Grammar(model, grammar)
            self._open(batch, threads, max_tokens or contract.max_tokens)
        except BaseException:
            self.close()
            raise

    _grammar: Grammar | None = None
    _context: Context | None = None
    _wide: Context | None = None  # for many tokens at once
    _adapter: Any = None
    _warmed = False

    def _loaded(self, base: Path, gpu_layers: int) -> Model:
        if not self._merged:
            return Model(base, gpu_layers=gpu_layers)
        with as_path(merging.merged(base, self.program.adapter or b"", merging.own_types())) as path:
            return Model(path, gpu_layers=gpu_layers)

    def _label_trie(self) -> labels.Trie | None:
        if self.program.contract.kind != "labels":
            return None
        plain = [self.model.tokenize(label, special=False) for label in self.program.contract.labels]
        self._longest_label = max(map(len, plain))
        return labels.build([[*tokens, self.model.eos] for tokens in plain])

    def _open(self, batch: int, threads: int | None, max_tokens: int) -> None:
        """Tokenise the prompt, open a context of the right size, and evaluate the prefix."""
        model, prompt = self.model, self.program.prompt
        self.prefix = [
            *model.tokenize(prompt.before, special=True),
            *model.tokenize(self.program.pseudo_program.text, special=False),
            *model.tokenize(prompt.after, special=True),
        ]
        self.suffix = model.tokenize(prompt.suffix, special=True)
        self.max_tokens = self._longest_label if self._trie else max_tokens
        size = min(self.program.base.context, model.n_ctx_train)
        #: Tokens that a record may have beside the prompt and the longest answer.
        self.room = size - len(self.prefix) - len(self.suffix) - self.max_tokens
        if self.room < 1:
            raise PawError(
                "no-room",
                f"the prompt ({len(self.prefix) + len(self.suffix)} tokens) and an answer of up to "
                f"{self.max_tokens} leave no room for a record in the base's {size} tokens",
                hint="shorten the description or the examples, or lower max_tokens (--max-tokens)",
            )
        typical = min(size - len(self.prefix), _TYPICAL_RECORD + self.max_tokens)
        self.batch = max(1, batch)
        pool = size + (self.batch - 1) * typical
        self._context = Context(model, pool=pool, sequences=self.batch + 1, threads=threads)
        if self.program.adapter is not None and not self._merged:
            self._adapter = model.adapter(self.program.adapter)
            self._context.adapt(self._adapter)
        self._warm(self._context)
        if self._merged and self._trie and self.batch > 1:
            self._wide = Context(
                model, pool=pool, sequences=self.batch + 1, threads=threads, flash_attention=True
            )
            self._warm(self._wide)

    def _warm(self, context: Context) -> None:
        """Let sequence 0 hold the prefix."""
        if self.prefix:
            weights = self.program.base.sha256 + (f" merged {merging.own_types()}" if self._merged else "")
            kept = prefixes.of_user() if self._cached else None
            self._warmed = prefixes.warm(context, self.prefix, weights, self.program.adapter, kept)

    @property
    def context(self) -> Context:
        if self._context is None:
            raise ValueError("the session is closed")
        return self._context

    def close(self) -> None:
        """Free context, grammar, adapter and, unless it is shared, the base. May be called twice."""
        for context in (self._context, self._wide):
            if context is not None:
                context.close()
        if self._grammar is not None:
            self._grammar.close()
        if self._adapter is not None:
            self.model.forget(self._adapter)
        self._context = self._wide = self._grammar = self._adapter = None
        if not self._shared:
            self.model.close()

    def facts(self) -> dict[str, str]:
        """What runs, for people."""
        source = " from the cache" if self._warmed else ""
        return {
            "prefix": f"{len(self.prefix)} tokens{source}, room for {self.room} more in a record",
            "threads": f"{self.context.threads}, batches of {self.batch}",
            "adapter is": "merged into the base" if self._merged else "beside the base",
            "repacked weights": "yes" if self.model.extra_buffers else "no",
        }

    @property
    def ahead(self) -> int:
        """How many records are worth being known at once: generated answers end at different times, and the
        places that they leave want taking."""
        return self.batch if self._trie or self.batch == 1 else _AHEAD * self.batch

    def answer(self, texts: Sequence[str], distributions: bool = False) -> list[Answer]:
        """One answer per text, in order, on request with the probability of every label. A text that can't
        be answered has an Answer with an error."""
        answers: list[Answer | None] = [None] * len(texts)
        waiting: deque[_Waiting] = deque()
        for index, text in enumerate(texts):
            try:
                waiting += ((index, tokens) for tokens in self._pieces(text))
            except PawError as error:
                answers[index] = Answer("", error=error)
        found = self._decided(waiting, distributions) if self._trie else self._generated(waiting)
        for index, answer in found:
            answers[index] = decisive(answers[index], answer)
        return [answer for answer in answers if answer is not None]

    def _decided(self, waiting: deque[_Waiting], distributions: bool) -> Iterator[tuple[int, Answer]]:
        """The label for each piece of a record, in batches that fit the pool."""
        room = self.context.pool - len(self.prefix)
        while waiting:
            group: list[_Waiting] = []
            used = 0
            while waiting and len(group) < self.batch:
                used += len(waiting[0][1]) + self.max_tokens
                if group and used > room:
                    break
                group.append(waiting.popleft())
            yield from self._decided_together(group, distributions)

    def _decided_together(self, group: list[_Waiting], distributions: bool) -> Iterator[tuple[int, Answer]]:
        """The answers of a batch that fits the pool; should it fail, each is tried alone."""
        try:
            with self._prefilled([tokens for _, tokens in group]) as (context, ends, logits):
                found = self._decide(context, ends, logits, distributions)
        except PawError as error:
            if len(group) > 1:
                for one in group:
                    yield from self._decided_together([one], distributions)
                return
            found = [Answer("", error=error)]
        yield from ((index, answer) for (index, _), answer in zip(group, found, strict=True))

    def distribution(self, text: str) -> dict[str, float]:
        """The probability of every label. Raises PawError for a text that has no answer."""
        if self._trie is None:
            raise PawError("no-labels", "the program has no label contract")
        return chances(self.answer([text], distributions=True)[0])

    def _pieces(self, text: str) -> list[list[int]]:
        """Tokens of a record and the suffix after it: one piece or, under the overflow policy `chunk`, some.

        Raises PawError `record-too-long`.
        """
        found = pieces(self.context.model, text, self.room, self.overflow)
        if not found[0] and not self.suffix:
            raise PawError("empty-record", "an empty record, and the prompt has nothing after it")
        return [tokens + self.suffix for tokens in found]

    @contextmanager
    def _prefilled(
        self, records: list[list[int]]
    ) -> Iterator[tuple[Context, list[int], list[FloatArray]]]:
        """Records evaluated behind the shared prefix, record i as sequence i + 1: in which context, the
        position after each, and the logits there. The sequences are forgotten at the end."""
        start, context = len(self.prefix), self.context
        runs = [Run(slot + 1, start, tokens, behind=0) for slot, tokens in enumerate(records)]
        if self._wide is not None and count(runs) >= _MANY:
            context = self._wide
        try:
            for slot in range(len(records)):
                context.share(0, slot + 1)
            yield context, [start + len(tokens) for tokens in records], context.evaluate(runs)
        finally:
            for slot in range(len(records)):
                context.forget(slot + 1)

    def _decide(
        self, context: Context, ends: list[int], logits: list[FloatArray], distributions: bool
    ) -> list[Answer]:
        assert self._trie is not None
        walks = [labels.Walk(self._trie) for _ in ends]
        self._walk(context, walks, ends, logits, everything=distributions)
        names, answers = self.program.contract.labels, []
        for walk in walks:
            index, score = walk.best()
            every = dict(zip(names, walk.chances(), strict=True)) if distributions else None
            answers.append(choose(names[index], score, self.min_confidence, self.abstain, every))
        return answers

    def _walk(
        self,
        context: Context,
        walks: list[labels.Walk],
        ends: list[int],
        logits: list[FloatArray],
        everything: bool = False,
    ) -> None:
        """Take each walk to its end. The record's own logits decide the first branch, if labels part at
        their first token; a later branch costs a decode of the path to it, beside the other records'."""
        at_hand: dict[int, tuple[tuple[int, ...], FloatArray]] = {
            slot: ((), row) for slot, row in enumerate(logits)
        }
        while at_hand:
            asked: dict[int, tuple[int, ...]] = {}
            for slot, (path, row) in at_hand.items():
                walk = walks[slot]
                branch = walk.next(everything)
                if branch is not None and walk.trie.branches[branch].path == path:
                    walk.learn(row)
                    branch = walk.next(everything)
                if branch is not None:
                    asked[slot] = walk.trie.branches[branch].path
                    if path:
                        context.forget(slot + 1, ends[slot])
            rows = context.evaluate([Run(slot + 1, ends[slot], path) for slot, path in asked.items()])
            at_hand = {slot: (path, row) for (slot, path), row in zip(asked.items(), rows, strict=True)}

    def _generated(self, waiting: deque[_Waiting]) -> Iterator[tuple[int, Answer]]:
        """Greedy answers, each until an end-of-generation token or its last permitted one, as they end.

        Should llama.cpp fail, what is at work is tried again, each alone.
        """
        room = self.context.pool - len(self.prefix)
        live: dict[int, _Generation] = {}
        free = list(range(self.batch, 0, -1))
        try:
            while waiting or live:
                runs = [one.run for one in live.values()]
                while waiting and free:
                    index, tokens = waiting[0]
                    used = sum(one.cells for one in live.values())
                    if live and used + len(tokens) + self.max_tokens > room:
                        break
                    waiting.popleft()
                    state = None if self._grammar is None else self._grammar.start()
                    started = _Generation(index, free.pop(), len(self.prefix), tokens, self.max_tokens, state)
                    self.context.share(0, started.seq)
                    live[started.seq] = started
                    runs.append(started.run)
                try:
                    logits = self.context.evaluate(runs)
                except PawError as error:
                    yield from self._alone(list(live.values()), error)
                    done = list(live)
                else:
                    done = [
                        run.seq
                        for run, row in zip(runs, logits, strict=True)
                        if self._ends(live[run.seq], row)
                    ]
                    yield from ((live[seq].index, self._finished(live[seq])) for seq in done)
                for seq in done:
                    self._free(live.pop(seq))
                    free.append(seq)
        finally:
            for one in live.values():
                self._free(one)

    def _alone(self, failed: list[_Generation], error: PawError) -> Iterator[tuple[int, Answer]]:
        """The answers of records that failed together; one that was alone has failed for good."""
        if len(failed) == 1:
            yield failed[0].index, Answer("", error=error)
            return
        for one in failed:
            self.context.forget(one.seq)
        for one in failed:
            yield from self._generated(deque([(one.index, one.record)]))

    def _free(self, one: _Generation) -> None:
        self.context.forget(one.seq)
        if one.state is not None:
            one.state.close()

    def _ends(self, one: _Generation, row: FloatArray) -> bool:
        """Take the likeliest token that is permitted after a record or its answer so far; whether it ends.
        Only a grammar wants to know what would come after the last permitted token."""
        token = int(row.argmax()) if one.state is None else one.state.choose(row)
        if token is None:
            one.error = PawError("dead-end", "no token continues the answer as its contract asks")
        elif self.model.is_eog(token):
            pass
        elif len(one.answer) == self.max_tokens:
            one.error = _unfinished(self.max_tokens)  # of a grammar: the rest ended with that token
        else:
            one.answer.append(token)
            return one.state is None and len(one.answer) == self.max_tokens
        return True

    def _finished(self, one: _Generation) -> Answer:
        return Answer("", error=one.error) if one.error else self._text(one.answer)

    def _text(self, tokens: list[int]) -> Answer:
        """Tokens as an answer. Bytes that aren't UTF-8 are replaced, but meet no contract."""
        data = self.model.detokenize(tokens)
        try:
            return Answer(data.decode("utf-8"))
        except UnicodeDecodeError:
            if self._grammar is None:
                return Answer(data.decode("utf-8", "replace"))
            return Answer("", error=PawError("answer-not-utf8", "the answer is not UTF-8"))


def _unfinished(limit: int) -> PawError:
    return PawError(
        "answer-unfinished",
        f"the answer did not match its contract within {limit} tokens",
        hint="raise max_tokens in the program, or with --max-tokens",
    )


def _gbnf(contract: Contract) -> str | None:
    """The grammar of a contract that llama.cpp must enforce."""
    if contract.kind == "json_schema" and contract.json_schema is not None:
        return schema_to_gbnf(contract.json_schema)
    if contract.kind == "regex" and contract.regex is not None:
        return regex_to_gbnf(contract.regex)
    return None
