"""Bases that wear an adapter for good: merged into weights of the base's own types, kept on disk, and open
once in a process, however many programs read with them.

An adapter beside the base costs an encoder half as much again as the base itself, as llama.cpp has no
repacked kernels for it; merged it costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from threading import Lock

from . import digests, merging, store
from .model import Model, as_path
from .store import Store

#: Bytes that all merged bases may take on disk.
LIMIT = 256 << 20

_lock = Lock()
_open: dict[tuple[str, bool, int], tuple[Model, int]] = {}  # the model, and how many have it


def of_user() -> Store | None:
    """The user's store; None if no home is known."""
    return store.of_user("merged", LIMIT, "cache of merged bases")


def borrow(base: Model, adapter: bytes, kept: Store | None) -> Model:
    """The base with the adapter merged, from this process or from the store, or made now and kept there.
    `give_back` it.

    Raises PawError as merging.merged and Model do, and digests.sha256 for a base that is gone.
    """
    parts = [1, digests.sha256(Path(base.path)), hashlib.sha256(adapter).hexdigest()]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    name = key, base.extra_buffers, base.gpu_layers
    with _lock:
        if name not in _open:
            _open[name] = _made(base, adapter, key, kept), 0
        model, users = _open[name]
        _open[name] = model, users + 1
    return model


def give_back(model: Model) -> None:
    """The last one to do so closes the model."""
    with _lock:
        ((name, users),) = [(name, users) for name, (held, users) in _open.items() if held is model]
        if users > 1:
            _open[name] = model, users - 1
            return
        del _open[name]
    model.close()


def _made(base: Model, adapter: bytes, key: str, kept: Store | None) -> Model:
    data = None if kept is None else kept.get(key, _silently)
    if data is None:
        data = merging.merged(Path(base.path), adapter, own_types=True)
        if kept is not None:
            kept.put(key, data, _silently)
    with as_path(data) as path:
        return Model(path, extra_buffers=base.extra_buffers, gpu_layers=base.gpu_layers)


def _silently(_: str) -> None:
    """A base that must be merged again is no news."""
