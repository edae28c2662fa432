"""What a program file holds."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from pawformats import adapter, head, pawbin, pawlib, references
from pawformats.errors import PawError
from pawformats.values import Program

from . import programs, runtime, weights
from .diagnostics import Diagnostic, Reporter, display_name, printable
from .heatmap import Grid


def describe(reference: str) -> dict[str, Any]:
    """Everything about a program as plain data, or what a library holds; `parts` are (name, bytes) that add
    up to the file.

    Raises PawError for a file that cannot be read or is not wholly valid.
    """
    path, name = references.split(reference)
    data = programs.read(path)
    with programs.about(path):
        if name is None and pawlib.is_library(data):
            return _library(display_name(path), data)
        return _program(display_name(reference), references.choose(data, name))


def _library(file: str, data: bytes) -> dict[str, Any]:
    members = []
    parts = [("header", pawbin.unpack_header(data).end)]
    at = parts[0][1]
    for member in pawlib.describe(data):
        layout = pawbin.describe(data[member.offset : member.offset + member.size])
        members.append({"name": member.name, "program_id": layout.program_id, "manifest": layout.manifest})
        if member.offset > at:
            parts.append(("padding", member.offset - at))
        parts.append((member.name, member.size))
        at = member.offset + member.size
    return {"file": file, "size": len(data), "programs": members, "parts": _parts(parts)}


def _parts(parts: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"name": name, "size": size} for name, size in parts]


def _program(file: str, data: bytes) -> dict[str, Any]:
    program, layout = pawbin.load(data), pawbin.describe(data)
    at = layout.shebang + layout.header
    parts = [("shebang", layout.shebang), ("header", layout.header)] if layout.shebang else [("header", at)]
    for section in layout.sections:
        if section.offset > at:
            parts.append(("padding", section.offset - at))
        parts.append((section.kind, section.size))
        at = section.offset + section.size
    return {
        "file": file,
        "size": layout.size,
        "program_id": layout.program_id,
        "manifest": dict(layout.manifest),
        "parts": _parts(parts),
        "sections": [vars(section) for section in layout.sections],
        "adapter": _adapter(program),
        "head": _head(program),
        "joint": None if program.joint is None else asdict(program.joint),
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


def tensors(path: str, base: str | None, reporter: Reporter) -> dict[str, Any]:
    """The figures of a program's weights as plain data: `modules` of an adapter, `labels` of a label head.

    Their share of the base's norms needs the base: `base` is pawrun's --base, and must then hold it;
    else, should it not be at hand, a note says that the shares are unknown. Raises PawError `no-weights`
    for a program at -O0, and as `programs.load` does.
    """
    data, program, _ = programs.load(path)
    if program.head is not None:
        labels = program.contract.labels
        return {"labels": weights.label_figures(head.load(program.head, len(labels)), labels)}
    if program.adapter is None:
        raise PawError("no-weights", f"{path} holds neither an adapter nor a label head")
    found = adapter.from_gguf(program.adapter)
    norms = None
    try:
        norms = weights.base_norms(runtime.find_base(data, base), found.modules)
    except PawError as error:
        if base is not None or error.kind != "run-failed":
            raise
        message = "the base is not at hand, so shares of its norms are unknown"
        reporter.report(Diagnostic("note", message, hint=error.hint))
    return {"modules": [asdict(module) for module in weights.modules(found, norms)]}


def grid(figures: dict[str, Any]) -> Grid:
    """What `tensors` found, for a heatmap: layers by modules, or labels by labels."""
    if "labels" in figures:
        names = [one["label"] for one in figures["labels"]]
        cosines = [list(one["cosines"].values()) for one in figures["labels"]]
        return Grid("cosine between the labels' vectors", names, names, cosines)
    found = {tuple(one["name"].rpartition(".")[::2]): one for one in figures["modules"]}
    layers, modules = (list(dict.fromkeys(key[place] for key in found)) for place in (0, 1))
    known = all(one["share"] is not None for one in found.values())
    what = "share" if known else "norm"
    values = [
        [found[layer, module][what] if (layer, module) in found else math.nan for module in modules]
        for layer in layers
    ]
    title = "norm of the update, as a share of the base weight's" if known else "norm of the update"
    return Grid(title, layers, modules, values)


def tensor_table(figures: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """What `tensors` found, as a header and rows of text."""
    if "labels" in figures:
        return ("label", "norm", "bias", "cosine", "nearest label"), list(map(_label_row, figures["labels"]))
    rows: list[tuple[str, ...]] = [
        (
            one["name"],
            f"{one['norm']:.4g}",
            f"{one['effective_rank']:.1f}",
            "" if one["share"] is None else f"{100 * one['share']:.2f}",
        )
        for one in figures["modules"]
    ]
    return ("module", "norm", "effective rank", "% of base"), rows


def _label_row(one: dict[str, Any]) -> tuple[str, ...]:
    others = {label: cosine for label, cosine in one["cosines"].items() if label != one["label"]}
    near = max(others, key=lambda label: others[label], default=None)
    nearest = ("", "") if near is None else (f"{others[near]:.3f}", printable(near))
    return printable(one["label"]), f"{one['norm']:.4g}", f"{one['bias']:.4g}", *nearest


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


def _settled(joint: dict[str, Any] | None) -> str | None:
    return f"read again with the labels, below {joint['below']:g}" if joint else None


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
        "in doubt": _settled(described["joint"]),
        "spec": manifest["spec_digest"],
        "tests": str(described["tests"]),
    }
    lines = [f"{name + ':':12}{value}" for name, value in facts.items() if value is not None]
    lines.append("")
    text: str = described["pseudo_program"]
    return [*lines, *_sizes(described), "", *text.rstrip("\n").split("\n")]
