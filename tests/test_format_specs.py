"""The prose specs and the code speak of the same errors, keys and limits."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
import vectors
from pawformats import adapter, frontmatter, head, joint, manifest, paw, pawbin, pawlib, rules, target, text
from pawformats.values import Joint

FORMATS = Path(__file__).parents[1] / "formats"

CODE: dict[str, tuple[ModuleType, ...]] = {
    "paw.md": (paw, frontmatter, text, rules),
    "pawbin.md": (pawbin, pawlib, manifest, head, joint),
    "adapter.md": (adapter,),
    "target.md": (target,),
}


def prose(name: str) -> str:
    return (FORMATS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CODE)
def test_each_spec_has_a_version_and_a_date(name: str) -> None:
    assert re.match(r"# .+\n\nVersion \d+(\.\d+)?, \d{4}-\d\d-\d\d\.", prose(name))


@pytest.mark.parametrize("name", CODE)
def test_every_error_kind_is_explained(name: str) -> None:
    elsewhere = prose("pawbin.md") if name == "paw.md" else ""  # contract-kind: an archive's matter
    missing = {kind for kind in vectors.kinds(*CODE[name]) if f"`{kind}`" not in prose(name) + elsewhere}
    assert not missing


def test_no_spec_names_a_kind_that_is_never_raised() -> None:
    raised = vectors.kinds(*(module for modules in CODE.values() for module in modules))
    for name in CODE:
        assert set(re.findall(r"→\s+`([a-z0-9-]+)`", prose(name))) <= raised, name


def test_the_keys_are_those_of_the_code() -> None:
    for key in (*frontmatter.KEYS[:-1], *(f"output.{key}" for key in frontmatter.OUTPUT_KEYS)):
        assert f"| `{key}` |" in prose("paw.md")
    for keys in manifest.KEYS.values():
        assert all(f"`{key}`" in prose("pawbin.md") for key in keys)
    assert all(f"`{field.name}`" in prose("pawbin.md") for field in fields(Joint))
    for table, keys in (target.JOINT_KEYS | target.KEYS).items():
        for key in {*keys} - set(target.JOINT_KEYS):
            assert re.search(rf"`({table})?\.?{key}`", prose("target.md")), (table, key)


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{text.MAX_SOURCE:,} bytes" in prose("paw.md")
    assert f"at most {pawbin.MAX_HEADER:,}" in prose("pawbin.md")
    for kind, codec in pawbin.CODECS.items():
        limit = {"adapter": pawbin.MAX_ADAPTER, "head": pawbin.MAX_HEAD}.get(kind, pawbin.MAX_TEXT)
        assert f"| `{kind}` | `{codec}` | {limit >> 20} MiB |" in prose("pawbin.md")
    assert f"1 to {pawlib.MAX_PROGRAM:,}" in prose("pawbin.md")
    assert f"at most {adapter.MAX_STRING:,}" in prose("adapter.md")
    assert f"2 to {adapter.MAX_TENSORS:,}" in prose("adapter.md")
    assert f"at most {adapter.MAX_KEYS}" in prose("adapter.md")
