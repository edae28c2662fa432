"""What a base installation lacks: packages that only an extra brings."""

from __future__ import annotations

import importlib.util

from .errors import PawError

#: Packages by the extra that brings them, as they are imported.
EXTRAS = {
    "eval": ("sklearn", "matplotlib"),
    "image": ("PIL",),
    "serve": ("uvicorn", "starlette", "prometheus_client"),
    "sign": ("cryptography",),
    "train": ("torch", "safetensors", "tokenizers"),
}


def missing(extra: str) -> list[str]:
    """The packages of an extra that are not there."""
    return [package for package in EXTRAS[extra] if importlib.util.find_spec(package) is None]


def need(extra: str, what: str) -> None:
    """Raise PawError `no-EXTRA-extra` unless the packages of an extra are there; `what` begins the message,
    as in: a server needs."""
    for package in missing(extra):
        raise PawError(
            f"no-{extra}-extra",
            f"{what} the package {package}",
            hint=f"install the extra with: pip install 'paw-toolchain[{extra}]'",
        )
