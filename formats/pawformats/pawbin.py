"""The `.pawbin` archive (formats/pawbin.md): Program <-> bytes, with exactly one valid encoding.

    [#!/usr/bin/env pawrun\\n] magic · major u16 · minor u16 · header length u32 · header · sections

The header is canonical JSON: {"manifest": …, "sections": [{kind, codec, size, plain_size, sha256}]}.
Sections follow in that order, each aligned to 64 bytes from the magic, zeros between, nothing after.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import zstandard

from . import adapter as adapters
from .errors import PawError
from .values import BaseRef, Contract, Example, Options, Program, Prompt, PseudoProgram

MAGIC = b"\x89PAWBIN\r\n\x1a\n"  # like PNG's: a text-mode copy changes it
MAJOR, MINOR = 1, 0
SHEBANG = b"#!/usr/bin/env pawrun\n"
ALIGNMENT = 64
MAX_HEADER = 1 << 20
MAX_TEXT = 16 << 20
MAX_ADAPTER = 256 << 20
LEVEL = 19

#: Section kinds in file order, with the codec that each always has.
KINDS = {"pseudo-program": "zstd", "source": "zstd", "tests": "zstd", "adapter": "stored"}
_FIXED = struct.Struct("<HHI")


@dataclass(frozen=True)
class Section:
    """One section; `offset` is counted from the start of the file, sizes are bytes."""

    kind: str
    codec: str
    offset: int
    size: int
    plain_size: int
    sha256: str


@dataclass(frozen=True)
class Layout:
    """What lies where: shebang + fixed part and header + sections with their padding = the file."""

    shebang: int
    header: int
    size: int
    manifest: Mapping[str, Any]
    sections: tuple[Section, ...]
    program_id: str


def _canonical(value: object) -> bytes:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _padding(at: int) -> int:
    return -at % ALIGNMENT


def _manifest(program: Program) -> dict[str, Any]:
    contract = asdict(program.contract)
    contract["labels"] = list(program.contract.labels)
    return {
        "name": program.name,
        "version": program.version,
        "target": program.target,
        "compiler": program.compiler,
        "toolchain": program.toolchain,
        "spec_digest": program.pseudo_program.spec_digest,
        "base": asdict(program.base),
        "prompt": asdict(program.prompt),
        "contract": contract,
        "options": asdict(program.options),
    }


def dump(program: Program, shebang: bool = False) -> bytes:
    """Bytes of a program: the same value gives the same bytes (no clock, user or path in them)."""
    plain: dict[str, bytes] = {"pseudo-program": program.pseudo_program.text.encode()}
    if program.source is not None:
        plain["source"] = program.source.encode()
    if program.tests:
        plain["tests"] = _canonical([[test.input, test.output] for test in program.tests])
    if program.adapter is not None:
        plain["adapter"] = program.adapter
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True, write_checksum=False)
    stored = {k: compressor.compress(v) if KINDS[k] == "zstd" else v for k, v in plain.items()}
    sections = [
        {
            "kind": kind,
            "codec": KINDS[kind],
            "size": len(data),
            "plain_size": len(plain[kind]),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for kind, data in stored.items()
    ]
    header = _canonical({"manifest": _manifest(program), "sections": sections})
    body = bytearray(MAGIC + _FIXED.pack(MAJOR, MINOR, len(header)) + header)
    for data in stored.values():
        body += bytes(_padding(len(body))) + data
    return (SHEBANG if shebang else b"") + bytes(body)


def describe(data: bytes) -> Layout:
    """Check the structure and every digest; raises PawError, one kind per way to be wrong."""
    start = len(SHEBANG) if data.startswith(SHEBANG) else 0
    body = memoryview(data)[start:]
    fixed = len(MAGIC) + _FIXED.size
    if bytes(body[: len(MAGIC)]) != MAGIC:
        damaged = bytes(body[:7]) == MAGIC[:7]
        hint = "it was copied in text mode; copy it as binary" if damaged else None
        raise PawError("pawbin-magic", "not a .pawbin file", hint=hint)
    if len(body) < fixed:
        raise PawError("pawbin-truncated", "the file ends inside its header")
    major, minor, length = _FIXED.unpack_from(body, len(MAGIC))
    if major != MAJOR:
        raise PawError(
            "pawbin-version", f"format version {major}.{minor} is unknown, this tool reads {MAJOR}.x"
        )
    if length > MAX_HEADER:
        raise PawError("pawbin-limit", f"the header claims {length} bytes, more than {MAX_HEADER}")
    if fixed + length > len(body):
        raise PawError("pawbin-truncated", "the file ends inside its header")
    manifest, entries = _header(bytes(body[fixed : fixed + length]))
    sections, at = [], fixed + length
    for entry in entries:
        begin = at + _padding(at)
        at = begin + entry["size"]
        if at > len(body):
            raise PawError("pawbin-truncated", f"the file ends inside section {entry['kind']}")
        sections.append(Section(entry["kind"], entry["codec"], start + begin, *_sizes(entry)))
    if at != len(body):
        raise PawError("pawbin-trailing", f"{len(body) - at} bytes follow the last section")
    _check_bytes(data, start + fixed + length, sections)
    identity = hashlib.sha256(body).hexdigest()
    return Layout(start, fixed + length, len(data), manifest, tuple(sections), identity)


def _sizes(entry: dict[str, Any]) -> tuple[int, int, str]:
    return entry["size"], entry["plain_size"], entry["sha256"]


def _check_bytes(data: bytes, at: int, sections: list[Section]) -> None:
    for section in sections:
        if any(data[at : section.offset]):
            raise PawError("pawbin-padding", f"the padding before section {section.kind} is not zero")
        at = section.offset + section.size
        if hashlib.sha256(memoryview(data)[section.offset : at]).hexdigest() != section.sha256:
            raise PawError("pawbin-digest", f"section {section.kind} does not match its SHA-256")


def _header(raw: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        header = json.loads(raw.decode("utf-8"))
        same = _canonical(header) == raw
    except (ValueError, RecursionError) as error:  # covers bad UTF-8, bad JSON, NaN, lone surrogates
        raise PawError("pawbin-header", "the header is not JSON") from error
    if not same:
        raise PawError("pawbin-canonical", "the header is not in canonical form")
    if (
        not isinstance(header, dict)
        or set(header) != {"manifest", "sections"}
        or not isinstance(header["manifest"], dict)
    ):
        raise PawError("pawbin-header", "the header has not exactly a manifest and sections")
    entries, kinds = header["sections"], []
    if not isinstance(entries, list):
        raise PawError("pawbin-section", "sections is not a list")
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"kind", "codec", "size", "plain_size", "sha256"}:
            raise PawError(
                "pawbin-section", "a section has not exactly kind, codec, size, plain_size and sha256"
            )
        kind = entry["kind"]
        if not isinstance(kind, str) or kind not in KINDS or entry["codec"] != KINDS[kind]:
            raise PawError("pawbin-section", f"section {kind!r} is unknown or has the wrong codec")
        limit = MAX_ADAPTER if kind == "adapter" else MAX_TEXT
        if any(type(entry[key]) is not int or not 0 <= entry[key] <= limit for key in ("size", "plain_size")):
            raise PawError("pawbin-limit", f"section {kind} has a size outside 0 to {limit}")
        if not isinstance(entry["sha256"], str):
            raise PawError("pawbin-section", f"section {kind} has no digest")
        kinds.append(kind)
    if kinds != [kind for kind in KINDS if kind in kinds] or "pseudo-program" not in kinds:
        raise PawError("pawbin-section", "the sections are doubled, out of order or without a pseudo-program")
    return header["manifest"], entries


def _plain(data: bytes, section: Section) -> bytes:
    raw = data[section.offset : section.offset + section.size]
    if section.codec == "stored":
        if section.size != section.plain_size:
            raise PawError("pawbin-section", f"section {section.kind} is stored but has two sizes")
        return raw
    try:
        if zstandard.frame_content_size(raw) != section.plain_size:
            raise PawError(
                "pawbin-zstd", f"section {section.kind} does not unpack to {section.plain_size} bytes"
            )
        unpacker = zstandard.ZstdDecompressor().decompressobj(read_across_frames=False)
        plain = unpacker.decompress(raw)
    except zstandard.ZstdError as error:
        raise PawError("pawbin-zstd", f"section {section.kind} is not a zstd frame") from error
    if len(plain) != section.plain_size or unpacker.unused_data or not unpacker.eof:
        raise PawError("pawbin-zstd", f"section {section.kind} is not one whole zstd frame")
    return plain


def _text(plain: bytes, kind: str) -> str:
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PawError("pawbin-text", f"section {kind} is not UTF-8") from error


class _Fields:
    """Typed access to one manifest table that must have exactly the given keys."""

    def __init__(self, table: object, where: str, keys: set[str]) -> None:
        if not isinstance(table, dict) or set(table) != keys:
            raise PawError("pawbin-manifest", f"{where} must have exactly the keys {', '.join(sorted(keys))}")
        self.table, self.where = table, where

    def get(self, key: str, *kinds: type) -> Any:
        value = self.table[key]
        if type(value) not in kinds:
            raise PawError("pawbin-manifest", f"{self.where}.{key} has the wrong type")
        return value


_NONE = type(None)


def _contract(table: object) -> Contract:
    fields = _Fields(table, "contract", {"kind", "labels", "json_schema", "regex", "max_tokens"})
    kind, labels = fields.get("kind", str), fields.get("labels", list)
    schema, regex = fields.get("json_schema", str, _NONE), fields.get("regex", str, _NONE)
    named = {"free": (), "labels": (), "json_schema": ("json_schema",), "regex": ("regex",)}
    given = tuple(name for name, value in (("json_schema", schema), ("regex", regex)) if value is not None)
    distinct = all(isinstance(label, str) and label for label in labels) and len(set(labels)) == len(labels)
    if kind not in named or given != named[kind] or bool(labels) != (kind == "labels") or not distinct:
        raise PawError("pawbin-contract", "the contract's kind does not fit what it names")
    limit = fields.get("max_tokens", int)
    if not 0 < limit <= 1 << 20:
        raise PawError("pawbin-contract", "max_tokens is out of range")
    return Contract(kind, tuple(labels), schema, regex, limit)


def _options(table: object) -> Options:
    fields = _Fields(table, "options", {"version", "target", "overflow", "min_confidence", "abstain"})
    overflow, confidence = fields.get("overflow", str), fields.get("min_confidence", float, _NONE)
    if overflow not in ("error", "head", "tail", "middle") or (
        confidence is not None and not 0 < confidence <= 1
    ):
        raise PawError("pawbin-manifest", "options.overflow or options.min_confidence is out of range")
    return Options(
        fields.get("version", str, _NONE),
        fields.get("target", str, _NONE),
        overflow,
        confidence,
        fields.get("abstain", str, _NONE),
    )


def _tests(plain: bytes) -> tuple[Example, ...]:
    try:
        rows = json.loads(_text(plain, "tests"))
        if _canonical(rows) != plain:
            raise ValueError
        tests = tuple(Example(given, answer) for given, answer in rows)
    except (ValueError, TypeError, RecursionError) as error:
        raise PawError("pawbin-tests", "section tests is not a canonical list of pairs") from error
    if not tests or not all(isinstance(t.input, str) and isinstance(t.output, str) for t in tests):
        raise PawError("pawbin-tests", "section tests is not a canonical list of pairs")
    return tests


def load(data: bytes) -> Program:
    """Read and verify all of an archive, the adapter's structure included."""
    layout = describe(data)
    plain = {section.kind: _plain(data, section) for section in layout.sections}
    keys = {
        "name",
        "version",
        "target",
        "compiler",
        "toolchain",
        "spec_digest",
        "base",
        "prompt",
        "contract",
        "options",
    }
    top = _Fields(layout.manifest, "manifest", keys)
    base = _Fields(top.table["base"], "base", {"name", "architecture", "sha256", "size", "context"})
    prompt = _Fields(top.table["prompt"], "prompt", {"before", "after", "suffix"})
    architecture = base.get("architecture", str)
    if "adapter" in plain and adapters.from_gguf(plain["adapter"]).architecture != architecture:
        raise PawError(
            "pawbin-adapter", f"the adapter is not made for the base's architecture {architecture}"
        )
    return Program(
        name=top.get("name", str),
        version=top.get("version", str, _NONE),
        target=top.get("target", str),
        compiler=top.get("compiler", str, _NONE),
        base=BaseRef(
            base.get("name", str),
            architecture,
            base.get("sha256", str),
            base.get("size", int),
            base.get("context", int),
        ),
        prompt=Prompt(prompt.get("before", str), prompt.get("after", str), prompt.get("suffix", str)),
        pseudo_program=PseudoProgram(
            _text(plain["pseudo-program"], "pseudo-program"), top.get("spec_digest", str)
        ),
        contract=_contract(top.table["contract"]),
        options=_options(top.table["options"]),
        adapter=plain.get("adapter"),
        tests=_tests(plain["tests"]) if "tests" in plain else (),
        source=_text(plain["source"], "source") if "source" in plain else None,
        toolchain=top.get("toolchain", str),
    )


def program_id(data: bytes) -> str:
    """SHA-256 of everything after the shebang, in hex; checks the archive first."""
    return describe(data).program_id
