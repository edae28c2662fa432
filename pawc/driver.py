"""The compiler driver: the one place that knows the order of the stages.

bytes → paw.parse → Spec → labels.infer → frontend.expand → PseudoProgram
      → backend.emit → Adapter (or heads.emit → label head; from -O2 on optimise) → link → Program
      → pawbin.dump → bytes
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pawformats import paw
from pawformats.errors import PawError
from pawformats.text import has_control
from pawformats.values import Spec, Target
from pawllama.store import Tell

from . import budget, checks, datasets, frontend, optimise, targets, testing
from .cache import Cache
from .datasets import Data
from .diagnostics import Diagnostic, Failed, Reporter, from_error
from .optimise import Learned
from .sources import Sources, sources_of
from .teacher import Teacher
from .text_checks import check_text

if TYPE_CHECKING:
    from pawllama.model import Model

    from .backend import Compiler
    from .encoding import TextEncoder

#: Where a run stops, and so what it makes: nothing, normalised source, what an output would depend on,
#: pseudo-program, adapter, program.
Stop = Literal["syntax", "source", "dependencies", "pseudo-program", "adapter", "program"]

SUFFIXES = {"pseudo-program": ".paws", "adapter": ".gguf", "program": ".pawbin"}


@dataclass(frozen=True)
class Job:
    """What is to be made of each input. `target` is a name or a file and wins over the spec's own;
    `level` is that of -O, `data` are the files and `teacher` is the model that it learns from; `quant` is one
    of pawformats.adapter.QUANTS; `prompt_budget` is in tokens and only for a warning. With `check`, a
    program that fails a test of its own is an error."""

    stop: Stop = "program"
    level: int = 1
    quant: str = "q4_0"
    target: str | None = None
    infer_labels: bool = True
    shebang: bool = False
    prompt_budget: int | None = None
    check: bool = False
    data: tuple[str, ...] = ()
    teacher: Teacher | None = None

    @property
    def binary(self) -> bool:
        return self.stop in ("adapter", "program")


class Toolbox:
    """Targets and their compilers, each opened once, at its first use, for all inputs of a run; and the
    compile cache, if there is one. Close it."""

    def __init__(self, cache: Cache | None = None) -> None:
        self._cache = cache
        self._digests: dict[str, str] = {}
        self._targets: dict[str, Target] = {}
        self._compilers: dict[str, Compiler] = {}
        self._encoders: dict[str, TextEncoder] = {}
        self._data: dict[tuple[str, ...], Data] = {}

    def target(self, name: str) -> Target:
        if name not in self._targets:
            self._targets[name] = targets.find(name)
        return self._targets[name]

    def compiler(self, name: str) -> Compiler:
        if name not in self._compilers:
            from .backend import Compiler

            self._compilers[name] = Compiler(self.target(name))
        return self._compilers[name]

    def encoder(self, name: str = targets.LABELS) -> TextEncoder:
        """A label target's; by default the one whose reader finds the answers that specs name."""
        if name not in self._encoders:
            from .encoding import TextEncoder

            self._encoders[name] = TextEncoder(self.target(name))
        return self._encoders[name]

    def model(self, name: str) -> Model:
        """What the target's compiler reads specs with; its vocabulary is that of the base."""
        if self.target(name).product == "head":
            return self.encoder(name).model
        return self.compiler(name).load()[0]

    def data(self, files: tuple[str, ...]) -> Data:
        if files not in self._data:
            self._data[files] = datasets.read(files)
        return self._data[files]

    def memo(self, name: str, parts: Sequence[object], fresh: Callable[[], bytes], tell: Tell) -> bytes:
        """What `fresh` returns, or returned before for the same parts and target. A target file names its
        weights by digest, so that its own digest stands for them all."""
        if self._cache is None:
            return fresh()
        if name not in self._digests:
            with open(targets.path(name), "rb") as file:
                self._digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._cache.memo([self._digests[name], *parts], fresh, tell)

    def close(self) -> None:
        for compiler in self._compilers.values():
            compiler.close()
        for encoder in self._encoders.values():
            encoder.close()


