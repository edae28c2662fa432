"""The floors of the house: who may import whom, read from the source; and what a command's start may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pawc import cli

ROOT = Path(__file__).parents[1]

#: Each package with its folder and the packages of ours that it may import.
FLOORS = {
    "pawformats": ("formats/pawformats", set()),
    "pawllama": ("formats/pawllama", {"pawformats"}),
    "pawrun": ("pawrun", {"pawformats", "pawllama"}),
    "pawc": ("pawc", {"pawformats", "pawllama", "pawtrainer"}),
    "pawtrainer": ("trainer/pawtrainer", {"pawformats", "pawllama", "pawc", "pawrun"}),
}
DYNAMIC = ("importlib.import_module", "__import__")
TRAINING = {"torch", "transformers", "safetensors", "tokenizers", "vllm"}

#: Packages that never train.
BELOW = ("pawformats", "pawllama", "pawrun")

#: What neither command may load before it knows what is asked.
HEAVY = {"numpy", "gguf", "jinja2", "llama_cpp", "rich", "tomli", "zstandard", "pawtrainer", *TRAINING}


def imports(source: str, package: str) -> Iterator[tuple[str, bool, int]]:
    """(top-level name, whether it runs when the module is imported, line) of each import of a module.

    An import under `if TYPE_CHECKING:` never runs and is left out.
    """

    def walk(node: ast.AST, eager: bool) -> Iterator[tuple[str, bool, int]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], eager, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield (package if node.level else (node.module or "").partition(".")[0]), eager, node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in DYNAMIC:
            yield ast.unparse(node.args[0]).strip("'").partition(".")[0], eager, node.lineno
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            children: list[ast.AST] = [*node.orelse]
        else:
            children = [*ast.iter_child_nodes(node)]
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in children:
            yield from walk(child, eager and not inside)

    return walk(ast.parse(source), True)


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / FLOORS[package][0]).rglob("*.py"))
    assert found, f"{package} has no modules"
    return found


def test_imports_are_seen() -> None:
    source = """
import os.path
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
from .inner import thing
def late():
    import numpy as np
    importlib.import_module("gguf.quants")
"""
    found = list(imports(source, "ours"))
    assert found == [
        ("os", True, 2),
        ("typing", True, 3),
        ("ours", True, 6),
        ("numpy", False, 8),
        ("gguf", False, 9),
    ]


@pytest.mark.parametrize("package", FLOORS)
def test_a_package_imports_only_what_it_stands_on(package: str) -> None:
    allowed = {package, *FLOORS[package][1]}
    wrong = []
    for path in modules(package):
        for name, eager, line in imports(path.read_text(encoding="utf-8"), package):
            where = f"{path.relative_to(ROOT)}:{line} imports {name}"
            if (name in FLOORS and name not in allowed) or (name in TRAINING and package in BELOW):
                wrong.append(where)
            elif package == "pawc" and eager and name in {"pawtrainer", *TRAINING}:
                wrong.append(f"{where} outside a function")
    assert not wrong, "\n".join(wrong)


def test_one_door_to_llama_cpp() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in FLOORS
        if package != "pawllama"
        for path in modules(package)
        for name, _, line in imports(path.read_text(encoding="utf-8"), package)
        if name == "llama_cpp"
    ]
    assert not wrong, f"llama_cpp is imported outside pawllama: {wrong}"


def test_formats_know_no_terminal_no_network_and_no_process() -> None:
    wrong = {
        f"{path.name}: {name}"
        for path in modules("pawformats")
        for name, _, _ in imports(path.read_text(encoding="utf-8"), "pawformats")
        if name in {"click", "rich", "subprocess", "socket", "urllib", "logging", "llama_cpp"}
    }
    assert not wrong


@pytest.mark.parametrize("package", ["pawformats", "pawllama", "pawc", "pawtrainer"])
def test_init_is_empty(package: str) -> None:
    assert (ROOT / FLOORS[package][0] / "__init__.py").read_text() == ""


COMMANDS = [f"pawc.commands.{name}" for name in cli.COMMANDS.values()]


@pytest.mark.parametrize("module", ["pawc.cli", "pawrun.cli", "pawrun", *COMMANDS])
def test_importing_a_command_loads_nothing_heavy(module: str) -> None:
    code = f"import {module}, sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    places = [str(ROOT), str(ROOT / "formats"), str(ROOT / "trainer")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())
