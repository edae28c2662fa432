"""The archive format: the vectors, the layout, and that a program comes back as it was."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
import vectors
from hypothesis import given, settings
from hypothesis import strategies as st
from make_vectors import full_program, small_program
from pawformats import adapter, head, manifest, pawbin, pawlib, rules
from pawformats.errors import PawError
from pawformats.values import Contract, Example, Options, Program
from test_paw import CONTRACTS, LINE

VALID = vectors.names("pawbin/valid", ".pawbin")
INVALID = vectors.names("pawbin/invalid", ".pawbin")


@pytest.mark.parametrize("name", VALID)
def test_valid_vector_is_encoded_again_byte_for_byte(name: str) -> None:
    data = vectors.data("pawbin/valid", f"{name}.pawbin")
    assert pawbin.dump(pawbin.load(data), shebang=data.startswith(b"#!")) == data


@pytest.mark.parametrize("name", INVALID)
def test_invalid_vector_is_refused_as_what_it_is(name: str) -> None:
    data = vectors.data("pawbin/invalid", f"{name}.pawbin")
    for read in (pawbin.load, pawbin.describe, pawbin.program_id):
        with pytest.raises(PawError) as caught:
            read(data)
        assert caught.value.kind == vectors.expected("pawbin/invalid", name)["kind"]
        assert not caught.value.message.endswith(".")


def test_every_kind_has_a_vector() -> None:
    raised = vectors.kinds(pawbin, manifest, adapter, rules, head) - {"pawbin-library"}  # see LIBRARIES
    found = {vectors.expected("pawbin/invalid", name)["kind"] for name in INVALID}
    assert len(raised) > 50
    # what only conversion from or to numbers meets: tests/test_adapter.py
    assert raised - found == {"adapter-quant", "adapter-values"}
    assert found <= raised


LIBRARIES = vectors.names("pawlib/valid", ".pawbin")
NO_LIBRARIES = vectors.names("pawlib/invalid", ".pawbin")


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_is_encoded_again_byte_for_byte(name: str) -> None:
    data = vectors.data("pawlib/valid", f"{name}.pawbin")
    found = pawlib.load(data)
    assert pawlib.is_library(data) and pawlib.dump(found) == data
    assert pawlib.dump(dict(reversed(found.items()))) == data
    assert [pawbin.load(program).name for program in found.values()]
    with pytest.raises(PawError) as caught:
        pawbin.load(data)
    assert caught.value.kind == "pawbin-library"


@pytest.mark.parametrize("name", NO_LIBRARIES)
def test_an_invalid_library_is_refused_as_what_it_is(name: str) -> None:
    with pytest.raises(PawError) as caught:
        pawlib.load(vectors.data("pawlib/invalid", f"{name}.pawbin"))
    assert caught.value.kind == vectors.expected("pawlib/invalid", name)["kind"]
    assert not caught.value.message.endswith(".")


def test_every_kind_of_a_library_has_a_vector() -> None:
    found = {vectors.expected("pawlib/invalid", name)["kind"] for name in NO_LIBRARIES}
    assert vectors.kinds(pawlib) <= found


def test_every_byte_of_a_library_counts() -> None:
    data = vectors.data("pawlib/valid", "two.pawbin")
    for at in {*range(400), *range(400, len(data), 7)} - {10, 11}:
        flipped = bytearray(data)
        flipped[at] ^= 1
        with pytest.raises(PawError):
            pawlib.load(bytes(flipped))
    for size in range(0, len(data), 11):
        with pytest.raises(PawError):
            pawlib.load(data[:size])


@pytest.mark.parametrize("name", VALID)
def test_sizes_add_up_to_the_file(name: str) -> None:
    data = vectors.data("pawbin/valid", f"{name}.pawbin")
    layout = pawbin.describe(data)
    at = layout.shebang + layout.header
    for section in layout.sections:
        assert 0 <= section.offset - at < pawbin.ALIGNMENT
        assert (section.offset - layout.shebang) % pawbin.ALIGNMENT == 0
        assert hashlib.sha256(data[section.offset :][: section.size]).hexdigest() == section.sha256
        at = section.offset + section.size
    assert at == layout.size == len(data)
    program = pawbin.load(data)
    assert layout.version == (1 + (program.joint is not None), int(program.refinement is not None))


def test_what_the_layout_says() -> None:
    layout = pawbin.describe(vectors.data("pawbin/valid", "full.pawbin"))
    assert [section.kind for section in layout.sections] == ["pseudo-program", "source", "tests", "adapter"]
    assert layout.manifest["name"] == "triage"
    assert layout.manifest["compiler"] == "nano-2026-11-25"


def test_the_program_id_ignores_the_shebang() -> None:
    plain, shebang = (vectors.data("pawbin/valid", f"{name}.pawbin") for name in ("full", "full-shebang"))
    assert shebang == b"#!/usr/bin/env pawrun\n" + plain
    assert pawbin.program_id(shebang) == pawbin.program_id(plain) == hashlib.sha256(plain).hexdigest()


def test_metadata_of_a_later_minor_version_is_ignored() -> None:
    data = vectors.data("pawbin/later", "minor-7.pawbin")
    assert pawbin.load(data) == pawbin.load(vectors.data("pawbin/valid", "full.pawbin"))
    assert pawbin.describe(data).version == (1, 7)


def test_every_byte_counts() -> None:
    """No byte of an archive can change without being noticed, bar the minor version's."""
    data = vectors.data("pawbin/valid", "full.pawbin")
    minor = {10, 11}
    for at in [*range(400), *range(400, len(data), 7)]:
        if at in minor:
            continue
        flipped = bytearray(data)
        flipped[at] ^= 1
        with pytest.raises(PawError):
            pawbin.load(bytes(flipped))