@dataclass(frozen=True)
class Made:
    """What was made of one source: its bytes, none for a mere check or for dependencies; the name of the
    target, if a stage needed one; and that of the target whose reader looked for labels in the prose."""

    data: bytes = b""
    target: str | None = None
    reader: str | None = None


def compile_source(
    data: bytes,
    file: str,
    job: Job,
    tools: Toolbox,
    reporter: Reporter,
    read: Callable[[str], bytes] | None = None,
) -> bytes:
    """The bytes that `job` makes of one source; empty for a mere check.

    `file` names the source in messages, and its stem a spec without a name. Raises Failed after
    errors that were reported, PawError for the first of any other kind.
    """
    return make(Sources(file, data, read), job, tools, reporter).data


def compile_file(file: str, job: Job, tools: Toolbox, reporter: Reporter) -> tuple[Spec, bytes]:
    """The spec of a source file (`-` is standard input), and what `job` makes of it.

    Raises as `compile_source` does; a PawError carries the line of the source that it points into.
    """
    sources = sources_of(file)
    try:
        spec = read_spec(sources, job, tools, reporter)
        return spec, _compiled(spec, sources, job, tools, reporter).data
    except PawError as error:
        error.source_line = sources.with_lines(from_error(error)).source_line
        raise


def make(sources: Sources, job: Job, tools: Toolbox, reporter: Reporter) -> Made:
    """As compile_source, and tells the target."""
    spec = read_spec(sources, job, tools, reporter)
    if job.stop == "syntax":
        return Made()
    if job.stop == "source":
        return Made(paw.dump(spec).encode())
    made = _compiled(spec, sources, job, tools, reporter)
    return replace(made, reader=targets.LABELS) if job.infer_labels and not _declared(spec) else made


def _declared(spec: Spec) -> bool:
    """Whether the source itself says what an answer may be: labels without a place in it were inferred."""
    contract = spec.contract
    return contract.kind != "free" and (not contract.labels or "labels" in spec.positions)


def read_spec(sources: Sources, job: Job, tools: Toolbox, reporter: Reporter) -> Spec:
    """The spec, with a name and with the labels that its prose names. Raises Failed if a check does."""
    spec = _named(paw.parse(sources.data, sources.file, sources.read), sources.file)
    if job.infer_labels:
        spec = _infer(spec, sources.file, tools, reporter)
    _report(checks.check(spec), sources, reporter)
    if not job.binary:  # a program in the cache has been through it
        _report(checks.check_contract(spec), sources, reporter)
    for file in sources.files:
        _report(check_text(file, sources.lines(file)), sources, reporter)
    return spec


def compile_spec(spec: Spec, file: str, job: Job, tools: Toolbox, reporter: Reporter) -> bytes:
    """The adapter or program that `job` makes of a spec as it is, which nothing checks: its description
    may be empty. `file` is as in compile_source. Raises PawError."""
    spec, name = _named(spec, file), _target(spec, job, tools)
    learned = _learned(spec, job, tools, name, reporter)

    def fresh() -> bytes:
        return _emitted(spec, job, tools, name, learned, reporter)

    return tools.memo(name, ["unchecked", *_parts(spec, job, learned)], fresh, reporter.tell)


