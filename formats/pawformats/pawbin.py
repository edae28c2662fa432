r"""The `.pawbin` archive (formats/pawbin.md): Program <-> bytes, with exactly one valid encoding.

    [#!/usr/bin/env pawrun\n] magic · major · minor · header length · header SHA-256 · header · sections

The header is canonical JSON: {"manifest": …, "sections": [{kind, codec, size, plain_size, sha256}]}.
Sections follow in that order, each aligned to 64 bytes from the magic, zeros between, nothing after.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import zstandard

from . import canonical, head, joint
from .adapter import read_header
from .errors import PawError
from .manifest import minor_version, read_manifest, read_tests, write_manifest, write_tests
from .values import Program

MAGIC = b"\x89PAW\r\n\x1a\n"  # like PNG's: a text-mode copy changes it
#: Version 2 is version 1 with a section `joint`.
MAJORS = (1, 2)
SHEBANG = b"#!/usr/bin/env pawrun\n"
ALIGNMENT = 64
MAX_HEADER = 1 << 20
MAX_TEXT = 16 << 20
MAX_ADAPTER = 256 << 20
MAX_HEAD = 16 << 20
LEVEL = 19

#: Section kinds in file order, with the codec that each always has.
CODECS = {
    "pseudo-program": "zstd",
    "source": "zstd",
    "tests": "zstd",
    "adapter": "stored",
    "head": "stored",
    "joint": "zstd",
}
_LIMITS = {"adapter": MAX_ADAPTER, "head": MAX_HEAD}

_FIXED = struct.Struct("<8sHHI32s")
_SECTION_KEYS = {"kind", "codec", "size", "plain_size", "sha256"}


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
    """What lies where: `shebang` + `header` (the fixed part and the JSON) + sections, each with the
    padding before it, = `size`, the file's. All are bytes."""

    shebang: int
    header: int
    size: int
    version: tuple[int, int]
    manifest: Mapping[str, object]
    sections: tuple[Section, ...]
    program_id: str


class Header(NamedTuple):
    """The length of the shebang, the version, the JSON, and where it ends, counted from the magic."""

    shebang: int
    version: tuple[int, int]
    content: object
    end: int