def test_no_prefix_of_an_archive_is_one() -> None:
    data = vectors.data("pawbin/valid", "full.pawbin")
    for size in [*range(300), *range(300, len(data), 11)]:
        with pytest.raises(PawError):
            pawbin.load(data[:size])


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": Contract("labels")},
        {"name": ""},
        {"adapter": b"GGUF"},
        {"options": Options(abstain="?")},
        {"prompt": replace(small_program().prompt, before="x" * (1 << 20))},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_could_not_be_loaded_is_not_dumped(changes: dict[str, object]) -> None:
    with pytest.raises(PawError):
        pawbin.dump(small_program(**changes))


ANY_TEXT = st.text(max_size=40)
TESTS = st.lists(st.builds(Example, ANY_TEXT, ANY_TEXT), max_size=3).map(tuple)
OPTIONS = st.builds(Options, overflow=st.sampled_from(["error", "head", "tail", "middle"])) | st.builds(
    lambda least, abstain: Options(min_confidence=least, abstain=abstain),
    st.floats(0, 1, exclude_min=True),
    st.none() | st.just("") | LINE,
)
PROGRAMS = st.builds(
    lambda base, name, version, contract, options, tests, text, toolchain: replace(
        base,
        name=name,
        version=version,
        contract=contract,
        options=options,
        tests=tests,
        pseudo_program=replace(base.pseudo_program, text=text),
        toolchain=toolchain,
    ),
    st.sampled_from([small_program(), full_program()]),
    LINE,
    st.none() | LINE,
    CONTRACTS,
    OPTIONS,
    TESTS,
    st.text(min_size=1),
    ANY_TEXT,
)


@settings(max_examples=100, deadline=None)
@given(PROGRAMS, st.booleans())
def test_what_is_dumped_loads_to_the_same(program: Program, shebang: bool) -> None:
    data = pawbin.dump(program, shebang)
    assert pawbin.load(data) == program
    assert pawbin.dump(pawbin.load(data), shebang) == data
