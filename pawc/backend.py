"""The LoRA compiler: a spec and its pseudo-program in, an adapter out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pawformats.errors import PawError
from pawformats.values import Adapter, PseudoProgram, Spec, Target
from pawllama.closing import Closing

from . import targets

if TYPE_CHECKING:
    from pawllama.model import Model

    from .mapper import Mapper


class Compiler(Closing):
    """A target's compiler LM and mapper: their digests checked and both loaded at the first use,
    kept for the next spec. Close it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._loaded: tuple[Model, Mapper] | None = None

    def load(self) -> tuple[Model, Mapper]:
        """Raises PawError `no-compiler` for a target without one, or as its files are missing or damaged."""
        if self._loaded is None:
            self._loaded = _open(self.target)
        return self._loaded

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded[0].close()
        self._loaded = None


def _open(target: Target) -> tuple[Model, Mapper]:
    from pawllama.model import Model

    from . import lm, mapper

    if target.mapper_path is None or target.mapper_sha256 is None:
        raise PawError(
            "no-compiler",
            f"the target {target.name!r} has no trained compiler",
            hint="compile with -O0, or choose another --target",
        )
    path = targets.lm(target)
    if target.lm_sha256 is not None:  # a base was found by its digest
        lm.verify(path, target.lm_sha256, "compiler LM")
    lm.verify(target.mapper_path, target.mapper_sha256, "mapper")
    found = mapper.load(target.mapper_path)
    same = (found.rank, found.alpha, found.layers, found.modules)
    if same != (target.rank, target.alpha, target.layers, target.modules):
        raise PawError(
            "mapper-invalid", f"the mapper {target.mapper_path} does not fit the target's [adapter]"
        )
    return Model(path), found


def emit(spec: Spec, program: PseudoProgram, compiler: Compiler) -> Adapter:
    """One forward pass of the compiler LM and its mapper.

    The same spec gives the same adapter, bit for bit, on one machine with one build of llama.cpp;
    elsewhere the last bits of the states may differ. Raises PawError `spec-too-long`.
    """
    from . import lm, mapper

    target = compiler.target
    model, mapping = compiler.load()
    states = lm.prefix_states(model, lm.tokens(model, target, spec, program), target)
    modules = mapper.apply(mapping, states)
    return Adapter(target.name, target.base.architecture, mapping.rank, mapping.alpha, modules)
