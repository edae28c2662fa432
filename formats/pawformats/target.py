"""Target files (formats/target.md): TOML to a Target. Digests are checked by whoever opens the files."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import TypeVar

import tomli

from .errors import PawError
from .text import MAX_SOURCE, Source, decode, is_line, spelled_key
from .values import BaseRef, JointReader, Product, Prompt, Target

#: Format 2 is format 1 with a table `joint`.
FORMATS = (1, 2)
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
#: The tables that are others in a target whose compiler makes label heads for an encoder.
HEAD_KEYS = KEYS | {
    "prompt": ("before", "suffix"),
    "adapter": ("kind",),
    "compiler": ("snapshot", "lm", "lm_sha256", "reader", "reader_sha256", "scale", "example_weight"),
}
JOINT_KEYS = HEAD_KEYS | {
    "": (*KEYS[""], "joint"),
    "joint": ("file", "sha256", "record", "label", "labels", "scale", "weight", "below"),
}
#: The keys that may be absent: both of the compiler LM, or none.
OPTIONAL = {"compiler", "lm", "lm_sha256"}
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
    version = values.get("format")
    if type(version) is not int or version not in FORMATS:
        message = f"{path}: target format {version!r} is unknown, this is a reader of 1 and 2"
        raise PawError("target-version", message)
    product = _product(path, values)
    if version == 2 and product != "head":
        raise PawError("target-value", f"{path}: format 2 is for targets whose adapter.kind is head")
    keys = KEYS if product == "lora" else HEAD_KEYS if version == 1 else JOINT_KEYS
    top = _Table(path, "", values, keys)
    base, prompt, adapter = top.table("interpreter"), top.table("prompt"), top.table("adapter")
    base.line("file")
    compiler = top.table("compiler") if "compiler" in values else None
    made = Target(
        name=top.line("name"),
        product=product,
        base=BaseRef(
            name=base.line("name"),
            architecture=base.line("architecture"),
            sha256=base.digest("sha256"),
            size=base.positive("size"),
            context=base.positive("context"),
        ),
        prompt=Prompt(prompt.value("before", str), "", prompt.value("suffix", str)),
        pseudo_compiler=top.line("pseudo_compiler"),
        compiler=compiler.line("snapshot") if compiler else None,
        lm_path=None,
        lm_sha256=None,
    )
    if compiler:
        made = _with_lm(made, compiler)
    if product == "head":
        joint = _joint(top.table("joint")) if version == 2 else None
        made = replace(made, joint=joint)
        return _for_heads(made, compiler) if compiler else made
    made = replace(
        made,
        prompt=replace(made.prompt, after=prompt.value("after", str)),
        rank=adapter.positive("rank"),
        alpha=adapter.amount("alpha"),
        modules=adapter.names("modules"),
        layers=adapter.positive("layers"),
        end_token=prompt.line("end"),
    )
    return _for_adapters(made, compiler) if compiler else made


def _with_lm(made: Target, compiler: _Table) -> Target:
    """With a compiler LM of its own, which a target whose compiler makes adapters can do without."""
    keys = {"lm", "lm_sha256"}
    if made.product == "lora" and not keys & compiler.values.keys():
        return made
    if missing := keys - compiler.values.keys():
        raise PawError("target-key-missing", f"{compiler.path}: missing key compiler.{min(missing)}")
    return replace(made, lm_path=compiler.beside("lm"), lm_sha256=compiler.digest("lm_sha256"))


def _for_heads(made: Target, compiler: _Table) -> Target:
    return replace(
        made,
        scale=compiler.amount("scale"),
        example_weight=compiler.amount("example_weight"),
        reader_path=compiler.beside("reader"),
        reader_sha256=compiler.digest("reader_sha256"),
    )


def _joint(table: _Table) -> JointReader:
    counts = (table.positive(key) for key in ("record", "label", "labels"))
    amounts = (table.amount(key) for key in ("scale", "weight", "below"))
    return JointReader(table.beside("file"), table.digest("sha256"), *counts, *amounts)


def _for_adapters(made: Target, compiler: _Table) -> Target:
    return replace(
        made,
        mapper_path=compiler.beside("mapper"),
        mapper_sha256=compiler.digest("mapper_sha256"),
        tau=compiler.tokens("tau"),
        spec_token=compiler.line("spec_token"),
        program_token=compiler.line("program_token"),
    )


def _product(path: str, values: dict[str, object]) -> Product:
    """What the compiler makes, which decides on the keys of three tables."""
    adapter = values.get("adapter")
    kind = adapter.get("kind", "lora") if isinstance(adapter, dict) else "lora"
    if kind not in ("lora", "head"):
        raise PawError("target-value", f"{path}: adapter.kind must be lora or head")
    return "head" if kind == "head" else "lora"


def _toml(source: Source) -> dict[str, object]:
    try:
        return tomli.loads("\n".join(source.lines))
    except tomli.TOMLDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        raise source.error("target-toml", message, error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:  # an integer or a nesting beyond what Python reads
        raise source.error("target-toml", "the target has a value beyond all bounds", 1) from error


class _Table:
    """A TOML table with exactly its keys, of which OPTIONAL may be absent; takes values out, checks each."""

    def __init__(
        self, path: str, name: str, values: dict[str, object], keys: dict[str, tuple[str, ...]]
    ) -> None:
        self.path, self.name, self.values, self.keys = path, name, values, keys
        unknown, missing = values.keys() - set(keys[name]), set(keys[name]) - values.keys() - OPTIONAL
        if unknown:
            raise PawError("target-key-unknown", f"{path}: unknown key {self._path(min(unknown))}")
        if missing:
            raise PawError("target-key-missing", f"{path}: missing key {self._path(min(missing))}")

    def _path(self, key: str) -> str:
        key = spelled_key(key)
        return f"{self.name}.{key}" if self.name else key

    def wrong(self, key: str, what: str) -> PawError:
        return PawError("target-value", f"{self.path}: {self._path(key)} must be {what}")

    def value(self, key: str, kind: type[T]) -> T:
        value = self.values[key]
        if type(value) is not kind:  # not isinstance: true is no integer here
            raise PawError("target-type", f"{self.path}: {self._path(key)} has the wrong type")
        return value

    def table(self, key: str) -> _Table:
        return _Table(self.path, key, self.value(key, dict), self.keys)

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

    def amount(self, key: str) -> float:
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
