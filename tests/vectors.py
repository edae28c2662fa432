"""Access to tests/vectors, and to the error kinds that a module can raise."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from types import ModuleType
from typing import Any

VECTORS = Path(__file__).parent / "vectors"

#: The calls that name an error kind, and which argument does.
_KIND_AT = {"PawError": 0, "error": 0, "_error": 2, "Violation": 1}


def names(folder: str, suffix: str) -> list[str]:
    return sorted(path.stem for path in (VECTORS / folder).glob(f"*{suffix}"))


def data(folder: str, name: str) -> bytes:
    return (VECTORS / folder / name).read_bytes()


def expected(folder: str, name: str) -> dict[str, Any]:
    return json.loads(data(folder, f"{name}.json"))


def include(path: str) -> bytes:
    return data("paw/includes", path)


def paw_invalid(name: str) -> bytes:
    source = data("paw/invalid", f"{name}.paw")
    return source.ljust(expected("paw/invalid", name).get("pad_to", 0))


def kinds(*modules: ModuleType) -> set[str]:
    """Every error kind that the source of the modules names."""
    found: set[str] = set()
    for module in modules:
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            at = _KIND_AT.get(ast.unparse(node.func).rpartition(".")[2])
            if at is not None and at < len(node.args):
                kind = node.args[at]
                if isinstance(kind, ast.Constant):
                    found.add(str(kind.value))
    return found
