"""The compiler driver: the one place that knows the order of the stages.

bytes → paw.parse → Spec → labels.infer → frontend.expand → PseudoProgram
      → backend.emit → Adapter (or heads.emit → label head) → link → Program → pawbin.dump → output.write
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from pawformats import adapter as adapters
from pawformats import paw, pawbin
from pawformats.errors import PawError, Position
from pawformats.text import has_control
from pawformats.values import Spec, Target

from . import backend, checks, frontend, heads, labels, output, targets, testing
from .diagnostics import Diagnostic, Failed, Reporter, display_name, from_error
from .link import link

#: Where a run stops, and so what it makes: nothing, normalised source, pseudo-program, adapter, program.
Stop = Literal["syntax", "source", "pseudo-program", "adapter", "program"]

SUFFIXES = {"pseudo-program": ".paws", "adapter": ".gguf", "program": ".pawbin"}


@dataclass(frozen=True)
class Job:
    """What is to be made of each input. `target` is a name or a file and wins over the spec's own;
    `level` is that of -O; `quant` is one of pawformats.adapter.QUANTS. With `check` a program that fails a
    test of its own is none."""

    stop: Stop = "program"
    level: int = 1
    quant: str = "q4_0"
    target: str | None = None
    infer_labels: bool = True
    shebang: bool = False
    check: bool = False

    @property
    def binary(self) -> bool:
        return self.stop in ("adapter", "program")


class Toolbox:
    """Targets and their compilers, each opened once, at its first use, for all inputs of a run."""

    def __init__(self) -> None:
        self._targets: dict[str, Target] = {}
        self._compilers: dict[str, backend.Compiler] = {}
        self._head_compilers: dict[str, heads.HeadCompiler] = {}

    def target(self, name: str) -> Target:
        if name not in self._targets:
            self._targets[name] = targets.find(name)
        return self._targets[name]

    def compiler(self, name: str) -> backend.Compiler:
        if name not in self._compilers:
            self._compilers[name] = backend.Compiler(self.target(name))
        return self._compilers[name]

    def head_compiler(self, name: str) -> heads.HeadCompiler:
        if name not in self._head_compilers:
            self._head_compilers[name] = heads.HeadCompiler(self.target(name))
        return self._head_compilers[name]

    def close(self) -> None:
        for compiler in self._compilers.values():
            compiler.close()
        for head_compiler in self._head_compilers.values():
            head_compiler.close()


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
    spec = read_spec(data, file, job, reporter, read)
    if job.stop == "syntax":
        return b""
    if job.stop == "source":
        return paw.dump(spec).encode()
    return compile_spec(spec, file, job, tools, reporter)


def compile_file(file: str, job: Job, tools: Toolbox, reporter: Reporter) -> tuple[Spec, bytes]:
    """The spec of a source file (`-` is standard input), and the program that `job` makes of it.

    Raises as `compile_source` does; a PawError carries the line of the source that it points into.
    """
    data, name = _read(file), display_name(file)
    try:
        spec = read_spec(data, name, job, reporter, _includes(file))
        return spec, compile_spec(spec, name, job, tools, reporter)
    except PawError as error:
        error.source_line = _with_line(from_error(error), data, name).source_line
        raise


def read_spec(
    data: bytes, file: str, job: Job, reporter: Reporter, read: Callable[[str], bytes] | None = None
) -> Spec:
    """The spec of a source, checked, with the labels that its prose names; errors as of `compile_source`."""
    spec = paw.parse(data, file, read)
    if job.infer_labels:
        spec = _infer(spec, file, reporter)
    found = [_with_line(one, data, file) for one in checks.check(spec)]
    if any([reporter.report(one) for one in found]):
        raise Failed
    return spec


def compile_spec(spec: Spec, file: str, job: Job, tools: Toolbox, reporter: Reporter) -> bytes:
    """The bytes that `job` makes of a spec: pseudo-program, adapter or program."""
    level = 0 if job.stop == "adapter" else job.level  # an adapter is what only the target for text has
    name = job.target or spec.options.target or targets.default(spec, level)
    target = tools.target(name)
    if target.pseudo_compiler != "template":
        raise PawError(
            "no-such-pseudo-compiler", f"the pseudo compiler {target.pseudo_compiler!r} is unknown"
        )
    program = frontend.expand(spec)
    reporter.tell(f"{file}: pseudo-program of {len(program.text)} characters for {target.name}")
    if job.stop == "pseudo-program":
        return program.text.encode()

    adapter, head = None, None
    if target.product == "head":
        with _timed(reporter, f"{file}: label head by {target.compiler}"):
            head = _head(spec, job, tools.head_compiler(name))
    elif job.level > 0:
        with _timed(reporter, f"{file}: adapter by {target.compiler}, rank {target.rank}, {job.quant}"):
            adapter = adapters.to_gguf(backend.emit(spec, program, tools.compiler(name)), job.quant)
    elif job.stop == "adapter":
        raise PawError("no-adapter", "there is no adapter at -O0", hint="leave -c or -O0 out")
    if job.stop == "adapter" and adapter is not None:
        return adapter
    made = pawbin.dump(link(spec, program, adapter, head, target, _name(file)), job.shebang)
    if job.check and not testing.check(spec, made, reporter):
        raise Failed
    return made


def _head(spec: Spec, job: Job, compiler: heads.HeadCompiler) -> bytes:
    """The label head, which is what a target for an encoder has in place of an adapter."""
    name, hint = compiler.target.name, f"choose --target {targets.TEXT}"
    if job.stop == "adapter":
        raise PawError("no-adapter", f"programs for {name} hold a label head and no adapter", hint=hint)
    if job.level == 0:
        raise PawError("no-adapter", f"-O0 prompts, which the encoder of {name} can't be", hint=hint)
    return heads.emit(spec, compiler)


def run(inputs: Sequence[tuple[str, str]], job: Job, reporter: Reporter) -> None:
    """Compile each (input, output); a failed one is reported and the rest goes on."""
    tools = Toolbox()
    try:
        for file, out in inputs:
            data = b""
            try:
                if job.stop != "syntax":
                    output.refuse(out, (file,), job.binary)
                data = _read(file)
                made = compile_source(data, display_name(file), job, tools, reporter, _includes(file))
                if job.stop != "syntax":
                    output.write(out, made, executable=job.shebang)
                    reporter.tell(_written(out, made, job))
            except PawError as error:
                reporter.report(_with_line(from_error(error), data, display_name(file)))
            except Failed:
                pass
    finally:
        tools.close()


def stages(file: str, out: str, job: Job) -> Iterator[str]:
    """What `run` would do with one input, a line a stage; reads nothing."""
    text = targets.TEXT if job.level == 0 or job.stop == "adapter" else f"{targets.LABELS} or {targets.TEXT}"
    target = job.target or f"{text}, unless the spec names another"
    yield f"parse {file}"
    if job.infer_labels:
        yield "infer labels"
    yield "check"
    if job.stop not in ("syntax", "source"):
        yield f"expand (target {target})"
        if job.stop != "pseudo-program" and job.level > 0:
            yield f"emit {job.quant}"
        if job.stop == "program":
            yield "link with shebang" if job.shebang else "link"
            if job.check:
                yield "test"
    if job.stop != "syntax":
        yield f"write {out}"


def stem(file: str) -> str:
    """The last part of a path without its suffix; `stdin` for standard input."""
    return os.path.splitext(os.path.basename(file))[0].strip("<>") or "program"


def _name(file: str) -> str:
    """The stem as one line of text, which the name of a file need not be."""
    plain = stem(file).encode("utf-8", "replace").decode("utf-8")  # bytes that aren't UTF-8
    return "".join("?" if has_control(c) else c for c in plain).strip(" ") or "program"


def _infer(spec: Spec, file: str, reporter: Reporter) -> Spec:
    """The spec with the labels that its prose names, if it declares no contract of its own."""
    if spec.contract.kind != "free":
        return spec
    found = labels.infer(spec.description, tuple(example.output for example in spec.examples))
    if not found:
        reporter.tell(f"{file}: the answer may be any text")
        return spec
    reporter.tell(f"{file}: answers: {' | '.join(found)} (inferred; -fno-infer-labels leaves them open)")
    return replace(spec, contract=replace(spec.contract, kind="labels", labels=found))


def _read(file: str) -> bytes:
    try:
        if file == "-":
            if sys.stdin is None:
                raise PawError("cannot-read", "cannot read standard input: it is closed")
            return sys.stdin.buffer.read()
        with open(file, "rb") as source:
            return source.read()
    except OSError as error:
        raise PawError("cannot-read", f"cannot read {file}: {error.strerror}") from error


def _includes(file: str) -> Callable[[str], bytes]:
    """A reader of included files, relative to the folder of the source that names them."""
    folder = os.path.dirname(file)

    def read(path: str) -> bytes:
        with open(os.path.join(folder, path), "rb") as included:
            return included.read()

    return read


def _with_line(diagnostic: Diagnostic, data: bytes, file: str) -> Diagnostic:
    """The diagnostic with the line of the source that it points into (included files are not at hand)."""
    place: Position | None = diagnostic.position
    if place is None or place.file != file or diagnostic.source_line is not None:
        return diagnostic
    lines = data.decode("utf-8").removeprefix("\ufeff").split("\n")
    return replace(diagnostic, source_line=lines[place.line - 1].rstrip("\r"))


@contextmanager
def _timed(reporter: Reporter, what: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    reporter.tell(f"{what}, {time.perf_counter() - begin:.2f} s")


def _written(out: str, data: bytes, job: Job) -> str:
    identity = f", id {pawbin.program_id(data)[:16]}" if job.stop == "program" else ""
    return f"wrote {out}, {len(data)} bytes{identity}"
