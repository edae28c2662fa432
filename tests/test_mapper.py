"""The numpy mapper against its formula written as one einsum, and against damaged files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tiny
from pawformats.errors import PawError
from pawtrainer.export import write_mapper
from pawtrainer.shape import MODULES

from pawc import mapper


@pytest.fixture
def tensors() -> dict[str, np.ndarray]:
    return dict(tiny.random_mapper(np.random.default_rng(5)))


def write(path: Path, tensors: dict[str, np.ndarray]) -> str:
    write_mapper(path, tiny.SHAPE, tiny.MAPPER, tensors, "F32")
    return str(path)


def test_the_formula(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    states = np.random.default_rng(6).standard_normal((8, tiny.SHAPE.dim)).astype(np.float32)
    made = mapper.apply(mapper.load(write(tmp_path / "m.gguf", tensors)), states)

    double = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    x = double["enter.weight"] @ states.astype(np.float64).mean(0) + double["enter.bias"]
    for block in range(tiny.MAPPER.blocks):
        up = double[f"trunk.{block}.up.weight"] @ x + double[f"trunk.{block}.up.bias"]
        up = up / (1 + np.exp(-up))
        x = x + double[f"trunk.{block}.down.weight"] @ up + double[f"trunk.{block}.down.bias"]
    c = (double["head.weight"] @ x + double["head.bias"]).reshape(
        tiny.SHAPE.layers, len(MODULES), 2, tiny.MAPPER.bases
    )
    assert set(made) == {f"blk.{layer}.{module}" for layer in range(tiny.SHAPE.layers) for module in MODULES}
    for m, module in enumerate(MODULES):
        a = np.einsum("ln,nri->lri", c[:, m, 0], double[f"basis.{module}.a"])
        b = np.einsum("ln,nor->lor", c[:, m, 1], double[f"basis.{module}.b"])
        for layer in range(tiny.SHAPE.layers):
            ours_a, ours_b = made[f"blk.{layer}.{module}"]
            assert ours_a.dtype == ours_b.dtype == np.float32
            np.testing.assert_allclose(ours_a, a[layer], atol=1e-4)
            np.testing.assert_allclose(ours_b, b[layer], atol=1e-4)


def test_states_of_another_width_are_refused(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    made = mapper.load(write(tmp_path / "m.gguf", tensors))
    with pytest.raises(PawError) as caught:
        mapper.apply(made, np.zeros((8, 3), np.float32))
    assert caught.value.kind == "mapper-invalid"


@pytest.mark.parametrize("damage", ["missing", "shape", "nan", "spare"])
def test_a_mapper_with_other_tensors_is_refused(
    tmp_path: Path, tensors: dict[str, np.ndarray], damage: str
) -> None:
    if damage == "missing":
        del tensors["enter.bias"]
    elif damage == "shape":
        tensors["head.weight"] = tensors["head.weight"][:-1]
    elif damage == "nan":
        tensors["enter.weight"] = np.full_like(tensors["enter.weight"], np.nan)
    else:
        tensors["more.weight"] = np.zeros((2, 2), np.float32)
    path = write(tmp_path / "m.gguf", tensors)
    with pytest.raises(PawError) as caught:
        mapper.load(path)
    assert caught.value.kind == "mapper-invalid"


def test_files_that_are_no_mapper(tmp_path: Path, tiny_target: Path) -> None:
    (tmp_path / "text").write_text("no GGUF")
    base = tiny_target.with_name("base.gguf")
    for path, kind in ((tmp_path / "text", "mapper-unreadable"), (base, "mapper-invalid")):
        with pytest.raises(PawError) as caught:
            mapper.load(str(path))
        assert caught.value.kind == kind
