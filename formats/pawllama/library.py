"""The llama.cpp library: loaded once, quiet, with waiting threads that yield, and no known crash.

llama-cpp-python is imported nowhere else. Importing this module loads nothing.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from pawformats.errors import PawError

#: ggml_log_level of ggml.h; the last one continues the line before.
_ERROR, _CONTINUED = 4, 5

#: OpenMP threads spin at barriers. With the default of some 10^5 turns a busy neighbour on the same
#: cores costs a factor of fifty; with 1,000 turns it costs about two, and an idle machine little.
_SPIN_COUNT = "1000"

_complaints: list[str] = []
_previous_level = 0
_callback: Any = None  # ctypes holds no reference to a callback; a collected one crashes the process


def _log(level: int, text: bytes, _: object) -> None:
    """Keep the first errors, which are the telling ones; print nothing."""
    global _previous_level
    if level == _CONTINUED:
        level = _previous_level
    _previous_level = level
    line = text.decode("utf-8", "replace").strip()
    if level == _ERROR and line and len(_complaints) < 3:
        _complaints.append(line)


def amx() -> bool:
    """Whether this build multiplies 8-bit weights in a processor's tiles."""
    return b"AMX_INT8 = 1" in load().llama_print_system_info()


def complaint() -> str:
    """The first error that llama.cpp has logged since the last call; a phrase if it logged none."""
    text = _complaints[0] if _complaints else "llama.cpp gives no reason"
    _complaints.clear()
    return text


def folder() -> Path:
    """Where the shared libraries are, found without loading them. Raises PawError `no-llama-cpp`."""
    override = os.environ.get("LLAMA_CPP_LIB_PATH")
    if override:
        return Path(override)
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None or spec.origin is None:
        raise PawError(
            "no-llama-cpp",
            "the package llama-cpp-python is not installed",
            hint="install it with: pip install llama-cpp-python==0.3.36",
        )
    return Path(spec.origin).parent / "lib"


@lru_cache(maxsize=1)
def load() -> Any:
    """The module `llama_cpp.llama_cpp` (the C functions), its log silenced and backend started.

    Raises PawError `no-llama-cpp` if the package is missing, `broken-llama-cpp` if it does not load.
    """
    where = folder()
    # Read once by libgomp, when the library is loaded. A value set by the user is respected.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPIN_COUNT)
    try:
        api = importlib.import_module("llama_cpp.llama_cpp")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise PawError(
            "broken-llama-cpp",
            f"cannot load llama.cpp from {where}: {error}",
            hint="reinstall it with: pip install --force-reinstall llama-cpp-python==0.3.36",
        ) from error
    global _callback
    _callback = api.llama_log_callback(_log)
    api.llama_log_set(_callback, ctypes.c_void_p(0))
    api.llama_backend_init()
    return api


def _quota() -> int | None:
    """Whole CPUs that the control group grants (cgroup v2 `cpu.max`); None if unlimited or unknown."""
    try:
        limit, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, int(limit) // int(period))
    except (OSError, ValueError):
        return None


def threads(model_bytes: int) -> int:
    """How many threads to compute with: what this process may use, fewer for a small model.

    A token of a small model takes under a millisecond, and then every further thread costs more at
    the barriers than it computes.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    ceiling = 4 if model_bytes < 200_000_000 else 8
    return max(1, min(available, _quota() or available, ceiling))
