"""Whatever bytes the parsers get, they return or raise PawError, and what they return is written the same.

Each target runs for PAW_FUZZ_SECONDS (5 by default) from PAW_FUZZ_SEED; 0 draws a new seed
(`make fuzz`). The suite keeps to one seed, so that it fails for what was changed and not by lot.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import vectors
from make_vectors import small_adapter
from pawformats import adapter, paw, pawbin, pawlib, target
from pawformats.errors import PawError
from test_target import GOOD

SECONDS = float(os.environ.get("PAW_FUZZ_SECONDS", "5"))
SEED = int(os.environ.get("PAW_FUZZ_SEED", "1")) or random.SystemRandom().randrange(1, 1 << 32)

#: Numbers at which sizes and counts go wrong.
EDGES = [
    0,
    1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0xFFFFFFFF,
    1 << 62,
    (1 << 63) - 1,
    (1 << 64) - 1,
]
TOKENS = [
    *(
        b"+++",
        b"+++\n",
        b"\n+++ tests\n",
        b"Input: ",
        b"\nInput: ",
        b"\nOutput: ",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff",
    ),
    *(b"\\", b"[output]", b"=", b"{", b"}", b"[", b"]", b'"', b"'", b"'''", b'"""', b" ", b"\n", b"9" * 50),
    *b"labels name examples json_schema max_tokens nan 1e999 null true :,{} \\u0000 \\ud800 GGUF".split(),
]


def mutated(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """The data with one to six small changes, more often near its start, where headers are."""
    broken = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(min(len(broken), rng.choice([64, 1024, 1 << 20])) + 1)
        change = rng.randrange(8)
        if change == 0 and at < len(broken):
            broken[at] ^= 1 << rng.randrange(8)
        elif change == 1:
            broken[at:at] = rng.choice(TOKENS)
        elif change == 2:
            del broken[at : at + rng.randint(1, 40)]
        elif change == 3:
            del broken[at:]
        elif change == 4:
            broken[at : at + 8] = struct.pack("<Q", rng.choice(EDGES))[: rng.choice([1, 2, 4, 8])]
        elif change == 5:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            broken[at:at] = other[start : start + rng.randint(0, 60)]
        elif change == 6:
            broken[at:at] = broken[at : at + rng.randint(1, 60)]
        else:
            broken[at : at + 4] = rng.randbytes(rng.randint(0, 6))
    return bytes(broken)


def fuzz(seeds: list[bytes], check: Callable[[bytes], None]) -> None:
    """Feed `check` with mutated seeds and noise until the time is up; it may raise PawError only."""
    rng, end = random.Random(SEED), time.monotonic() + SECONDS
    runs = refused = 0
    while time.monotonic() < end:
        noise = rng.random() < 0.05
        data = rng.randbytes(rng.randrange(200)) if noise else mutated(rng, rng.choice(seeds), seeds)
        runs += 1
        began = time.monotonic()
        try:
            check(data)
        except PawError as error:
            refused += 1
            assert error.message and "\n" not in error.message and not error.message.endswith("."), error
        except Exception as error:
            shown = data if len(data) < 4000 else data[:4000] + b"..."
            raise AssertionError(
                f"PAW_FUZZ_SEED={SEED} run {runs}: {type(error).__name__} for {shown!r}"
            ) from error
        assert time.monotonic() - began < 5, f"PAW_FUZZ_SEED={SEED} run {runs} took too long"
    assert 0 < refused <= runs


def all_vectors(kind: str, suffix: str) -> list[bytes]:
    paths = sorted((vectors.VECTORS / kind).glob(f"*valid/*{suffix}"))
    return [path.read_bytes() for path in paths if path.stat().st_size < 20_000]


def test_paw() -> None:
    def check(data: bytes) -> None:
        spec = paw.parse(data, "fuzz.paw", vectors.include)
        normal = paw.dump(spec)
        again = paw.parse(normal.encode(), "normal.paw")
        assert again == spec and paw.dump(again) == normal

    fuzz(all_vectors("paw", ".paw"), check)


@pytest.mark.parametrize("suffix", ["tsv", "jsonl"])
def test_included_examples(suffix: str) -> None:
    source = f'+++\nexamples = "x.{suffix}"\n+++\nSay.\n'.encode()

    def check(data: bytes) -> None:
        spec = paw.parse(source, "fuzz.paw", lambda path: data)
        assert paw.parse(paw.dump(spec).encode(), "normal.paw") == spec

    fuzz(
        [path.read_bytes() for path in sorted((vectors.VECTORS / "paw/includes").glob(f"*.{suffix}"))], check
    )


def test_pawbin() -> None:
    def check(data: bytes) -> None:
        program = pawbin.load(data)
        assert pawbin.load(pawbin.dump(program)) == program

    fuzz(all_vectors("pawbin", ".pawbin"), check)


def test_pawlib() -> None:
    def check(data: bytes) -> None:
        programs = pawlib.load(data)
        for program in programs.values():
            pawbin.load(program)
        assert pawlib.load(pawlib.dump(programs)) == programs

    fuzz(all_vectors("pawlib", ".pawbin"), check)


def test_pawbin_behind_its_digests() -> None:
    """Changes inside header and sections with digests and lengths made right again, as an attacker would."""
    fixed = struct.Struct("<8sHHI32s")
    text = [
        data for data in all_vectors("pawbin", ".pawbin") if data.startswith(pawbin.MAGIC) and len(data) > 600
    ]
    headers = []
    for data in text:
        length = int.from_bytes(data[12:16], "little")
        if fixed.size + length <= len(data):
            headers.append((data[48 : 48 + length], data[48 + length + -(48 + length) % 64 :]))

    def check(data: bytes) -> None:
        sections = headers[len(data) % len(headers)][1]
        body = fixed.pack(pawbin.MAGIC, 1, 0, len(data), hashlib.sha256(data).digest()) + data
        program = pawbin.load(body + bytes(-len(body) % 64) + sections)
        assert pawbin.load(pawbin.dump(program)) == program

    fuzz([header for header, _ in headers], check)


def test_adapter() -> None:
    def check(data: bytes) -> None:
        found = adapter.from_gguf(data)
        again = adapter.from_gguf(adapter.to_gguf(found, "f32"))
        assert again.modules.keys() == found.modules.keys()

    fuzz([adapter.to_gguf(small_adapter(), quant) for quant in adapter.QUANTS], check)


def test_target(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        target.load(str(path))

    fuzz([GOOD.encode()], check)
