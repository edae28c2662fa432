"""From a run's last checkpoint to the files of a target: base, compiler LM, mapper and target file."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pawformats import adapter, target
from pawformats.errors import PawError
from pawformats.extras import missing
from pawformats.values import Adapter, JointReader, Target
from safetensors.numpy import load_file

from pawc import output, targets
from pawc.driver import Job

from . import (
    benchmark,
    cards,
    encoder,
    evaluate,
    export,
    lora,
    restart,
    rivals,
    teacher,
    tokenizer,
    words,
)
from .recipes import mapper_of, read_recipe, run_folder, shape_of, shapes

#: How the parts are stored. Q8_0 halves what F16 takes and moved no answer in the first pair.
BASE_KIND, LM_KIND, MAPPER_KIND = "Q8_0", "Q8_0", "Q8_0"
#: As in programs, which hold the LoRA for joint reading too.
JOINT_KIND = "q4_0"
#: The bases of a mapper that are layers' own adapters, beside a base that doesn't come with the package.
ADAPTER_KIND = "Q4_0"
#: Rank of the LoRA that a reader's encoder wears once another was added to its weights: with less the reader
#: finds fewer labels than before (LOG.md), and no program holds it.
READER_RANK = 64
#: What of a recipe's table `joint` a target file says too.
_JOINT = ("record", "label", "labels", "weight", "below")
#: What a base and its compiler may take together: they come with the package.
MOST_BYTES = 28_000_000


def release(run: Path, root: Path) -> Path:
    """Write `pawrun/bases/NAME.gguf` and `pawc/targets/NAME/` below `root`; returns the target file.

    The snapshot is named after the weights' digest. Raises PawError if the run has no stage-2 checkpoint.
    """
    recipe = read_recipe(run / "recipe.toml")
    if "labels" in recipe:
        ranked = "rank" in recipe["labels"]
        return release_added(run, recipe, root) if ranked else release_labels(run, recipe["name"], root)
    if "joint" in recipe:
        return release_joint(run, recipe, root)
    if "reading" in recipe:
        return release_reading(run, recipe, root)
    if "adapter" in recipe:
        return release_adapter(run, recipe, root)
    if "rival" in recipe:
        return release_rival(run, recipe, root)
    weights = _checkpoint(run, "stage2", "stage 2")
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
    weights = _checkpoint(run, "rival", "its rival")
    shape = shape_of(recipe)
    pieces = tokenizer.vocabulary(tokenizer.load(run / "tokenizer.json"))
    base, folder = _places(root, recipe["name"])
    export.write_base(base, shape, pieces, rivals.merged(load_file(weights), recipe["rival"]), BASE_KIND)
    rank = recipe["rival"].get("rank", 1)
    export.write_target(folder / "target.toml", recipe["name"], base, shape, rank, float(rank))
    return folder / "target.toml"


def release_adapter(run: Path, recipe: dict[str, Any], root: Path) -> Path:
    """As `release`, for a compiler whose LM is its base, which is somebody else's: target file and mapper."""
    weights, old = _checkpoint(run, "mapper", "its mapper"), restart.target(recipe["start"])
    path, mapper = restart.base(old), mapper_of(recipe)
    _, folder = _places(root, recipe["name"])
    shape = replace(restart.decoder(path).shape, context=old.base.context)
    export.write_mapper(folder / "mapper.gguf", shape, mapper, load_file(weights), ADAPTER_KIND)
    made, spelled = folder / "target.toml", restart.spelled(old)
    export.write_target(made, recipe["name"], path, shape, mapper.rank, mapper.alpha, spelled)
    export.add_compiler(made, _snapshot(recipe["name"], weights), restart.marks(old).tau, spelled)
    return made


def release_labels(run: Path, name: str, root: Path) -> Path:
    """As `release`, for an encoder: its base is the compiler's LM, too."""
    weights = _checkpoint(run, "labels", "its encoder")
    tensors = load_file(weights)
    base, folder = _places(root, name)
    _write_encoder(base, _part(tensors, "encoder."))
    export.write_reader(folder / "reader.gguf", _part(tensors, "reader."))
    return _own_file(tensors, weights, name, base, folder)


