"""Messages as one JSON document: in the manner of GCC, and as SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .diagnostics import Diagnostic
from .link import toolchain

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_json(diagnostics: Sequence[Diagnostic], _: int) -> str:
    """An array with an object for each message, in the keys of GCC's -fdiagnostics-format=json."""
    return json.dumps([_message(one) for one in diagnostics])


def _message(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.position
    made: dict[str, Any] = {"kind": diagnostic.severity, "message": diagnostic.message}
    if diagnostic.flag:
        made["option"] = f"-W{diagnostic.flag}"
    if diagnostic.hint:
        made["hint"] = diagnostic.hint
    caret = {"file": place.file, "line": place.line, "column": place.col} if place else None
    made["locations"] = [{"caret": caret}] if caret else []
    made["column-origin"] = 1
    made["children"] = [_message(note) for note in diagnostic.notes]
    return made


def as_sarif(diagnostics: Sequence[Diagnostic], status: int) -> str:
    """A SARIF log with one run. Warnings and errors are rules by their names; columns count characters."""
    rules = sorted({_rule(one) for one in diagnostics})
    run = {
        "tool": {
            "driver": {"name": "pawc", "version": toolchain(), "rules": [{"id": rule} for rule in rules]}
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": status == 0, "exitCode": status}],
        "results": [_result(one, rules) for one in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(diagnostic: Diagnostic) -> str:
    return (diagnostic.flag or diagnostic.kind or diagnostic.severity).removeprefix("error=")


def _result(diagnostic: Diagnostic, rules: list[str]) -> dict[str, Any]:
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    made: dict[str, Any] = {
        "ruleId": _rule(diagnostic),
        "ruleIndex": rules.index(_rule(diagnostic)),
        "level": diagnostic.severity,
        "message": {"text": diagnostic.message + hint},
    }
    if diagnostic.position:
        made["locations"] = [_location(diagnostic)]
    notes = [note for note in diagnostic.notes if note.position]
    if notes:
        made["relatedLocations"] = [_location(note) | {"message": {"text": note.message}} for note in notes]
    return made


def _location(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.position
    assert place is not None
    region: dict[str, Any] = {"startLine": place.line, "startColumn": place.col}
    if diagnostic.source_line is not None:
        region["snippet"] = {"text": diagnostic.source_line}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region}}


def _uri(file: str) -> str:
    """A file's name as a URI reference; one that is relative stays so, as the folder may move."""
    path = quote(os.fsencode(file))
    if file.startswith("/"):
        return f"file://{path}"
    return f"./{path}" if ":" in file.partition("/")[0] else path


FORMS: Mapping[str, Callable[[Sequence[Diagnostic], int], str]] = {"json": as_json, "sarif": as_sarif}
