"""scripts/build_llama.py: the flags that make a compiler's AMX kernels right."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import build_llama as build

STORES = """
#include <immintrin.h>
void configure() {
    struct { char bytes[64]; } config = {};
    config.bytes[0] = 1;
    config.bytes[16] = 77;
    config.bytes[48] = 55;
    _tile_loadconfig(&config);
}
"""


def compiler(folder: Path, *refused: str) -> list[str]:
    """One that takes any flag but these."""
    path = folder / "compiler"
    tests = "".join(f'case " $* " in *" {flag} "*) exit 1;; esac\n' for flag in refused)
    path.write_text(f"#!/bin/sh\n{tests}exit 0\n")
    path.chmod(0o755)
    return [str(path)]


def test_a_header_comes_first_where_it_can(tmp_path: Path) -> None:
    tiles = build.header(tmp_path / "a place")
    assert tiles.read_text() == build.TILES and build.header(tiles.parent) == tiles
    assert [path.name for path in tiles.parent.iterdir()] == ["tiles.h"]
    takes = compiler(tmp_path)
    assert build.amx_flags(takes, takes, tiles) == {"CXX": ["-include", str(tiles)]}


def test_else_amx_is_left_out(tmp_path: Path) -> None:
    tiles, without = build.header(tmp_path), list(build.NO_AMX)
    plain = compiler(tmp_path, "-include")
    assert build.amx_flags(plain, plain, tiles) == {"C": without, "CXX": without}
    knows_none = compiler(tmp_path, "-include", "-mno-amx-tile")
    assert build.amx_flags(knows_none, knows_none, tiles) == {}


def test_flags_reach_cmake_whole() -> None:
    flags = {"CXX": ["-include", "/a place/tiles.h"]}
    environment = {"CXXFLAGS": "-g", "CMAKE_ARGS": "-DGGML_CUDA=on"}
    parts = shlex.split(build.cmake_args(environment, flags))
    assert parts[1:] == ["-DCMAKE_CXX_FLAGS=-g -include '/a place/tiles.h'", "-DGGML_CUDA=on"]
    assert shlex.split(parts[1])[-2:] == ["-include", "/a place/tiles.h"]
    assert build.cmake_args({}, {}) == "-DLLAVA_BUILD=OFF"


def test_the_tile_configuration_is_written_whole(tmp_path: Path) -> None:
    """GCC 12 without the header keeps the first of these stores and drops the others."""
    gxx = shutil.which("g++")
    flags = ["-O3", "-mamx-tile", "-include", str(build.header(tmp_path))]
    if gxx is None or not build.takes([gxx], flags, "c++"):
        pytest.skip("needs a g++ that knows AMX")
    source = tmp_path / "stores.cpp"
    source.write_text(STORES)
    made = subprocess.run(
        [gxx, *flags, "-S", "-o", "-", str(source)], capture_output=True, check=True, text=True
    )
    assert "ldtilecfg" in made.stdout
    assert "$77" in made.stdout and "$55" in made.stdout
