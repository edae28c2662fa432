"""The LoRA compiler: one forward pass of the compiler LM over spec and pseudo-program, then the mapper."""

from __future__ import annotations

import hashlib

from pawformats.errors import PawError
from pawformats.values import Adapter, PseudoProgram, Spec, Target
from pawllama.context import hidden_states
from pawllama.model import Model

from . import mapper as mappers

#: One thread, so that the order of float additions, and with it the archive's bytes, never varies.
THREADS = 1


class Compiler:
    """A target's compiler LM and mapper, opened once for all inputs of a run; close it after."""

    def __init__(self, target: Target) -> None:
        if target.lm_path is None or target.mapper_path is None:
            raise PawError(
                "no-compiler", f"target {target.name} has no trained compiler", hint="compile with -O0"
            )
        _verify(target.lm_path, target.lm_sha256)
        _verify(target.mapper_path, target.mapper_sha256)
        self.target = target
        self.mapper = mappers.load(target.mapper_path)
        if (self.mapper.rank, self.mapper.layers, self.mapper.modules) != (
            target.rank,
            target.layers,
            target.modules,
        ):
            raise PawError("mapper-shape", f"the mapper of {target.name} does not fit its target file")
        self.lm = Model(target.lm_path)

    def close(self) -> None:
        self.lm.close()


def _verify(path: str, expected: str | None) -> None:
    try:
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PawError("compiler-unreadable", f"cannot read {path}: {error.strerror}") from error
    if found != expected:
        raise PawError("compiler-digest", f"{path} has SHA-256 {found}, the target file says {expected}")


def emit(compiler: Compiler, spec: Spec, pseudo_program: PseudoProgram) -> Adapter:
    """The adapter for one spec: [spec | pseudo-program | end | tau] through the LM, then the mapper."""
    target, lm = compiler.target, compiler.lm
    tokens = [
        lm.special(target.spec_token),
        *lm.tokenize(spec.description, special=False),
        lm.special(target.program_token),
        *lm.tokenize(pseudo_program.text, special=False),
        lm.special(target.end_token),
        *target.tau,
    ]
    states = hidden_states(lm, tokens, threads=THREADS)[-len(target.tau) :]
    modules = mappers.apply(compiler.mapper, states)
    return Adapter(target.name, target.base.architecture, target.rank, target.alpha, modules)
