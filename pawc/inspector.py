"""What a program file holds."""

from __future__ import annotations

import json
from typing import Any

from pawformats import adapter, head, pawbin, pawlib, references
from pawformats.errors import PawError
from pawformats.values import Program

from .diagnostics import printable


def describe(reference: str) -> dict[str, Any]:
    """Everything about a program as plain data, or what a library holds; `parts` are (name, bytes) that add
    up to the file.

    Raises PawError for a file that cannot be read or is not wholly valid.
    """
    path, name = references.split(reference)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise PawError("program-unreadable", f"cannot read {path}: {error.strerror}") from error
    try:
        if name is None and pawlib.is_library(data):
            return _library(path, data)
        return _program(reference, references.choose(data, name))
    except PawError as error:
        raise PawError(error.kind, f"{path}: {error.message}", hint=error.hint) from error


def _library(path: str, data: bytes) -> dict[str, Any]:
    programs = []
    parts = [("header", pawbin.unpack_header(data).end)]
    at = parts[0][1]
    for member in pawlib.describe(data):
        layout = pawbin.describe(data[member.offset : member.offset + member.size])
        programs.append({"name": member.name, "program_id": layout.program_id, "manifest": layout.manifest})
        if member.offset > at:
            parts.append(("padding", member.offset - at))
        parts.append((member.name, member.size))
        at = member.offset + member.size
    return {"file": path, "size": len(data), "programs": programs, "parts": _parts(parts)}


def _parts(parts: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"name": name, "size": size} for name, size in parts]


def _program(reference: str, data: bytes) -> dict[str, Any]:
    program, layout = pawbin.load(data), pawbin.describe(data)
    at = layout.shebang + layout.header
    parts = [("shebang", layout.shebang), ("header", layout.header)] if layout.shebang else [("header", at)]
    for section in layout.sections:
        if section.offset > at:
            parts.append(("padding", section.offset - at))
        parts.append((section.kind, section.size))
        at = section.offset + section.size
    return {
        "file": reference,
        "size": layout.size,
        "program_id": layout.program_id,
        "manifest": dict(layout.manifest),
        "parts": _parts(parts),
        "sections": [vars(section) for section in layout.sections],
        "adapter": _adapter(program),
        "head": _head(program),
        "pseudo_program": program.pseudo_program.text,
        "tests": len(program.tests),
    }


def _adapter(program: Program) -> dict[str, Any] | None:
    if program.adapter is None:
        return None
    found = adapter.from_gguf(program.adapter)
    return {"rank": found.rank, "alpha": found.alpha, "modules": len(found.modules)}


def _head(program: Program) -> dict[str, Any] | None:
    if program.head is None:
        return None
    labels, width = head.load(program.head, len(program.contract.labels)).shape
    return {"labels": labels, "width": width - 1}


def as_json(described: dict[str, Any]) -> str:
    return json.dumps(described, indent=2, ensure_ascii=False)


def as_text(described: dict[str, Any]) -> str:
    """A page for people."""
    lines = _library_lines(described) if "programs" in described else _program_lines(described)
    return "\n".join(map(printable, lines))


def _library_lines(described: dict[str, Any]) -> list[str]:
    """The programs with their targets and ids, and the sizes."""
    lines = [
        f"{one['name']}: for {one['manifest']['target']}, id {one['program_id']}"
        for one in described["programs"]
    ]
    return [*lines, "", *_sizes(described)]


def _sizes(described: dict[str, Any]) -> list[str]:
    lines = [f"{part['size']:10d}  {part['name']}" for part in described["parts"]]
    return [*lines, f"{described['size']:10d}  {described['file']}"]


def _program_lines(described: dict[str, Any]) -> list[str]:
    manifest = described["manifest"]
    contract, base = manifest["contract"], manifest["base"]
    answers = {
        "free": "any text",
        "labels": " | ".join(contract["labels"]),
        "regex": f"text that matches {contract['regex']}",
        "json_schema": "JSON of a schema",
    }
    lora, rows = described["adapter"], described["head"]
    facts = {
        "name": " ".join(filter(None, (manifest["name"], manifest["version"]))),
        "id": described["program_id"],
        "target": manifest["target"],
        "compiler": manifest["compiler"] or "none (-O0)",
        "toolchain": manifest["toolchain"],
        "base": f"{base['name']}, {base['architecture']}, {base['size']} bytes, sha256 {base['sha256']}",
        "answers": f"{answers[contract['kind']]}, at most {contract['max_tokens']} tokens",
        "overflow": manifest["options"]["overflow"],
        "adapter": f"rank {lora['rank']}, alpha {lora['alpha']:g}, {lora['modules']} modules"
        if lora
        else "none",
        "label head": f"{rows['labels']} labels, encodings of {rows['width']} numbers" if rows else "none",
        "spec": manifest["spec_digest"],
        "tests": str(described["tests"]),
    }
    lines = [f"{name + ':':12}{value}" for name, value in facts.items()]
    lines.append("")
    text: str = described["pseudo_program"]
    return [*lines, *_sizes(described), "", *text.rstrip("\n").split("\n")]
