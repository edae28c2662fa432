"""The archive: round trips, one error kind per damage, and mutated bytes that only PawError may leave."""

from __future__ import annotations

import dataclasses
import random
import time
from pathlib import Path

import programs
import pytest
from pawformats import adapter, pawbin
from pawformats.errors import PawError
from pawformats.values import Contract, Example


def rich(tiny_target: Path):
    made = programs.make(tiny_target)
    return dataclasses.replace(
        made, tests=(Example("a\nb", "ALERT"),), source="Say ALERT or QUIET.\n", version="1.2"
    )


@pytest.mark.parametrize("shebang", [False, True])
def test_round_trip_is_byte_for_byte(tiny_target: Path, shebang: bool) -> None:
    program = rich(tiny_target)
    data = pawbin.dump(program, shebang)
    assert pawbin.load(data) == program
    assert pawbin.dump(pawbin.load(data), shebang) == data
    assert pawbin.program_id(data) == pawbin.program_id(pawbin.dump(program))


@pytest.mark.parametrize("shebang", [False, True])
def test_sizes_add_up_to_the_file(tiny_target: Path, shebang: bool) -> None:
    data = pawbin.dump(rich(tiny_target), shebang)
    layout = pawbin.describe(data)
    end = layout.shebang + layout.header
    for section in layout.sections:
        assert 0 <= section.offset - end < pawbin.ALIGNMENT
        assert (section.offset - layout.shebang) % pawbin.ALIGNMENT == 0
        end = section.offset + section.size
    assert end == layout.size == len(data)
    assert [s.kind for s in layout.sections] == ["pseudo-program", "source", "tests", "adapter"]


def header_end(data: bytes) -> int:
    return pawbin.describe(data).header


DAMAGE = {
    "pawbin-magic": lambda d: d.replace(b"\r\n", b"\n", 1),
    "pawbin-version": lambda d: d[:11] + b"\x09" + d[12:],
    "pawbin-limit": lambda d: d[:15] + b"\xff\xff\xff\xff" + d[19:],
    "pawbin-truncated": lambda d: d[:-1],
    "pawbin-trailing": lambda d: d + b"\0",
    "pawbin-digest": lambda d: d[:-1] + bytes([d[-1] ^ 1]),
    "pawbin-canonical": lambda d: d[:15] + (header_end(d) - 19 + 1).to_bytes(4, "little") + b"{ " + d[20:],
    "pawbin-header": lambda d: d[:19] + b"[" + d[20:],
    "pawbin-padding": lambda d: d[: header_end(d)] + b"\1" + d[header_end(d) + 1 :],
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_damage_has_its_kind(tiny_target: Path, kind: str) -> None:
    program = rich(tiny_target)
    for name in ("tiny", "tinyer", "tiniest"):  # one whose header leaves room for padding
        data = pawbin.dump(dataclasses.replace(program, name=name))
        if header_end(data) % pawbin.ALIGNMENT:
            break
    with pytest.raises(PawError) as caught:
        pawbin.load(DAMAGE[kind](data))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "contract",
    [
        Contract("labels", ()),
        Contract("labels", ("a", "a")),
        Contract("free", ("a",)),
        Contract("regex"),
        Contract("nonsense"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(tiny_target: Path, contract: Contract) -> None:
    data = pawbin.dump(dataclasses.replace(rich(tiny_target), contract=contract))
    with pytest.raises(PawError) as caught:
        pawbin.load(data)
    assert caught.value.kind == "pawbin-contract"


def test_an_adapter_for_another_architecture_is_refused(tiny_target: Path) -> None:
    program = rich(tiny_target)
    other = dataclasses.replace(adapter.from_gguf(program.adapter), architecture="gpt2")
    data = pawbin.dump(dataclasses.replace(program, adapter=adapter.to_gguf(other, "f32")))
    with pytest.raises(PawError) as caught:
        pawbin.load(data)
    assert caught.value.kind == "pawbin-adapter"


@pytest.mark.parametrize("quant", adapter.QUANTS)
def test_adapters_keep_shape_and_value(tiny_target: Path, quant: str) -> None:
    first = adapter.from_gguf(programs.random_adapter())
    again = adapter.from_gguf(adapter.to_gguf(first, quant))
    tolerance = {"f32": 0.0, "f16": 1e-3, "q8_0": 0.01, "q4_0": 0.13}[quant]  # of a row's largest value
    assert again.modules.keys() == first.modules.keys()
    for module, pair in first.modules.items():
        for mine, theirs in zip(pair, again.modules[module], strict=True):
            assert abs(mine - theirs).max() <= tolerance * abs(mine).max()


@pytest.mark.parametrize("reader", ["pawbin", "adapter"])
def test_only_paw_errors_leave_the_readers(tiny_target: Path, reader: str) -> None:
    rng, end = random.Random(5), time.monotonic() + 4
    program = rich(tiny_target)
    data = pawbin.dump(program) if reader == "pawbin" else program.adapter
    load = pawbin.load if reader == "pawbin" else adapter.from_gguf
    refused = 0
    while time.monotonic() < end:
        broken = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            broken[rng.randrange(min(len(broken), 3000))] = rng.randrange(256)
        if rng.random() < 0.3:
            del broken[rng.randrange(len(broken)) :]
        try:
            load(bytes(broken))
        except PawError:
            refused += 1
    assert refused > 20
