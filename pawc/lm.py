"""The compiler LM: a spec and its pseudo-program in, the states of the prefix tokens out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pawformats.errors import PawError
from pawformats.values import FloatArray, PseudoProgram, Spec, Target
from pawllama.context import hidden_states
from pawllama.model import Model

#: A fixed number, so that a sum never depends on how many cores a machine has.
THREADS = 1


def verify(path: str, sha256: str, what: str) -> None:
    """Raise PawError unless the bytes of `path` have that digest."""
    try:
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PawError("compiler-unreadable", f"cannot read the {what} {path}: {error.strerror}") from error
    if found != sha256:
        raise PawError(
            "compiler-digest",
            f"the {what} {path} is not the one that the target names\n  needs {sha256}\n  found {found}",
        )


def tokens(model: Model, target: Target, spec: Spec, program: PseudoProgram) -> list[int]:
    """What the LM reads: spec-token · description · program-token · pseudo-program · end · τ.

    Prose is tokenised without control tokens. Raises PawError `spec-too-long`, placed at the
    description, if that is more than the LM's context.
    """
    ids = [model.special(target.spec_token), *model.tokenize(spec.description, special=False)]
    ids += [model.special(target.program_token), *model.tokenize(program.text, special=False)]
    ids += [model.special(target.end_token), *target.tau]
    if len(ids) > model.n_ctx_train:
        raise PawError(
            "spec-too-long",
            f"the spec takes {len(ids)} tokens, the compiler reads {model.n_ctx_train}",
            position=spec.positions.get("description"),
            hint="shorten the prose or give fewer examples, or compile with -O0",
        )
    return ids


def prefix_states(model: Model, ids: Sequence[int], target: Target) -> FloatArray:
    """States (T, d) float32 of the last T = len(target.tau) tokens."""
    return hidden_states(model, ids, threads=THREADS)[len(ids) - len(target.tau) :]
