"""The linker: what was compiled, joined to what it will run on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pawformats import paw
from pawformats.values import Program, PseudoProgram, Refinement, Spec, Target


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
) -> Program:
    """A program for the target's base. The spec has a name; of `adapter` and `head` one is None, both at
    -O0."""
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
        tests=spec.tests,
        source=paw.dump(spec),
        toolchain=toolchain(),
    )
