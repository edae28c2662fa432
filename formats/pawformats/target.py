"""Target files (formats/target.md): TOML text to a Target. Digests are checked by whoever opens the files."""

from __future__ import annotations

import os
from typing import Any

import tomli

from .errors import PawError, Position
from .values import BaseRef, Prompt, Target


class _Table:
    """A TOML table that is read key by key, each with its type."""

    def __init__(self, path: str, name: str, table: dict[str, Any]) -> None:
        self.path, self.name, self.table = path, name, table

    def get(self, key: str, kind: type) -> Any:
        value = self.table.get(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise PawError("target-field", f"{self.path}: {self.name}{key} must be a {kind.__name__}")
        return value

    def sub(self, key: str) -> _Table:
        return _Table(self.path, f"{key}.", self.get(key, dict))


def load(path: str) -> Target:
    """Read a target file. Raises PawError for a missing, unreadable or ill-typed one."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
        table = tomli.loads(text)
    except OSError as error:
        raise PawError("target-unreadable", f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PawError("target-syntax", f"{path} is not UTF-8") from error
    except tomli.TOMLDecodeError as error:
        raise PawError(
            "target-syntax", error.msg, position=Position(path, error.lineno, error.colno)
        ) from error
    top = _Table(path, "", table)
    if top.get("format", int) != 1:
        raise PawError(
            "target-version", f"{path}: target format {table['format']} is unknown", hint="upgrade pawc"
        )
    base, prompt, adapter = top.sub("interpreter"), top.sub("prompt"), top.sub("adapter")
    if adapter.get("kind", str) != "lora":
        raise PawError("target-field", f"{path}: adapter.kind must be lora")
    folder = os.path.dirname(os.path.abspath(path))
    compiler = top.sub("compiler") if "compiler" in table else None

    def beside(key: str) -> str | None:
        return os.path.join(folder, compiler.get(key, str)) if compiler else None

    def text_of(key: str) -> str | None:
        return str(compiler.get(key, str)) if compiler else None

    return Target(
        name=top.get("name", str),
        base=BaseRef(
            name=base.get("name", str),
            architecture=base.get("architecture", str),
            sha256=base.get("sha256", str),
            size=base.get("size", int),
            context=base.get("context", int),
        ),
        prompt=Prompt(prompt.get("before", str), prompt.get("after", str), prompt.get("suffix", str)),
        rank=adapter.get("rank", int),
        alpha=adapter.get("alpha", float),
        modules=tuple(adapter.get("modules", list)),
        layers=adapter.get("layers", int),
        pseudo_compiler=top.get("pseudo_compiler", str),
        compiler=text_of("snapshot"),
        lm_path=beside("lm"),
        lm_sha256=text_of("lm_sha256"),
        mapper_path=beside("mapper"),
        mapper_sha256=text_of("mapper_sha256"),
        tau=tuple(compiler.get("tau", list)) if compiler else (),
        spec_token=text_of("spec_token") or "",
        program_token=text_of("program_token") or "",
        end_token=prompt.get("end", str),
    )
