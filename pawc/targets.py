"""Finding a target: by name on a search path, or by the path of its file."""

from __future__ import annotations

import os
from pathlib import Path

from pawformats import target
from pawformats.errors import PawError
from pawformats.values import Spec, Target

#: What is compiled for unless spec or command says otherwise: any text, and one of a set of labels.
TEXT, LABELS = "nano", "mini"


def search_path() -> tuple[Path, ...]:
    """Folders that hold NAME/target.toml: those of $PAW_TARGET_PATH, then the package's own."""
    listed = os.environ.get("PAW_TARGET_PATH", "").split(os.pathsep)
    return (*map(Path, filter(None, listed)), Path(__file__).parent / "targets")


def default(spec: Spec, level: int) -> str:
    """The target of a spec that names none: an encoder decides between labels better and faster than a
    decoder of its size, but can't be prompted, which is what -O0 asks for."""
    return LABELS if spec.contract.labels and level > 0 else TEXT


def known() -> dict[str, Path]:
    """Every target by name, with its file; where a name occurs twice, the first place counts."""
    found: dict[str, Path] = {}
    for place in search_path():
        for path in sorted(place.glob("*/target.toml")):
            found.setdefault(path.parent.name, path)
    return found


def find(name: str) -> Target:
    """The target called `name`, or the one whose file `name` is (a path, or ending in .toml)."""
    if name.endswith(".toml") or os.sep in name:
        return target.load(name)
    files = known()
    if name not in files:
        raise PawError(
            "no-such-target",
            f"there is no target {name!r}",
            hint="known targets: " + (", ".join(files) or "none; is the installation complete?"),
        )
    return target.load(str(files[name]))
