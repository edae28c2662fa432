"""Target files (formats/target.md): TOML to a Target. Digests are checked by whoever opens the files."""

from __future__ import annotations

import math
import os
from typing import TypeVar

import tomli

from .errors import PawError
from .text import MAX_SOURCE, Source, decode, is_line
from .values import BaseRef, Prompt, Target

FORMAT = 1
KEYS = {
    "": ("format", "name", "pseudo_compiler", "interpreter", "prompt", "adapter", "compiler"),
    "interpreter": ("name", "architecture", "file", "sha256", "size", "context"),
    "prompt": ("before", "after", "suffix", "end"),
    "adapter": ("kind", "rank", "alpha", "layers", "modules"),
    "compiler": (
        "snapshot",
        "lm",
        "lm_sha256",
        "mapper",
        "mapper_sha256",
        "tau",
        "spec_token",
        "program_token",
    ),
}
_HEX = frozenset("0123456789abcdef")

T = TypeVar("T")


def load(path: str) -> Target:
    """Read a target file; its files are looked for beside it, and their paths are absolute in the Target.

    Raises PawError for an unreadable file, broken TOML, an unknown version, and for missing, unknown,
    ill-typed or impossible entries.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_SOURCE + 1)
    except OSError as error:
        raise PawError("target-unreadable", f"cannot read {path}: {error.strerror}") from error
    values = _toml(decode(data, path))
    if values.get("format") != FORMAT or values["format"] is True:
        message = f"{path}: target format {values.get('format')!r} is unknown, this is a reader of {FORMAT}"
        raise PawError("target-version", message)
    top = _Table(path, "", values)
    base, prompt, adapter = top.table("interpreter"), top.table("prompt"), top.table("adapter")
    if adapter.line("kind") != "lora":
        raise adapter.wrong("kind", "lora, the only kind of adapter")
    base.line("file")
    compiler = top.table("compiler") if "compiler" in values else None
    return Target(
        name=top.line("name"),
        base=BaseRef(
            name=base.line("name"),
            architecture=base.line("architecture"),
            sha256=base.digest("sha256"),
            size=base.positive("size"),
            context=base.positive("context"),
        ),
        prompt=Prompt(prompt.value("before", str), prompt.value("after", str), prompt.value("suffix", str)),
        rank=adapter.positive("rank"),
        alpha=adapter.alpha("alpha"),
        modules=adapter.names("modules"),
        layers=adapter.positive("layers"),
        pseudo_compiler=top.line("pseudo_compiler"),
        compiler=compiler.line("snapshot") if compiler else None,
        lm_path=compiler.beside("lm") if compiler else None,
        lm_sha256=compiler.digest("lm_sha256") if compiler else None,
        mapper_path=compiler.beside("mapper") if compiler else None,
        mapper_sha256=compiler.digest("mapper_sha256") if compiler else None,
        tau=compiler.tokens("tau") if compiler else (),
        spec_token=compiler.line("spec_token") if compiler else "",
        program_token=compiler.line("program_token") if compiler else "",
        end_token=prompt.line("end"),
    )


def _toml(source: Source) -> dict[str, object]:
    try:
        return tomli.loads("\n".join(source.lines))
    except tomli.TOMLDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        raise source.error("target-toml", message, error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:  # an integer or a nesting beyond what Python reads
        raise source.error("target-toml", "the target has a value beyond all bounds", 1) from error


class _Table:
    """A TOML table with exactly its keys (`compiler` may be absent); takes values out and checks each."""

    def __init__(self, path: str, name: str, values: dict[str, object]) -> None:
        self.path, self.name, self.values = path, name, values
        unknown, missing = values.keys() - set(KEYS[name]), set(KEYS[name]) - values.keys() - {"compiler"}
        if unknown:
            raise PawError("target-key-unknown", f"{path}: unknown key {self._path(min(unknown))}")
        if missing:
            raise PawError("target-key-missing", f"{path}: missing key {self._path(min(missing))}")

    def _path(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def wrong(self, key: str, what: str) -> PawError:
        return PawError("target-value", f"{self.path}: {self._path(key)} must be {what}")

    def value(self, key: str, kind: type[T]) -> T:
        value = self.values[key]
        if type(value) is not kind:  # not isinstance: true is no integer here
            raise PawError("target-type", f"{self.path}: {self._path(key)} has the wrong type")
        return value

    def table(self, key: str) -> _Table:
        return _Table(self.path, key, self.value(key, dict))

    def line(self, key: str) -> str:
        text = self.value(key, str)
        if not is_line(text):
            raise self.wrong(key, "one line of text")
        return text

    def digest(self, key: str) -> str:
        text = self.value(key, str)
        if len(text) != 64 or not set(text) <= _HEX:
            raise self.wrong(key, "a SHA-256 in lower-case hex")
        return text

    def positive(self, key: str) -> int:
        number = self.value(key, int)
        if number < 1:
            raise self.wrong(key, "above zero")
        return number

    def alpha(self, key: str) -> float:
        number = self.value(key, float)
        if not math.isfinite(number) or number <= 0:
            raise self.wrong(key, "finite and above zero")
        return number

    def names(self, key: str) -> tuple[str, ...]:
        names = self.value(key, list)
        if not names or not all(isinstance(name, str) and is_line(name) for name in names):
            raise self.wrong(key, "an array of names")
        if len(set(names)) != len(names):
            raise self.wrong(key, "without doubles")
        return tuple(names)

    def tokens(self, key: str) -> tuple[int, ...]:
        tokens = self.value(key, list)
        if not tokens or not all(type(token) is int and 0 <= token < 1 << 31 for token in tokens):
            raise self.wrong(key, "an array of token ids")
        return tuple(tokens)

    def beside(self, key: str) -> str:
        """A file named relative to the target file."""
        return os.path.join(os.path.dirname(os.path.abspath(self.path)), self.line(key))
