"""Recipes: a training run as one TOML file, checked before anything is begun."""

from __future__ import annotations

import difflib
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import tomli
from pawformats.errors import PawError

from .shape import MapperShape, Shape

_NUMBER = "a number"
_KINDS = {"int": "an integer", "float": _NUMBER}
_STEPS = dict.fromkeys(("steps", "rows", "length", "predictions"), "an integer")
#: What a recipe may say beside its tables, and what it must.
_TOP = {"name": "a string", "seed": "an integer", "mix": "a table"}
_TOP_MORE = {
    "start": "a string",
    "precision": "a string",
    "workers": "an integer",
    "data": "a string",
    "label_share": _NUMBER,
    "tokenizer_draws": "an integer",
    "bars": "a table",
}


def _of(shape: type[Any], *but: str) -> tuple[dict[str, str], dict[str, str]]:
    """The keys that a dataclass needs, and those that it has a default for."""
    found = [field for field in fields(shape) if field.name not in but]
    return (
        {field.name: _KINDS[str(field.type)] for field in found if field.default is MISSING},
        {field.name: _KINDS[str(field.type)] for field in found if field.default is not MISSING},
    )


#: Of each table, the keys that it needs and those that it may have.
_TABLES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "shape": _of(Shape, "vocab", "architecture"),
    "mapper": _of(MapperShape),
    "stage1": (_STEPS | {"rate": _NUMBER}, {"compile": "true or false", "embeddings": "a string"}),
    "stage2": (
        _STEPS
        | {"source_length": "an integer"}
        | dict.fromkeys(("drop", "lm_rate", "mapper_rate", "base_rate"), _NUMBER),
        {"compile": "true or false"},
    ),
    "labels": (
        dict.fromkeys(("steps", "functions", "records", "length", "specs", "source_length"), "an integer")
        | dict.fromkeys(("rate", "reader_rate", "noise"), _NUMBER),
        {"public": _NUMBER, "hold": _NUMBER, "rank": "an integer"},
    ),
    "joint": (
        dict.fromkeys(
            ("steps", "functions", "records", "length", "rank", "record", "label", "labels"), "an integer"
        )
        | dict.fromkeys(("rate", "noise", "weight", "below"), _NUMBER),
        {},
    ),
    "reading": (
        dict.fromkeys(("steps", "specs", "source_length", "rank"), "an integer")
        | dict.fromkeys(("rate", "reader_rate", "noise"), _NUMBER),
        {},
    ),
    "adapter": (_STEPS | {"rate": _NUMBER}, {}),
    "mixing": (
        _STEPS | {"source_length": "an integer"} | dict.fromkeys(("drop", "rate"), _NUMBER),
        {},
    ),
    "rival": (
        _STEPS | {"kind": "a string", "source_length": "an integer", "rate": _NUMBER},
        {"rank": "an integer", "compile": "true or false"},
    ),
}
#: What makes each kind of run, by the table that tells it.
_PARTS = {
    "labels": {"labels": "a table"},
    "joint": {"start": "a string", "joint": "a table"},
    "reading": {"start": "a string", "reading": "a table"},
    "adapter": {"start": "a string", **dict.fromkeys(("mapper", "adapter", "mixing"), "a table")},
    "rival": {"start": "a string", "vocabulary": "an integer", "shape": "a table", "rival": "a table"},
    "stage1": {
        "vocabulary": "an integer",
        **dict.fromkeys(("shape", "mapper", "stage1", "stage2"), "a table"),
    },
}


def read_recipe(path: Path) -> dict[str, Any]:
    """The recipe's tables.

    Raises PawError if it can't be read, lacks a key (`recipe-field`), has one that is unknown
    (`recipe-key`) or of another type (`recipe-value`).
    """
    try:
        recipe = tomli.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PawError("recipe-unreadable", f"cannot read {path}: {error.strerror}") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PawError("recipe-syntax", f"{path}: {error}") from error
    kind = next((name for name in _PARTS if name in recipe), "stage1")
    parts = _PARTS[kind]
    _check(path, "", recipe, _TOP | parts, _TOP_MORE)
    for name, (needed, more) in _TABLES.items():
        if name in recipe:
            _check(path, f"{name}.", recipe[name], needed, more)
    _check_rank(path, recipe)
    for name in ("mix", "bars"):
        table = recipe.get(name, {})
        _check(path, f"{name}.", table, dict.fromkeys(table, _NUMBER), {})
    return recipe


def _check_rank(path: Path, recipe: dict[str, Any]) -> None:
    """A LoRA for the encoder needs one that is released, and leaves what else is trained there alone."""
    plan = recipe.get("labels", {})
    if "rank" not in plan:
        return
    if "start" not in recipe:
        raise PawError("recipe-field", f"{path} lacks start, which labels.rank needs")
    idle = plan["specs"] or plan["reader_rate"] or {"public", "hold"} & plan.keys()
    if idle or min(plan["rank"], plan["functions"], plan["rate"]) <= 0:
        raise PawError(
            "recipe-value",
            f"{path}: with labels.rank, labels.specs and labels.reader_rate must be 0, rank, functions and "
            "rate above 0, and there is no labels.public or labels.hold",
        )


def _check(
    path: Path, prefix: str, table: dict[str, Any], needed: dict[str, str], more: dict[str, str]
) -> None:
    known = needed | more
    missing = sorted(needed.keys() - table.keys())
    if missing:
        raise PawError("recipe-field", f"{path} lacks {', '.join(prefix + key for key in missing)}")
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"the nearest key is {prefix}{near[0]}" if near else None
            raise PawError("recipe-key", f"{path}: {prefix}{key} is no key of a recipe", hint=hint)
        if not _fits(value, known[key]):
            raise PawError("recipe-value", f"{path}: {prefix}{key} must be {known[key]}")


def _fits(value: object, kind: str) -> bool:
    types: dict[str, type | tuple[type, ...]] = {
        "a string": str,
        "an integer": int,
        _NUMBER: (int, float),
        "a table": dict,
        "true or false": bool,
    }
    return isinstance(value, types[kind]) and isinstance(value, bool) == (kind == "true or false")


def shape_of(recipe: dict[str, Any]) -> Shape:
    return Shape(vocab=recipe["vocabulary"], **recipe["shape"])


def shapes(recipe: dict[str, Any]) -> tuple[Shape, MapperShape]:
    return shape_of(recipe), mapper_of(recipe)


def mapper_of(recipe: dict[str, Any]) -> MapperShape:
    return MapperShape(**recipe["mapper"])


def run_folder(recipe: dict[str, Any], out: str | None) -> Path:
    """Where a run keeps its tokenizer, checkpoints and log."""
    return Path(out or f"runs/{recipe['name']}")
