"""A library (formats/pawbin.md §9): several programs in one `.pawbin`, each under its name.

Its header is {"programs": [{name, sha256, size}]}, sorted by name. The programs follow in that order, each a
whole `.pawbin` without a shebang, aligned to 64 bytes, zeros between, nothing after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from . import pawbin
from .errors import PawError
from .text import is_line

#: Bytes of one program at most: beyond all that its sections may have.
MAX_PROGRAM = 512 << 20

_KEYS = {"name", "sha256", "size"}


@dataclass(frozen=True)
class Member:
    """A program of a library: `size` bytes from byte `offset` of the file."""

    name: str
    offset: int
    size: int
    sha256: str


def dump(programs: Mapping[str, bytes]) -> bytes:
    """A library of `.pawbin`s, whose shebangs are dropped. Equal programs give equal bytes.

    Raises PawError for what `load` would refuse, and for a program that pawbin.load would.
    """
    plain = {name: programs[name].removeprefix(pawbin.SHEBANG) for name in sorted(programs)}
    entries = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in plain.items()
    ]
    library = bytearray(pawbin.pack_header({"programs": entries}))
    for data in plain.values():
        pawbin.load(data)
        library += bytes(-len(library) % pawbin.ALIGNMENT) + data
    load(bytes(library))
    return bytes(library)


def is_library(data: bytes) -> bool:
    """Whether the header is a library's. Raises PawError for what is no `.pawbin` at all."""
    content = pawbin.unpack_header(data).content
    return isinstance(content, dict) and "programs" in content


def load(data: bytes) -> dict[str, bytes]:
    """The programs by name. Each has its SHA-256, but only pawbin.load says whether it is right.

    Raises PawError, one kind per way to be wrong.
    """
    return {one.name: data[one.offset : one.offset + one.size] for one in describe(data)}


def describe(data: bytes) -> tuple[Member, ...]:
    """Where the programs lie. Verifies what `load` does."""
    shebang, version, content, end = pawbin.unpack_header(data)
    if version[0] != 1:
        raise PawError("pawbin-version", f"a library of version {version[0]} is unknown")
    if shebang:
        raise PawError("pawbin-library-shebang", "a library can't be run itself, so it has no shebang")
    if not isinstance(content, dict) or content.keys() != {"programs"}:
        raise PawError("pawbin-library-keys", "the header of a library has exactly the key programs")
    entries = content["programs"]
    if not isinstance(entries, list) or not entries:
        raise PawError("pawbin-library-keys", "the programs of a library are no array, or none")
    declared = [_declared(entry) for entry in entries]
    names = [member.name for member in declared]
    if names != sorted(set(names)):
        raise PawError("pawbin-library-order", "the programs must stand by name, each once")
    return tuple(_placed(data, end, declared))


def _declared(entry: object) -> Member:
    if not isinstance(entry, dict) or entry.keys() != _KEYS:
        raise PawError("pawbin-library-keys", "a program has not exactly the keys name, sha256, size")
    name, size, digest = entry["name"], entry["size"], entry["sha256"]
    if not isinstance(name, str) or not is_line(name):
        raise PawError("pawbin-library-name", f"the name of a program is no line of text: {name!r}")
    if type(size) is not int or not 1 <= size <= MAX_PROGRAM:
        raise PawError("pawbin-library-size", f"{name} has a size that is not 1 to {MAX_PROGRAM}: {size!r}")
    if not isinstance(digest, str):
        raise PawError("pawbin-library-keys", f"the SHA-256 of {name} is no string")
    return Member(name, 0, size, digest)


def _placed(data: bytes, at: int, declared: list[Member]) -> Iterator[Member]:
    """The programs with their offsets, once padding, digests and the end of the file have been checked."""
    for member in declared:
        begin = at + -at % pawbin.ALIGNMENT
        end = begin + member.size
        if end > len(data):
            raise PawError("pawbin-library-truncated", f"the library ends inside {member.name}")
        if any(data[at:begin]):
            raise PawError("pawbin-library-padding", f"the padding before {member.name} is not zero")
        body = memoryview(data)[begin:end]
        if not bytes(body[: len(pawbin.MAGIC)]) == pawbin.MAGIC:
            raise PawError("pawbin-library-program", f"{member.name} is no program without a shebang")
        if hashlib.sha256(body).hexdigest() != member.sha256:
            raise PawError("pawbin-library-digest", f"{member.name} does not match its SHA-256")
        yield replace(member, offset=begin)
        at = end
    if at != len(data):
        raise PawError("pawbin-library-trailing", f"{len(data) - at} bytes follow the last program")