def release_added(run: Path, recipe: dict[str, Any], root: Path) -> Path:
    """As `release_labels`, for a LoRA of the encoder: it is added to the weights that the run began with, and
    taken off the LoRAs that the encoder wears when it reads. Reader and joint reading are those of the target
    as it is now, whatever they were when the run began. Each such release approximates both LoRAs once more
    (`lora.taken_off`)."""
    weights = _checkpoint(run, "labels", "its encoder")
    tensors, old = load_file(weights), restart.target(recipe["start"])
    lora.check_encoder(json.loads(weights.with_name("facts.json").read_text()), old)
    base, folder = _places(root, recipe["name"])
    learned = lora.worn_inside(_part(tensors, "encoder."))
    before = {name: value.numpy() for name, value in restart.tensors(restart.base(old)).items()}
    _write_encoder(base, lora.merged(before, learned))
    worn = {name: (a.numpy(), b.numpy()) for name, (a, b) in restart.reader_lora(old).items()}
    left = lora.taken_off(worn, learned, READER_RANK) if worn else None
    read = {name: value.numpy() for name, value in restart.reader(old).items()}
    export.write_reader(folder / "reader.gguf", read, lora=left)
    path = _own_file(tensors, weights, recipe["name"], base, folder)
    if (joint := old.joint) is not None:
        made = adapter.from_gguf(Path(joint.path).read_bytes())
        scale = made.alpha / made.rank
        worn = {name: (a, b * scale) for name, (a, b) in made.modules.items()}
        left = lora.taken_off(worn, learned, made.rank)
        made = replace(made, alpha=float(made.rank), modules=left)
        folder.joinpath("joint.gguf").write_bytes(adapter.to_gguf(made, JOINT_KIND))
        _joint(path, joint)
    return path


def _write_encoder(base: Path, tensors: export.Tensors) -> None:
    vocabulary = words.tokenizer().get_vocab()
    pieces = tuple(sorted(vocabulary, key=vocabulary.__getitem__))
    export.write_encoder(base, encoder.EncoderShape(), pieces, tensors, BASE_KIND)


def _own_file(tensors: export.Tensors, weights: Path, name: str, base: Path, folder: Path) -> Path:
    """The target file beside a reader, with the numbers of a run of the encoder."""
    path, context = folder / "target.toml", encoder.EncoderShape().context
    scale, share = math.exp(tensors["log_scale"]), float(tensors["example_weight"])
    snapshot = _snapshot(name, weights)
    export.write_label_target(path, name, snapshot, base, context, round(scale, 4), round(share, 4))
    return path


def _joint(path: Path, joint: JointReader) -> None:
    export.add_joint(path, {key: getattr(joint, key) for key in _JOINT}, joint.scale)


def release_joint(run: Path, recipe: dict[str, Any], root: Path) -> Path:
    """As `release`, for joint reading: the label target that the run began with, with the run's LoRA."""
    plan, weights = recipe["joint"], _checkpoint(run, "joint", "joint reading")
    tensors, old = load_file(weights), restart.target(recipe["start"])
    base, folder = _on_base(old, weights, recipe["name"], root)
    folder.joinpath("reader.gguf").write_bytes(Path(old.reader_path or "").read_bytes())
    made = Adapter(recipe["name"], "bert", plan["rank"], float(plan["rank"]), lora.modules(tensors))
    folder.joinpath("joint.gguf").write_bytes(adapter.to_gguf(made, JOINT_KIND))
    path = _label_file(old, weights, recipe["name"], base, folder)
    export.add_joint(path, {key: plan[key] for key in _JOINT}, round(math.exp(tensors["log_scale"]), 4))
    return path


def release_reading(run: Path, recipe: dict[str, Any], root: Path) -> Path:
    """As `release`, for the reader: the label target that the run began with, with the run's reader and its
    LoRA."""
    weights = _checkpoint(run, "reading", "its reader")
    tensors, old = load_file(weights), restart.target(recipe["start"])
    base, folder = _on_base(old, weights, recipe["name"], root)
    read = _part(tensors, "reader.")
    export.write_reader(folder / "reader.gguf", read, lora=lora.modules(tensors))
    path = _label_file(old, weights, recipe["name"], base, folder)
    if (joint := old.joint) is not None:
        folder.joinpath("joint.gguf").write_bytes(Path(joint.path).read_bytes())
        _joint(path, joint)
    return path


def _checkpoint(run: Path, stage: str, what: str) -> Path:
    """The weights of a run's last checkpoint."""
    weights = run / stage / "weights.safetensors"
    if not weights.exists():
        raise PawError("run-unfinished", f"{run} has no checkpoint of {what} yet")
    return weights


def _on_base(old: Target, weights: Path, name: str, root: Path) -> tuple[Path, Path]:
    """As `_places`, with the base of the label target that a run began with, whose encoder stands still."""
    lora.check_encoder(json.loads(weights.with_name("facts.json").read_text()), old)
    base, folder = _places(root, name)
    base.write_bytes(restart.base(old).read_bytes())
    return base, folder


