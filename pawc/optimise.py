"""The optimisation levels above -O1: from examples and data to better weights than the spec alone gives.

What is learned is compared with -O1 on examples held out from it, and taken only if it is better there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from pawformats import paw
from pawformats.errors import PawError
from pawformats.extras import need
from pawformats.values import Example, Refinement, Spec

from . import cache, frontend, synthesis
from .diagnostics import Diagnostic

if TYPE_CHECKING:
    from pawllama.store import Tell

    from .backend import Compiler
    from .datasets import Data
    from .driver import Job, Toolbox
    from .encoding import TextEncoder

#: Fewer examples can't tell better from lucky.
LEAST = 4


@dataclass(frozen=True)
class Learned:
    """What a level above -O1 gave: the shares answered wrongly and log-losses of `judged` held-out examples,
    of -O1's weights and of the best others; `weights`, a label head or an adapter, are empty if those are no
    better; with `again`, a label head's doubts are settled by joint reading. `data` is the digest of the
    rows beyond the spec's examples."""

    level: int
    examples: int
    data: str | None
    again: bool = True
    judged: int = 0
    before: tuple[float, float] = (0.0, 0.0)
    after: tuple[float, float] = (0.0, 0.0)
    weights: bytes = b""

    @property
    def refinement(self) -> Refinement | None:
        """What the program's manifest says of it."""
        return Refinement(self.level, self.data) if self.weights else None

    @property
    def digest(self) -> str:
        """Of all that it gives a program: its manifest names the rows, too."""
        rows = (self.data or "").encode()
        return hashlib.sha256(rows + bytes([self.again]) + self.weights).hexdigest()

    def __str__(self) -> str:
        before, after = (round((1 - wrong) * self.judged) for wrong, _ in (self.before, self.after))
        return (
            f"{self.examples} examples: of {self.judged} held out, -O1 answers {before} rightly, "
            f"the refined program {after}"
        )


def learn(spec: Spec, job: Job, tools: Toolbox, name: str, tell: Tell) -> Learned:
    """What `job`, of a level above -O1, learns for a spec and a target. It comes from the compile cache if it
    was learned before. Raises PawError as -O1 does."""
    data = tools.data(job.data)
    if job.level > 2:
        data = replace(data, rows=(*data.rows, *_synthesised(spec, job, tools, name, tell)))

    def fresh() -> bytes:
        return _dump(_learned(spec, job, tools, name, data))

    parts = ["learned", job.level, job.quant, paw.dump(spec), data.digest, cache.training_digest()]
    return _load(tools.memo(name, parts, fresh, tell))


def _synthesised(spec: Spec, job: Job, tools: Toolbox, name: str, tell: Tell) -> tuple[Example, ...]:
    """A teacher's rows, from the compile cache if the same teacher was asked before: it would hardly write
    the same again."""
    teacher = job.teacher
    if teacher is None:
        hint = "name an OpenAI-compatible server, as in: --teacher http://localhost:8080/v1"
        raise PawError(
            "no-teacher", "-O3 needs a teacher that writes examples, which no target is", hint=hint
        )

    def fresh() -> bytes:
        rows = synthesis.synthesise(spec, teacher.ask)
        return json.dumps([[row.input, row.output] for row in rows]).encode()

    parts = ["synthesised", teacher.url, teacher.model, paw.dump(spec)]
    found = json.loads(tools.memo(name, parts, fresh, tell))
    tell(f"the teacher wrote {len(found)} rows")
    return tuple(Example(given, answer) for given, answer in found)


def _dump(learned: Learned) -> bytes:
    """A line of JSON, then the weights."""
    facts = {key: value for key, value in asdict(learned).items() if key != "weights"}
    return json.dumps(facts).encode() + b"\n" + learned.weights


def _load(data: bytes) -> Learned:
    facts, _, weights = data.partition(b"\n")
    return Learned(**(json.loads(facts) | {"weights": weights}))


def _learned(spec: Spec, job: Job, tools: Toolbox, name: str, data: Data) -> Learned:
    target, pairs = tools.target(name), (*spec.examples, *data.rows)
    if target.product == "lora":
        need("train", "refining an adapter needs")
    nothing = Learned(job.level, len(pairs), data.digest)
    if len(pairs) < LEAST:
        return nothing
    if target.product == "head":
        return _of_labels(spec, data.rows, tools.encoder(name), nothing)
    return _of_text(spec, pairs, tools.compiler(name), job.quant, nothing)


def _of_labels(spec: Spec, rows: Sequence[Example], encoder: TextEncoder, nothing: Learned) -> Learned:
    from pawformats import head

    from . import heads

    found = heads.refined(spec, rows, encoder)
    compared = replace(nothing, judged=found.judged, before=found.before, after=found.after)
    if found.head is None:
        return compared
    return replace(compared, again=found.again, weights=head.dump(found.head))


def _of_text(
    spec: Spec, pairs: Sequence[Example], compiler: Compiler, quant: str, nothing: Learned
) -> Learned:
    from pawformats import adapter
    from pawtrainer import refine

    from . import backend

    program = frontend.expand(spec)
    start = backend.emit(spec, program, compiler)
    texts = [(pair.input, pair.output) for pair in pairs]
    found = refine.refine(compiler.target, program.text, texts, spec.contract.labels, start)
    weights = b"" if found.adapter is None else adapter.to_gguf(found.adapter, quant)
    return replace(nothing, judged=found.judged, before=found.before, after=found.after, weights=weights)


def check(spec: Spec, learned: Learned) -> Iterator[Diagnostic]:
    """A warning if the program is what -O1 makes."""
    if learned.weights:
        return
    level, place = learned.level, spec.positions.get("description")
    if learned.examples >= LEAST and not learned.judged:
        message = f"all {learned.examples} examples have the same input, so none can be held out: this is -O1"
        hint = "give more with --data"
    elif learned.judged:
        message = f"-O{level} gains nothing here, so this is -O1; {learned}"
        hint = "give more or other examples with --data"
    else:
        message = f"-O{level} has {learned.examples} examples to learn from, and needs {LEAST}: this is -O1"
        hint = "give more with --data"
    yield Diagnostic("warning", message, place, hint=hint, flag="no-gain")
