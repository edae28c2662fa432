"""Finding a target: by name on a search path, or by the path of its file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pawformats import target
from pawformats.errors import PawError
from pawformats.values import Spec, Target
from pawllama import bases

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


def path(name: str) -> str:
    """The file of the target called `name`, which may be that file already (a path, or ending in .toml).
    Raises PawError `no-such-target`."""
    if name.endswith(".toml") or os.sep in name:
        return name
    files = known()
    if name not in files:
        raise PawError(
            "no-such-target",
            f"there is no target {name!r}",
            hint="known targets: " + (", ".join(files) or "none; is the installation complete?"),
        )
    return str(files[name])


def find(name: str) -> Target:
    """The target of that name or file."""
    return target.load(path(name))


def lm(found: Target) -> str:
    """The file of a target's compiler LM, which is its base unless it has one of its own; digests are checked
    by whoever opens it. Raises PawError `base-not-found`."""
    return found.lm_path or str(bases.find(found.base))


def listed(_: str | None) -> Iterator[str]:
    """Lines that name every known target and its file."""
    return (f"{name}\t{path}" for name, path in known().items())


def places(_: str | None) -> Iterator[str]:
    """Lines that name the folders in which targets and bases are looked for, in order."""
    yield from (f"targets\t{place}" for place in search_path())
    yield from (f"bases\t{place}" for place in bases.search_path())


def base_files(name: str | None) -> Iterator[str]:
    """The path of the base of a target; without a name, those of the targets that are compiled for."""
    for one in (LABELS, TEXT) if name is None else (name,):
        yield str(bases.find(find(one).base))