def _label_file(old: Target, weights: Path, name: str, base: Path, folder: Path) -> Path:
    """The target file beside a reader, with the numbers of the target before."""
    path, numbers = folder / "target.toml", (old.base.context, old.scale, old.example_weight)
    export.write_label_target(path, name, _snapshot(name, weights), base, *numbers)
    return path


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


def release_recipe(
    recipe_path: str, out: str | None, root: str, benches: Sequence[str], tell: Callable[[str], None]
) -> str:
    """`pawc train RECIPE --release ROOT`: release the run of a recipe; returns the target file's path.

    With benchmarks it must answer more of their cases than the release that is in use. A card is filled in if
    ROOT/trainer/cards has a template of the name. Nothing changes below ROOT unless all of it could be
    made. Raises PawError: `too-large`, `no-better`, and those of `release` and of evaluate.
    """
    recipe = read_recipe(Path(recipe_path))
    run, name = run_folder(recipe, out), recipe["name"]
    with tempfile.TemporaryDirectory(prefix="pawc-") as folder:
        there = Path(folder)
        made = release(run, there)
        files = sorted(there.rglob("*.gguf"))
        size = sum(path.stat().st_size for path in files)
        if size > MOST_BYTES:
            raise PawError("too-large", f"{name} takes {size} bytes, and may take {MOST_BYTES}")
        released = target.load(str(made))
        job = _job(released)
        used = targets.find(name) if name in targets.known() else None
        in_use = used if used and used.compiler else None  # one without a compiler is only where a run begins
        before = {bench: _score(bench, _job(in_use)) for bench in benches if in_use}
        with _in_use(there):
            after = {bench: _score(bench, job) for bench in benches}
        for bench, result in after.items():
            old = f", before {_percent(before[bench])}" if bench in before else ""
            tell(f"{bench}: {_percent(result)} of {result['all']['cases']} cases{old}")
        if before and _right(after) <= _right(before):
            raise PawError("no-better", f"the {name} in use answers as many cases or more, and stays")
        bars = cards.bars(recipe.get("bars", {}), after) if benches else []
        template = Path(root) / "trainer" / "cards" / f"{name}.md"
        if template.exists():
            start = restart.target(recipe["start"]).compiler if "start" in recipe else None
            weights = shape_of(recipe).parameters() if "shape" in recipe else 0
            facts = {
                "SNAPSHOT": released.compiler or "none",
                "DATE": cards.today(),
                "FILES": cards.files(files),
                "RUN": cards.of_run(run, start, weights),
                "BARS": cards.of_bars(bars),
                "SCORES": cards.scores(after),
            }
            cards.write(template, made.with_name("MODEL_CARD.md"), facts)
        for bar in bars:
            tell(cards.spoken(bar))
        return str(_moved(there, Path(root), made))


def _job(released: Target) -> Job:
    """How a benchmark is compiled: as by default if pawc chooses the target by itself, else for it alone."""
    chosen = released.name in (targets.TEXT, targets.LABELS)
    return Job(level=1 if released.compiler else 0, target=None if chosen else released.name)


def _score(bench: str, job: Job) -> dict[str, Any]:
    """A benchmark's figures beside nano's base, prompted, and the baselines."""
    records = benchmark.load(bench)
    strong = not missing("eval") and find_spec(teacher.PACKAGE) is not None
    prompted = evaluate.Rival(targets.TEXT, 0)
    return evaluate.evaluate(records, job, against=(prompted,), strong=strong)


def _right(results: dict[str, dict[str, Any]]) -> float:
    """Cases that are right, over all benchmarks."""
    return float(sum(result["all"]["exact_match"] * result["all"]["cases"] for result in results.values()))


def _percent(result: dict[str, Any]) -> str:
    return f"{100 * result['all']['exact_match']:.1f} %"


@contextmanager
def _in_use(root: Path) -> Iterator[None]:
    """Let pawc and pawrun find what is released below a folder before all else."""
    places = {"PAW_TARGET_PATH": root / "pawc" / "targets", "PAW_BASE_PATH": root / "pawrun" / "bases"}
    before = {name: os.environ.get(name) for name in places}
    for name, place in places.items():
        os.environ[name] = os.pathsep.join(filter(None, (str(place), before[name])))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _moved(made: Path, root: Path, result: Path) -> Path:
    """Put every file of one folder into its place below another, the target file last: it names the rest by
    digest. Returns the new place of `result`."""
    files = sorted((path for path in made.rglob("*") if path.is_file()), key=lambda path: path == result)
    for path in files:
        place = root / path.relative_to(made)
        place.parent.mkdir(parents=True, exist_ok=True)
        output.write(str(place), path.read_bytes())
    return root / result.relative_to(made)
