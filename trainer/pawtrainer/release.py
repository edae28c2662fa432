"""From a run's last checkpoint to the files of a target: base, compiler LM, mapper and target file."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pawformats.errors import PawError
from safetensors.numpy import load_file

from . import encoder, export, rivals, tokenizer, words
from .train import read_recipe, run_folder, shape_of, shapes

#: How the parts are stored. Q8_0 halves what F16 takes and moved no answer in the first pair.
BASE_KIND, LM_KIND, MAPPER_KIND = "Q8_0", "Q8_0", "Q8_0"


def release(run: Path, root: Path) -> Path:
    """Write `pawrun/bases/NAME.gguf` and `pawc/targets/NAME/` below `root`; returns the target file.

    The snapshot is named after the weights' digest. Raises PawError if the run has no stage-2 checkpoint.
    """
    recipe = read_recipe(run / "recipe.toml")
    if "labels" in recipe:
        return release_labels(run, recipe["name"], root)
    if "rival" in recipe:
        return release_rival(run, recipe, root)
    weights = run / "stage2" / "weights.safetensors"
    if not weights.exists():
        raise PawError("run-unfinished", f"{run} has no checkpoint of stage 2 yet")
    name: str = recipe["name"]
    shape, mapper = shapes(recipe)
    pieces = tokenizer.vocabulary(tokenizer.load(run / "tokenizer.json"))
    tensors, snapshot = load_file(weights), _snapshot(name, weights)
    base, folder = _places(root, name)
    export.write_base(base, shape, pieces, _part(tensors, "base."), BASE_KIND)
    export.write_base(folder / "compiler.gguf", shape, pieces, _part(tensors, "compiler.lm."), LM_KIND)
    export.write_mapper(
        folder / "mapper.gguf", shape, mapper, _part(tensors, "compiler.mapper."), MAPPER_KIND
    )
    export.write_target(folder / "target.toml", name, base, shape, mapper.rank, mapper.alpha)
    export.add_compiler(folder / "target.toml", snapshot)
    return folder / "target.toml"


def release_rival(run: Path, recipe: dict[str, Any], root: Path) -> Path:
    """As `release`, for a rival: a base that can only be prompted. A LoRA is added to its weights."""
    weights = run / "rival" / "weights.safetensors"
    if not weights.exists():
        raise PawError("run-unfinished", f"{run} has no checkpoint of its rival yet")
    shape = shape_of(recipe)
    pieces = tokenizer.vocabulary(tokenizer.load(run / "tokenizer.json"))
    base, folder = _places(root, recipe["name"])
    export.write_base(base, shape, pieces, rivals.merged(load_file(weights), recipe["rival"]), BASE_KIND)
    rank = recipe["rival"].get("rank", 1)
    export.write_target(folder / "target.toml", recipe["name"], base, shape, rank, float(rank))
    return folder / "target.toml"


def release_labels(run: Path, name: str, root: Path) -> Path:
    """As `release`, for an encoder: its base is the compiler's LM, too."""
    weights = run / "labels" / "weights.safetensors"
    if not weights.exists():
        raise PawError("run-unfinished", f"{run} has no checkpoint of its encoder yet")
    tensors, snapshot = load_file(weights), _snapshot(name, weights)
    shape = encoder.EncoderShape()
    vocabulary = words.tokenizer().get_vocab()
    pieces = tuple(sorted(vocabulary, key=vocabulary.__getitem__))
    base, folder = _places(root, name)
    export.write_encoder(base, shape, pieces, _part(tensors, "encoder."), BASE_KIND)
    export.write_reader(folder / "reader.gguf", _part(tensors, "reader."))
    scale, example_weight = math.exp(tensors["log_scale"]), float(tensors["example_weight"])
    export.write_label_target(
        folder / "target.toml",
        name,
        snapshot,
        base,
        shape.context,
        round(scale, 4),
        round(example_weight, 4),
    )
    return folder / "target.toml"


def _places(root: Path, name: str) -> tuple[Path, Path]:
    """The base's file and the target's folder, which is made."""
    base, folder = root / "pawrun" / "bases" / f"{name}.gguf", root / "pawc" / "targets" / name
    base.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    return base, folder


def _part(tensors: export.Tensors, prefix: str) -> dict[str, npt.NDArray[np.float32]]:
    """The tensors of one module, under the names that they have in it."""
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}


def _snapshot(name: str, weights: Path) -> str:
    facts = json.loads(weights.with_name("facts.json").read_text())
    return f"{name}-{export.sha256(weights)[:8]}-{facts['step']}"


def release_recipe(recipe_path: str, out: str | None, root: str) -> str:
    """`pawc train RECIPE --release ROOT`: release the run of a recipe; returns the target file's path."""
    return str(release(run_folder(read_recipe(Path(recipe_path)), out), Path(root)))
