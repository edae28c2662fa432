"""The compiler driver, the only place that knows the order:

parse -> expand -> emit -> link -> dump, then the output appears whole or not at all.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pawformats import adapter as adapters
from pawformats import paw, pawbin
from pawformats import target as targets
from pawformats.errors import PawError
from pawformats.values import Adapter, Contract, Program, PseudoProgram, Spec, Target

from .backend import Compiler, emit
from .frontend import expand
from .labels import infer

Stop = Literal["syntax", "spec", "pseudo", "adapter", "program"]
#: What each stage's output is called when no -o names it; None goes to stdout.
SUFFIX: dict[Stop, str | None] = {
    "syntax": None,
    "spec": None,
    "pseudo": ".paws",
    "adapter": ".gguf",
    "program": ".pawbin",
}


def find_target(name: str) -> Target:
    """A target by path, by name on PAW_TARGET_PATH, or from the package."""
    if name.endswith(".toml") or os.sep in name:
        return targets.load(name)
    folders = [
        *filter(None, os.environ.get("PAW_TARGET_PATH", "").split(os.pathsep)),
        str(Path(__file__).parent / "targets"),
    ]
    for folder in folders:
        path = os.path.join(folder, name, "target.toml")
        if os.path.exists(path):
            return targets.load(path)
    raise PawError(
        "no-target",
        f"no target {name} in {', '.join(folders)}",
        hint="set PAW_TARGET_PATH or name a target.toml",
    )


def parse(path: str, infer_labels: bool = True) -> Spec:
    """Read a source (`-` is stdin) and give it a label contract if it spells one out in its prose."""
    data = sys.stdin.buffer.read() if path == "-" else _read(path)
    folder = "" if path == "-" else os.path.dirname(path)
    spec = paw.parse(data, "<stdin>" if path == "-" else path, lambda name: _read(os.path.join(folder, name)))
    if infer_labels and spec.contract == Contract(max_tokens=spec.contract.max_tokens):
        labels = infer(spec.description, tuple(example.output for example in spec.examples))
        if labels:
            spec = replace(spec, contract=Contract("labels", labels, max_tokens=spec.contract.max_tokens))
    for example in (*spec.examples, *spec.tests):
        if spec.contract.kind == "labels" and example.output not in spec.contract.labels:
            known = ", ".join(spec.contract.labels)
            raise PawError(
                "label-unknown",
                f"the output {example.output!r} is none of {known}",
                position=example.position,
            )
    return spec


def link(
    spec: Spec, pseudo_program: PseudoProgram, adapter: Adapter | None, target: Target, quant: str, stem: str
) -> Program:
    """Everything that running needs, but the base."""
    from importlib.metadata import version

    return Program(
        name=spec.name or stem,
        version=spec.options.version,
        target=target.name,
        compiler=target.compiler if adapter else None,
        base=target.base,
        prompt=target.prompt,
        pseudo_program=pseudo_program,
        contract=spec.contract,
        options=spec.options,
        adapter=adapters.to_gguf(adapter, quant) if adapter else None,
        tests=spec.tests,
        source=paw.dump(spec),
        toolchain=version("paw-toolchain"),
    )


def compile_file(
    path: str, compiler: Compiler | None, target: Target | None, stop: Stop, quant: str, infer_labels: bool
) -> bytes:
    """One source through the stages, up to `stop`. No compiler means -O0: no adapter."""
    spec = parse(path, infer_labels)
    if stop in ("syntax", "spec"):
        return paw.dump(spec).encode() if stop == "spec" else b""
    pseudo_program = expand(spec)
    if stop == "pseudo":
        return pseudo_program.text.encode()
    assert target is not None
    adapter = emit(compiler, spec, pseudo_program) if compiler else None
    if stop == "adapter":
        if adapter is None:
            raise PawError("no-adapter", "-O0 makes no adapter, so -c has nothing to write")
        return adapters.to_gguf(adapter, quant)
    stem = "stdin" if path == "-" else Path(path).stem
    return pawbin.dump(link(spec, pseudo_program, adapter, target, quant, stem))


def run(
    paths: list[str],
    *,
    output: str | None,
    stop: Stop,
    level: int,
    quant: str,
    target_name: str,
    infer_labels: bool,
) -> None:
    """Compile every source; the compiler LM is loaded once. Raises PawError at the first bad one."""
    needs_target = stop in ("adapter", "program")
    target = find_target(target_name) if needs_target else None
    destinations = [_destination(path, output, stop, len(paths)) for path in paths]
    if target is None or level == 0:
        for path, destination in zip(paths, destinations, strict=True):
            _write(destination, compile_file(path, None, target, stop, quant, infer_labels))
        return
    for path in paths:  # a typo in the last file should not cost the compiles before it
        if path != "-":
            parse(path, infer_labels)
    with closing(Compiler(target)) as compiler:
        for path, destination in zip(paths, destinations, strict=True):
            _write(destination, compile_file(path, compiler, target, stop, quant, infer_labels))


def _destination(path: str, output: str | None, stop: Stop, count: int) -> str:
    suffix = SUFFIX[stop]
    if output is not None:
        if count > 1:
            raise PawError("usage", "-o names one file, but there are several inputs")
        if output != "-" and path != "-" and os.path.exists(output) and os.path.samefile(path, output):
            raise PawError("usage", f"{output} is both input and output")
        return output
    if path == "-" or suffix is None:
        return "-"
    return str(Path(path).with_suffix(suffix))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise PawError("unreadable", f"cannot read {path}: {error.strerror}") from error


def _write(path: str, data: bytes) -> None:
    """The file appears complete or not at all; an older one stays until then."""
    if path == "-":
        if sys.stdout.isatty() and b"\0" in data:
            raise PawError("usage", "refusing to write an archive to a terminal", hint="name a file with -o")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    folder = os.path.dirname(os.path.abspath(path))
    try:
        handle, scratch = tempfile.mkstemp(prefix=".pawc-", dir=folder)
    except OSError as error:
        raise PawError("unwritable", f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(scratch, 0o666 & ~mask)
        os.replace(scratch, path)
    except OSError as error:
        os.unlink(scratch)
        raise PawError("unwritable", f"cannot write {path}: {error.strerror}") from error