def dump(program: Program, shebang: bool = False) -> bytes:
    """Bytes of a program: the same value gives the same bytes (no clock, user or path in them).

    Raises PawError for a program that `load` would refuse.
    """
    plain = {"pseudo-program": program.pseudo_program.text.encode()}
    if program.source is not None:
        plain["source"] = program.source.encode()
    if program.tests:
        plain["tests"] = write_tests(program.tests)
    if program.adapter is not None:
        plain["adapter"] = program.adapter
    if program.head is not None:
        plain["head"] = program.head
    if program.joint is not None:
        plain["joint"] = joint.dump(program.joint)
    stored = {kind: _packed(CODECS[kind], data) for kind, data in plain.items()}
    sections = [
        {
            "kind": kind,
            "codec": CODECS[kind],
            "size": len(data),
            "plain_size": len(plain[kind]),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for kind, data in stored.items()
    ]
    header = {"manifest": write_manifest(program), "sections": sections}
    major = 1 if program.joint is None else 2
    body = bytearray(pack_header(header, (major, minor_version(program))))
    for data in stored.values():
        body += bytes(-len(body) % ALIGNMENT) + data
    data = (SHEBANG if shebang else b"") + bytes(body)
    load(data)
    return data


def pack_header(header: object, version: tuple[int, int] = (1, 0)) -> bytes:
    """The fixed part and the JSON."""
    text = canonical.dumps(header).encode()
    return _FIXED.pack(MAGIC, *version, len(text), hashlib.sha256(text).digest()) + text


def unpack_header(data: bytes) -> Header:
    """What stands before the sections, right as far as that can be told without knowing what it is for.

    Raises PawError, one kind per way to be wrong.
    """
    shebang = _shebang(data)
    body = data[shebang:]
    version, end = _fixed_part(body)
    return Header(shebang, version, _json(body[_FIXED.size : end]), end)


def load(data: bytes) -> Program:
    """Read and verify all of an archive. Raises PawError, one kind per way to be wrong."""
    return _open(data)[1]


def describe(data: bytes) -> Layout:
    """Where everything lies. Verifies all of the archive, as `load` does."""
    return _open(data)[0]


def program_id(data: bytes) -> str:
    """SHA-256 (hex) of the bytes after the shebang. Verifies all of the archive, as `load` does."""
    return describe(data).program_id


def _open(data: bytes) -> tuple[Layout, Program]:
    """The one validation: the layout and the program of an archive that is right in every byte."""
    shebang, version, header, header_end = unpack_header(data)
    body = data[shebang:]
    manifest, declared = _declarations(header)
    if version[0] != (2 if "joint" in (section.kind for section in declared) else 1):
        raise PawError("pawbin-version", f"a program of version {version[0]} can't have these sections")
    sections = tuple(_placed(body, shebang, header_end, declared))
    plain = {section.kind: _plain(data, section) for section in sections}
    tests = read_tests(_text(plain["tests"], "tests")) if "tests" in plain else ()
    source = _text(plain["source"], "source") if "source" in plain else None
    text = _text(plain["pseudo-program"], "pseudo-program")
    program = read_manifest(
        manifest, version[1], text, source, tests, plain.get("adapter"), plain.get("head")
    )
    if program.head is not None:
        head.load(program.head, len(program.contract.labels))
    if "joint" in plain:
        if program.head is None or program.adapter is None:
            raise PawError("pawbin-joint", "a program with a joint section needs a label head and an adapter")
        found = joint.load(_text(plain["joint"], "joint"), len(program.contract.labels))
        program = replace(program, joint=found)
    if program.adapter is not None:
        architecture = read_header(program.adapter).architecture
        if architecture != program.base.architecture:
            message = f"the adapter is made for {architecture}, the base is {program.base.architecture}"
            raise PawError("pawbin-adapter-base", message)
    identity = hashlib.sha256(body).hexdigest()
    return Layout(shebang, header_end, len(data), version, manifest, sections, identity), program


def _shebang(data: bytes) -> int:
    if data.startswith(SHEBANG):
        return len(SHEBANG)
    if data.startswith(b"#!"):
        raise PawError("pawbin-shebang", f"the first line is not {SHEBANG.decode().rstrip()}")
    return 0


def _fixed_part(body: bytes) -> tuple[tuple[int, int], int]:
    """Check what stands before the JSON, and its digest; the version and where the JSON ends."""
    if body[: len(MAGIC)] != MAGIC:
        # line ends translated, or the high bit cut off: what the bytes of the magic are there to show
        if body.startswith((MAGIC[:4], bytes([MAGIC[0] & 0x7F]) + MAGIC[1:4])) and len(body) >= len(MAGIC):
            hint = "copy it again, as binary"
            raise PawError("pawbin-text-mode", "the program was damaged by a copy in text mode", hint=hint)
        raise PawError("pawbin-magic", "this is not a program")
    if len(body) < _FIXED.size:
        raise PawError("pawbin-truncated", "the program ends inside its header")
    _, major, minor, length, digest = _FIXED.unpack_from(body)
    if major not in MAJORS:
        message = f"the program has format version {major}.{minor}, this is a reader of 1 and 2"
        raise PawError("pawbin-major", message, hint="compile it again, or install the release that made it")
    if length > MAX_HEADER:
        raise PawError("pawbin-header-size", f"the header claims {length} bytes; {MAX_HEADER} are allowed")
    end = _FIXED.size + length
    if end > len(body):
        raise PawError("pawbin-truncated", "the program ends inside its header")
    if hashlib.sha256(body[_FIXED.size : end]).digest() != digest:
        raise PawError("pawbin-header-digest", "the header does not match its SHA-256")
    return (major, minor), end


def _json(raw: bytes) -> object:
    try:
        header = canonical.loads(raw.decode("utf-8"))
        same = canonical.dumps(header).encode() == raw
    except ValueError as error:  # bad UTF-8 is one too
        raise PawError("pawbin-header-json", f"the header is not JSON: {canonical.reason(error)}") from error
    if not same:
        raise PawError("pawbin-header-canonical", "the header is JSON, but not in its canonical form")
    return header


def _declarations(header: object) -> tuple[dict[str, object], list[Section]]:
    """The manifest, and the sections as declared (their offsets are not known yet: 0)."""
    if isinstance(header, dict) and header.keys() == {"programs"}:
        raise PawError("pawbin-library", "this is a library of programs, and not one of them")
    if not isinstance(header, dict) or header.keys() != {"manifest", "sections"}:
        raise PawError("pawbin-header-keys", "the header has not exactly the keys manifest and sections")
    manifest, entries = header["manifest"], header["sections"]
    if not isinstance(manifest, dict) or not isinstance(entries, list):
        raise PawError("pawbin-header-keys", "the header's manifest is no object, or its sections no array")
    sections = [_declared(entry) for entry in entries]
    kinds = [section.kind for section in sections]
    if kinds != [kind for kind in CODECS if kind in kinds]:
        raise PawError(
            "pawbin-section-order", f"the sections must be in the order {', '.join(CODECS)}, each once"
        )
    if "pseudo-program" not in kinds:
        raise PawError("pawbin-section-missing", "the program has no pseudo-program")
    return manifest, sections


def _declared(entry: object) -> Section:
    if not isinstance(entry, dict) or entry.keys() != _SECTION_KEYS:
        raise PawError(
            "pawbin-section-keys", f"a section has not exactly the keys {', '.join(sorted(_SECTION_KEYS))}"
        )
    kind, codec, size, plain_size, digest = (
        entry[key] for key in ("kind", "codec", "size", "plain_size", "sha256")
    )
    if not isinstance(kind, str) or kind not in CODECS:
        raise PawError("pawbin-section-kind", f"unknown section {kind!r}")
    if codec != CODECS[kind]:
        raise PawError(
            "pawbin-section-codec", f"section {kind} must have the codec {CODECS[kind]}, not {codec!r}"
        )
    limit = _LIMITS.get(kind, MAX_TEXT)
    for number in (size, plain_size):
        if type(number) is not int or not 1 <= number <= limit:
            raise PawError(
                "pawbin-section-size", f"section {kind} has a size that is not 1 to {limit}: {number!r}"
            )
    if codec == "stored" and size != plain_size:
        raise PawError("pawbin-section-size", f"section {kind} is stored, but its two sizes differ")
    if not isinstance(digest, str):
        raise PawError("pawbin-section-keys", f"the SHA-256 of section {kind} is no string")
    return Section(kind, codec, 0, size, plain_size, digest)


def _placed(body: bytes, shebang: int, at: int, declared: list[Section]) -> Iterator[Section]:
    """The sections with their offsets, once padding, digests and the end of the file have been checked."""
    for section in declared:
        begin = at + -at % ALIGNMENT
        end = begin + section.size
        if end > len(body):
            raise PawError("pawbin-truncated", f"the program ends inside section {section.kind}")
        if any(body[at:begin]):
            raise PawError("pawbin-padding", f"the padding before section {section.kind} is not zero")
        if hashlib.sha256(memoryview(body)[begin:end]).hexdigest() != section.sha256:
            raise PawError("pawbin-section-digest", f"section {section.kind} does not match its SHA-256")
        yield Section(**(asdict(section) | {"offset": shebang + begin}))
        at = end
    if at != len(body):
        raise PawError("pawbin-trailing", f"{len(body) - at} bytes follow the last section")


def _packed(codec: str, plain: bytes) -> bytes:
    if codec == "stored":
        return plain
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True, write_checksum=False)
    return compressor.compress(plain)


def _plain(data: bytes, section: Section) -> bytes:
    raw = data[section.offset : section.offset + section.size]
    if section.codec == "stored":
        return raw
    try:
        frame = zstandard.get_frame_parameters(raw)
    except zstandard.ZstdError as error:
        raise PawError("pawbin-zstd", f"section {section.kind} is not a zstd frame") from error
    if frame.content_size != section.plain_size:
        message = f"section {section.kind} does not unpack to the {section.plain_size} bytes that it declares"
        raise PawError("pawbin-plain-size", message)
    if frame.has_checksum or frame.dict_id:
        raise PawError("pawbin-zstd-options", f"section {section.kind} has a zstd checksum or dictionary")
    try:
        # The frame's own content size, which is within bounds by now, is what this allocates.
        return zstandard.ZstdDecompressor().decompress(raw, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise PawError("pawbin-zstd", f"section {section.kind} is not one whole zstd frame") from error


def _text(plain: bytes, kind: str) -> str:
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PawError("pawbin-section-text", f"section {kind} is not UTF-8") from error
