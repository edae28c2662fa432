"""An adapter merged into its base: the weights are sums, the answers the same, and what can't be is said."""

from __future__ import annotations

import os
import pipes
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import programs
import pytest
import tiny
from pawformats import adapter
from pawformats.errors import PawError
from pawformats.values import Contract, FloatArray
from pawllama import merging
from pawllama.runs import Run

from pawrun.engine import DecoderSession

LINES = [f"step {number} {'loss=nan' if number % 3 else 'ok'}" for number in range(40)]


@pytest.fixture
def base(tiny_target: Path) -> Path:
    return tiny_target.with_name("base.gguf")


def run(base: Path, program: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    records = "".join(f"{line}\n" for line in LINES)
    return pipes.run(dict(os.environ), "--no-memo", "--base", base, *options, program, stdin=records)


def test_the_weights_are_sums_and_all_else_is_as_it_was(base: Path, tmp_path: Path) -> None:
    made = tmp_path / "merged.gguf"
    made.write_bytes(merging.merged(base, programs.random_adapter()))
    worn = adapter.from_gguf(programs.random_adapter())
    before, after = gguf.GGUFReader(base), gguf.GGUFReader(made)
    assert list(after.fields)[3:] == list(before.fields)[3:]  # the first three count and lead
    assert [tensor.name for tensor in after.tensors] == [tensor.name for tensor in before.tensors]
    seen = set()
    for old, new in zip(before.tensors, after.tensors, strict=True):
        module = old.name.removesuffix(".weight")
        if module not in worn.modules:
            assert (old.tensor_type, old.data.tobytes()) == (new.tensor_type, new.data.tobytes())
            continue
        seen.add(module)
        a, b = worn.modules[module]
        expected = gguf.quants.dequantize(old.data, old.tensor_type) + worn.alpha / worn.rank * (b @ a)
        assert new.tensor_type == gguf.GGMLQuantizationType.F32
        np.testing.assert_allclose(new.data, expected, rtol=1e-5, atol=1e-5)
    assert seen == set(worn.modules)


@pytest.mark.parametrize("contract", [programs.LABELS, programs.FREE])
def test_answers_are_those_with_the_adapter_beside(tmp_path: Path, contract: Contract) -> None:
    exact = tiny.build(tmp_path, "F32")  # where nothing else than the order of sums differs
    base = exact.with_name("base.gguf")
    program = programs.write(tmp_path / "p.pawbin", programs.make(exact, contract))
    plain, merged = run(base, program, "-v"), run(base, program, "-v", "--merge")
    assert (plain.returncode, merged.returncode) == (0, 0)
    assert b"adapter is: beside the base" in plain.stderr
    assert b"adapter is: merged into the base" in merged.stderr
    pairs = list(zip(plain.stdout.split(b"\n"), merged.stdout.split(b"\n"), strict=True))
    assert len(pairs) == len(LINES) + 1 and len({answer for answer, _ in pairs}) > 1
    # One may differ: random weights make close calls.
    assert sum(a != b for a, b in pairs) <= 1
    again = run(base, program, "-v", "--merge")
    assert b"from the cache" in again.stderr and again.stdout == merged.stdout


def test_what_has_no_adapter_is_not_merged(tiny_target: Path, base: Path, tmp_path: Path) -> None:
    program = programs.write(tmp_path / "p.pawbin", programs.make(tiny_target, adapted=False))
    done = run(base, program, "--merge")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "pawrun: error: the program has no adapter to merge",
        "pawrun: hint: leave --merge out",
    ]


def test_a_server_merges_nothing(base: Path, tmp_path: Path) -> None:
    for place in ("--serve", "--via"):
        done = run(base, tmp_path / "p.pawbin", place, str(tmp_path / "s"), "--merge")
        assert done.returncode == 2 and f"{place} and --merge exclude each other" in done.stderr.decode()


def test_a_large_base_or_one_that_lacks_a_map_is_refused(base: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.gguf"
    large.touch()
    os.truncate(large, merging.LARGEST + 1)
    with pytest.raises(PawError, match="gains nothing with large"):
        merging.merged(large, programs.random_adapter())
    worn = adapter.from_gguf(programs.random_adapter())
    modules = {f"blk.9.{name.rpartition('.')[2]}": pair for name, pair in worn.modules.items()}
    odd = adapter.to_gguf(replace(worn, modules=modules), "f32")
    with pytest.raises(PawError, match="for the adapter to change"):
        merging.merged(base, odd)


def test_in_the_types_of_the_base(base: Path, tmp_path: Path) -> None:
    made = tmp_path / "merged.gguf"
    made.write_bytes(merging.merged(base, programs.random_adapter(), own_types=True))
    worn = adapter.from_gguf(programs.random_adapter())
    seen = set()
    for old, new in zip(gguf.GGUFReader(base).tensors, gguf.GGUFReader(made).tensors, strict=True):
        module = old.name.removesuffix(".weight")
        assert (old.name, old.tensor_type) == (new.name, new.tensor_type)
        if module in worn.modules:
            seen.add((module, old.tensor_type))
            a, b = worn.modules[module]
            exact = gguf.quants.dequantize(old.data, old.tensor_type) + worn.alpha / worn.rank * (b @ a)
            np.testing.assert_allclose(
                gguf.quants.dequantize(new.data, new.tensor_type), exact, atol=np.abs(exact).max() / 200
            )
    assert {kind for _, kind in seen} == {gguf.GGMLQuantizationType.Q8_0}


def test_many_tokens_of_labels_go_through_flash_attention(base: Path, tiny_target: Path) -> None:
    """Where what the records begin with alike counts once."""
    wide = []
    with DecoderSession(programs.make(tiny_target), base, batch=8, merge=True, cached=False) as session:
        assert session._wide is not None and session._wide.flash_attention
        evaluate = session._wide.evaluate

        def noted(runs: Sequence[Run]) -> list[FloatArray]:
            wide.extend([len(runs)] if runs else [])
            return evaluate(runs)

        session._wide.evaluate = noted  # type: ignore[method-assign]
        session.answer([f"{number} is another line" for number in range(8)])
        assert wide == [8]
        session.answer(["the lines are the same"] * 8)
        session.answer(["a", "b"])
    assert wide == [8]
