"""Small networks in GGUF files: every tensor as float32 under its name, checked against a layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pawformats.errors import PawError
from pawformats.values import FloatArray


def open_gguf(path: str, what: str, *versions: int) -> Any:
    """A gguf.GGUFReader of architecture `paw-{what}` and one of the versions. PawError `{what}-unreadable`,
    `{what}-invalid`."""
    import gguf

    try:
        reader = gguf.GGUFReader(path)
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise PawError(f"{what}-unreadable", f"cannot read the {what} {path}: {error}") from error
    kind = value(reader, "general.architecture", what, path)
    if kind != f"paw-{what}" or value(reader, f"paw.{what}.version", what, path) not in versions:
        known = " or ".join(map(str, versions))
        raise PawError(f"{what}-invalid", f"{path} is not a {what} of version {known}")
    return reader


def value(reader: Any, key: str, what: str, path: str) -> Any:
    """Metadata. Raises PawError `{what}-invalid` if it is missing."""
    field = reader.get_field(key)
    if field is None:
        raise PawError(f"{what}-invalid", f"the {what} {path} lacks {key}")
    return field.contents()


def arrays(reader: Any) -> dict[str, FloatArray]:
    import gguf

    return {
        tensor.name: np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type), np.float32)
        for tensor in reader.tensors
    }


def check(
    found: Mapping[str, FloatArray], shapes: Mapping[str, tuple[int | None, ...]], what: str, path: str
) -> None:
    """Raise PawError `{what}-invalid` unless exactly these tensors are there, each of its shape (None is
    any size) and finite."""
    if set(found) != set(shapes):
        raise PawError(f"{what}-invalid", f"the {what} {path} has not exactly the tensors of its layout")
    for name, shape in shapes.items():
        tensor = found[name]
        fits = len(shape) == tensor.ndim and all(
            a in (None, b) for a, b in zip(shape, tensor.shape, strict=True)
        )
        if not fits or not np.isfinite(tensor).all():
            raise PawError(
                f"{what}-invalid", f"the {what}'s tensor {name} has shape {tensor.shape} or is not finite"
            )
