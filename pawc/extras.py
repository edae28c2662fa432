"""What a base installation lacks."""

from __future__ import annotations

import hashlib
import importlib.util
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pawformats.errors import PawError


def need_training(what: str) -> None:
    """Raise PawError `no-train-extra` unless the packages of the extra [train] are there, for `what`."""
    for package in ("torch", "safetensors", "tokenizers"):
        if importlib.util.find_spec(package) is None:
            raise PawError(
                "no-train-extra",
                f"{what} needs the package {package}",
                hint="install the extra with: pip install 'paw-toolchain[train]'",
            )


@lru_cache(maxsize=1)
def training_digest() -> str:
    """A digest of what refines adapters: the trainer's own code and torch's version, where they are there."""
    digest = hashlib.sha256()
    found = importlib.util.find_spec("pawtrainer")
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in sorted(Path(folder).glob("*.py")):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    with suppress(PackageNotFoundError):
        digest.update(version("torch").encode())
    return digest.hexdigest()