def _compiled(spec: Spec, sources: Sources, job: Job, tools: Toolbox, reporter: Reporter) -> Made:
    """What the job makes of a spec that was read, and is checked further for its target. Raises Failed."""
    name = _target(spec, job, tools)
    if job.stop == "dependencies":
        return Made(target=name)
    target, program = tools.target(name), frontend.expand(spec)
    reporter.tell(f"{sources.file}: pseudo-program of {len(program.text)} characters for {target.name}")
    if reporter.wants("prompt-budget"):
        count = _counter(name, tools)
        try:
            _report(budget.check(spec, program, target, job.prompt_budget, count), sources, reporter)
        except PawError as error:  # no vocabulary at hand, which what follows may not need
            reporter.tell(f"the tokens of the prompt could not be counted: {error.message}")
    if job.stop == "pseudo-program":
        return Made(program.text.encode(), name)
    _report(datasets.check(spec, tools.data(job.data)), sources, reporter)
    learned = _learned(spec, job, tools, name, reporter)
    if learned is not None:
        _report(optimise.check(spec, learned), sources, reporter)

    def fresh() -> bytes:
        _report(checks.check_contract(spec), sources, reporter)
        return _emitted(spec, job, tools, name, learned, reporter)

    made = tools.memo(name, _parts(spec, job, learned), fresh, reporter.tell)
    if job.check:  # a program from the cache was perhaps never tested
        with _timed(reporter, f"{sources.file}: {len(spec.tests)} tests"):
            _report(testing.check(spec, made), sources, reporter)
    return Made(made, name)


def _parts(spec: Spec, job: Job, learned: Learned | None) -> list[object]:
    """What determines a result, beside its target."""
    return [job.stop, job.level, job.quant, job.shebang, paw.dump(spec), learned and learned.digest]


def _target(spec: Spec, job: Job, tools: Toolbox) -> str:
    """The name of the target to compile for. Raises PawError for one that is missing or unknown here."""
    level = 0 if job.stop == "adapter" else job.level  # an adapter is what only the target for text has
    name = job.target or spec.options.target or targets.default(spec, level)
    target = tools.target(name)
    if target.pseudo_compiler != "template":
        raise PawError(
            "no-such-pseudo-compiler", f"the pseudo compiler {target.pseudo_compiler!r} is unknown"
        )
    return name


def _report(found: Iterable[Diagnostic], sources: Sources, reporter: Reporter) -> None:
    """Raises Failed if one of the diagnostics is an error, after all have been reported."""
    if any([reporter.report(sources.with_lines(one)) for one in found]):
        raise Failed


def _learned(spec: Spec, job: Job, tools: Toolbox, name: str, reporter: Reporter) -> Learned | None:
    """What the levels above -O1 give for a spec that compiles at -O1."""
    if job.level < 2:
        return None
    with _timed(reporter, f"refinement, -O{job.level}"):
        learned = optimise.learn(spec, job, tools, name, reporter.tell)
    reporter.tell(str(learned))
    return learned


def _emitted(
    spec: Spec, job: Job, tools: Toolbox, name: str, learned: Learned | None, reporter: Reporter
) -> bytes:
    """The adapter or the program, made by the target called `name`, with the weights that were learned if
    there are any. What else it takes is loaded here: a result from the cache needs none of it."""
    from pawformats import adapter as adapters
    from pawformats import pawbin

    from . import backend, joint
    from .link import link

    target, program = tools.target(name), frontend.expand(spec)
    adapter, head, again, weights = None, None, None, learned.weights if learned else b""
    if target.product == "head":
        with _timed(reporter, f"label head by {target.compiler}"):
            head = weights or _head(spec, job, tools.encoder(name))
        if learned is None or learned.again:
            again = joint.emit(spec, target)
        if again is not None and target.joint is not None:
            adapter = joint.adapter(target.joint, job.quant)
    elif weights:
        adapter = weights
    elif job.level > 0:
        with _timed(reporter, f"adapter by {target.compiler}, rank {target.rank}, {job.quant}"):
            adapter = adapters.to_gguf(backend.emit(spec, program, tools.compiler(name)), job.quant)
    elif job.stop == "adapter":
        raise PawError("no-adapter", "there is no adapter at -O0", hint="leave -c or -O0 out")
    if job.stop == "adapter" and adapter is not None:
        return adapter
    refinement = learned.refinement if learned else None
    return pawbin.dump(link(spec, program, adapter, head, target, refinement, again), job.shebang)


