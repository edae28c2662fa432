"""LoRA GGUF files: what goes in comes out, within what the type can hold, as the gguf package sees it too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from make_vectors import small_adapter
from pawformats import adapter
from pawformats.errors import PawError
from pawformats.values import Adapter

Array = npt.NDArray[np.float32]

#: Largest error in units of a block's largest value: half a step of 1/127, a whole one of 1/8 at its end,
#: and the scale is a float16.
TOLERANCE = {"f32": 0.0, "f16": 2**-11, "q8_0": 0.5 / 127 + 2**-11, "q4_0": 1 / 8 + 2**-11}


def blocks(matrix: Array) -> Array:
    """A row for every 32 values, or for every value where no block is formed."""
    return matrix.reshape(-1, 32) if matrix.shape[1] % 32 == 0 else matrix.reshape(-1, 1)


@pytest.mark.parametrize("quant", adapter.QUANTS)
def test_values_come_back_within_the_type(quant: str) -> None:
    first = small_adapter()
    again = adapter.from_gguf(adapter.to_gguf(first, quant))
    assert (again.target, again.architecture, again.rank, again.alpha) == ("nano", "qwen3", 32, 32.0)
    assert list(again.modules) == list(first.modules)
    for name, pair in first.modules.items():
        for mine, theirs in zip(pair, again.modules[name], strict=True):
            assert theirs.dtype == np.float32 and theirs.shape == mine.shape
            largest = np.abs(blocks(mine)).max(axis=1)
            assert (
                np.abs(blocks(mine) - blocks(theirs)).max(axis=1) <= TOLERANCE[quant] * largest + 1e-7
            ).all()


@pytest.mark.parametrize("quant", adapter.QUANTS)
def test_the_same_adapter_gives_the_same_bytes(quant: str) -> None:
    first = small_adapter()
    other = Adapter(
        first.target, first.architecture, first.rank, first.alpha, dict(reversed(first.modules.items()))
    )
    assert adapter.to_gguf(first, quant) == adapter.to_gguf(other, quant)
    again = adapter.from_gguf(adapter.to_gguf(first, quant))
    if quant in ("f32", "f16"):
        assert adapter.to_gguf(again, quant) == adapter.to_gguf(first, quant)


@pytest.mark.parametrize("quant", adapter.QUANTS)
def test_the_gguf_package_reads_the_same(tmp_path: Path, quant: str) -> None:
    data = adapter.to_gguf(small_adapter(), quant)
    (tmp_path / "a.gguf").write_bytes(data)
    reader = gguf.GGUFReader(tmp_path / "a.gguf")
    mine = adapter.from_gguf(data)
    for key, value in {
        "general.type": "adapter",
        "adapter.type": "lora",
        "general.architecture": "qwen3",
        "adapter.lora.alpha": 32.0,
    }.items():
        assert reader.fields[key].contents() == value
    tensors: Mapping[str, Array] = {
        tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors
    }
    assert len(tensors) == 2 * len(mine.modules)
    for name, (a, b) in mine.modules.items():
        assert (tensors[f"{name}.weight.lora_a"] == a).all()
        assert (tensors[f"{name}.weight.lora_b"] == b).all()


def test_the_header_is_read_without_the_values() -> None:
    header = adapter.read_header(adapter.to_gguf(small_adapter(), "q4_0"))
    assert (header.name, header.architecture, header.rank, header.alpha) == ("nano", "qwen3", 32, 32.0)
    a, b = header.tensors["blk.0.attn_q"]
    assert (a.rows, a.columns, a.quant, a.size) == (32, 32, "q4_0", 32 * 18)
    assert (b.rows, b.columns, b.quant, b.size) == (8, 32, "q4_0", 8 * 18)


@pytest.mark.parametrize("quant", ["q8_0", "q4_0"])
def test_blocks_need_a_rank_that_32_divides(quant: str) -> None:
    with pytest.raises(PawError) as caught:
        adapter.to_gguf(small_adapter(rank=16), quant)
    assert (caught.value.kind, caught.value.hint) == ("adapter-quant", "use f16")
    assert adapter.from_gguf(adapter.to_gguf(small_adapter(rank=16), "f16")).rank == 16


@pytest.mark.parametrize(
    ("quant", "value"), [("f32", np.nan), ("f16", 1e6), ("q8_0", np.inf), ("q4_0", np.nan)]
)
def test_values_that_a_type_cannot_hold_are_refused(quant: str, value: float) -> None:
    bad = small_adapter()
    bad.modules["blk.1.attn_q"][1][3, 5] = value
    with pytest.raises(PawError) as caught:
        adapter.to_gguf(bad, quant)
    assert caught.value.kind == "adapter-values"


def test_values_that_are_not_finite_are_not_read() -> None:
    data = bytearray(adapter.to_gguf(small_adapter(), "f32"))
    data[-4:] = np.array(np.inf, "<f4").tobytes()
    with pytest.raises(PawError) as caught:
        adapter.from_gguf(bytes(data))
    assert caught.value.kind == "adapter-values"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"alpha": 0.0}, "adapter-alpha"),
        ({"alpha": 1e300}, "adapter-alpha"),
        ({"architecture": ""}, "adapter-architecture"),
        ({"rank": 64}, "adapter-rank"),
        ({"modules": {}}, "adapter-count"),
    ],
)
def test_an_impossible_adapter_is_not_written(changes: dict[str, object], kind: str) -> None:
    fields = {
        name: getattr(small_adapter(), name)
        for name in ("target", "architecture", "rank", "alpha", "modules")
    }
    with pytest.raises(PawError) as caught:
        adapter.to_gguf(Adapter(**(fields | changes)), "f32")
    assert caught.value.kind == kind


SIDES = st.integers(1, 5)
FLOATS = st.floats(-1e4, 1e4, width=32)


@settings(max_examples=100, deadline=None)
@given(
    st.data(),
    st.integers(1, 4),
    st.dictionaries(st.text(min_size=1, max_size=6), st.tuples(SIDES, SIDES), min_size=1, max_size=3),
)
def test_float32_comes_back_exactly(
    data: st.DataObject, rank: int, sides: dict[str, tuple[int, int]]
) -> None:
    modules = {
        name: (
            data.draw(hnp.arrays(np.float32, (rank, size_in), elements=FLOATS)),
            data.draw(hnp.arrays(np.float32, (size_out, rank), elements=FLOATS)),
        )
        for name, (size_in, size_out) in sides.items()
    }
    again = adapter.from_gguf(adapter.to_gguf(Adapter("é", "gpt2", rank, 0.5, modules), "f32"))
    assert (again.target, again.architecture, again.rank, again.alpha) == ("é", "gpt2", rank, 0.5)
    assert again.modules.keys() == modules.keys()
    for name, pair in modules.items():
        assert all(
            np.array_equal(mine, theirs) for mine, theirs in zip(pair, again.modules[name], strict=True)
        )


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float32, (2, 64), elements=FLOATS), st.sampled_from(["f16", "q8_0", "q4_0"]))
def test_rounding_is_bounded_for_any_values(matrix: Array, quant: str) -> None:
    pair = (np.resize(matrix, (32, 64)), np.resize(matrix, (4, 32)))
    again = adapter.from_gguf(adapter.to_gguf(Adapter("t", "qwen3", 32, 1.0, {"m": pair}), quant))
    for mine, theirs in zip(pair, again.modules["m"], strict=True):
        largest = np.abs(blocks(mine)).max(axis=1)
        # Scales are float16: below its normal numbers they lose bits.
        allowed = TOLERANCE[quant] * largest * 1.002 + 8 * 2.0**-24
        if quant != "f16":
            allowed = allowed + 127 * 2.0**-24
        assert (np.abs(blocks(mine) - blocks(theirs)).max(axis=1) <= allowed).all()
