"""The linker: what was compiled, joined to what it will run on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pawformats import paw
from pawformats.values import Joint, Program, PseudoProgram, Refinement, Spec, Target


def toolchain() -> str:
    """The version of this toolchain, as written into programs."""
    try:
        return version("paw-toolchain")
    except PackageNotFoundError:
        return "uninstalled"


def link(
    spec: Spec,
    program: PseudoProgram,
    adapter: bytes | None,
    head: bytes | None,
    target: Target,
    refinement: Refinement | None = None,
    joint: Joint | None = None,
) -> Program:
    """A program for the target's base. The spec has a name; `adapter` and `head` are None at -O0, and one of
    them else, unless there is a `joint`."""
    assert spec.name is not None
    return Program(
        name=spec.name,
        version=spec.options.version,
        target=target.name,
        compiler=None if adapter is None and head is None else target.compiler,
        base=target.base,
        prompt=target.prompt,
        pseudo_program=program,
        contract=spec.contract,
        options=spec.options,
        adapter=adapter,
        head=head,
        refinement=refinement,
        joint=joint,
        tests=spec.tests,
        source=paw.dump(spec),
        toolchain=toolchain(),
    )