def _counter(name: str, tools: Toolbox) -> budget.Count:
    """Counts tokens with the target's vocabulary, which is loaded only for what was never counted."""

    def count(texts: Sequence[tuple[str, bool]]) -> list[int]:
        def fresh() -> bytes:
            model = tools.model(name)
            return json.dumps([len(model.tokenize(text, special)) for text, special in texts]).encode()

        counts: list[int] = json.loads(tools.memo(name, ["tokens", texts], fresh, _nothing))
        return counts

    return count


def _nothing(_: str) -> None:
    """Counts and labels come from the cache without a word."""


def _head(spec: Spec, job: Job, encoder: TextEncoder) -> bytes:
    """The label head, which is what a target for an encoder has in place of an adapter."""
    from . import heads

    name, hint = encoder.target.name, f"choose --target {targets.TEXT}"
    if job.stop == "adapter":
        raise PawError(
            "no-adapter", f"programs for {name} hold a label head and no adapter of their own", hint=hint
        )
    if job.level == 0:
        raise PawError("no-adapter", f"-O0 prompts, which the encoder of {name} can't be", hint=hint)
    return heads.emit(spec, encoder)


def stages(file: str, out: str, job: Job) -> Iterator[str]:
    """What `run` would do with one input, a line a stage; reads nothing."""
    text = targets.TEXT if job.level == 0 or job.stop == "adapter" else f"{targets.LABELS} or {targets.TEXT}"
    target = job.target or f"{text}, unless the spec names another"
    yield f"parse {file}"
    if job.infer_labels:
        yield "infer labels"
    yield "check"
    if job.stop == "dependencies":
        yield f"find target {target}"
    elif job.stop not in ("syntax", "source"):
        yield f"expand (target {target})"
        if job.stop != "pseudo-program" and job.level > 0:
            yield f"emit {job.quant}"
        if job.binary and job.level > 2:
            yield f"synthesise (teacher {job.teacher.url if job.teacher else 'missing'})"
        if job.binary and job.level > 1:
            yield " ".join(["refine with the examples", *(["and", *job.data] if job.data else [])])
        if job.stop == "program":
            yield "link with shebang" if job.shebang else "link"
    if job.stop != "syntax":
        yield f"write {out}"


def stem(file: str) -> str:
    """The last part of a path without its suffix; `stdin` for standard input."""
    return "stdin" if file == "-" else os.path.splitext(os.path.basename(file))[0].strip("<>") or "program"


def _named(spec: Spec, file: str) -> Spec:
    return replace(spec, name=spec.name or _name(file))


def _name(file: str) -> str:
    """The stem as one line of text, which the name of a file need not be."""
    plain = stem(file).encode("utf-8", "replace").decode("utf-8")  # bytes that aren't UTF-8
    return "".join("?" if has_control(c) else c for c in plain).strip(" ") or "program"


def _infer(spec: Spec, file: str, tools: Toolbox, reporter: Reporter) -> Spec:
    """The spec with the labels that its prose names, if it declares no contract of its own."""
    if spec.contract.kind != "free":
        return spec
    outputs = [example.output for example in spec.examples]

    def fresh() -> bytes:
        from . import labels

        return json.dumps(labels.infer(spec.description, outputs, tools.encoder())).encode()

    found = tuple(
        json.loads(tools.memo(targets.LABELS, ["labels", spec.description, outputs], fresh, _nothing))
    )
    if not found:
        reporter.tell(f"{file}: the answer may be any text")
        return spec
    reporter.tell(f"{file}: answers: {' | '.join(found)} (inferred; -fno-infer-labels leaves them open)")
    return replace(spec, contract=replace(spec.contract, kind="labels", labels=found))


@contextmanager
def _timed(reporter: Reporter, what: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    reporter.tell(f"{what}, {time.perf_counter() - begin:.2f} s")
