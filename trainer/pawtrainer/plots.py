"""A run as a drawing: exact match on held-out functions over the tokens that each stage has seen."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pawformats.errors import PawError
from pawformats.extras import need

from pawc import output

from .recipes import read_recipe, run_folder

#: What a probe measures, as a log names it and as a drawing does.
LINES = {
    "held_em": "own adapter, or none yet",
    "held_em_bare": "no adapter",
    "held_em_swapped": "another function's adapter",
}
_FORMS = ("png", "svg")

Points = dict[str, dict[str, list[tuple[float, float]]]]


def plot_recipe(recipe_path: str, out: str | None, path: str) -> None:
    """Draw the run of a recipe to `path`, whose suffix says as what. Needs the extra [eval].

    Raises PawError `no-probe` for a run without held-out figures, `plot-form` for another suffix.
    """
    need("eval", "a drawing needs")
    form = os.path.splitext(path)[1].removeprefix(".")
    if form not in _FORMS:
        raise PawError("plot-form", f"{path} must end in .{', .'.join(_FORMS)}")
    recipe = read_recipe(Path(recipe_path))
    log = run_folder(recipe, out) / "log.jsonl"
    try:
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise PawError("no-probe", f"cannot read {log}: {error.strerror}") from error
    found = points(rows, recipe)
    if not found:
        raise PawError("no-probe", f"{log} has no held-out figures yet")
    output.write(path, _drawn(found, recipe["name"], form))


def points(rows: list[dict[str, Any]], recipe: Mapping[str, Any]) -> Points:
    """stage -> line of LINES -> (millions of tokens, %) in order. A run that went on from a checkpoint may
    have logged a step twice; the later one counts. The steps of an encoder differ in length, and are
    thousands of steps instead."""
    made: dict[str, dict[str, dict[int, float]]] = {}
    for row in rows:
        for name in LINES:
            if name in row:
                made.setdefault(row["stage"], {}).setdefault(name, {})[row["step"]] = 100 * row[name]
    return {
        stage: {
            name: [(step * _size(recipe[stage]), share) for step, share in sorted(line.items())]
            for name, line in lines.items()
        }
        for stage, lines in made.items()
    }


def _size(plan: Mapping[str, Any]) -> float:
    """Of a step: millions of tokens, as the checkpoints count them, or thousands of steps."""
    if "rows" not in plan:
        return 1e-3
    wide = plan["length"] + (plan["source_length"] if "drop" in plan else 0)
    return float(plan["rows"] * wide / 1e6)


def _drawn(found: Points, name: str, form: str) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": name}):  # the same run is drawn by the same bytes
        figure = Figure(figsize=(4.5 * len(found), 3.4), layout="constrained")
        every = figure.subplots(1, len(found), squeeze=False)[0]
        for axes, (stage, lines) in zip(every, found.items(), strict=True):
            for line, places in lines.items():
                axes.plot(*zip(*places, strict=True), label=LINES[line])
            unit = "thousand steps" if stage == "labels" else "million tokens"
            axes.set(title=f"{name}, {stage}", xlabel=unit, ylabel="% exact, held-out functions")
            if len(lines) > 1:
                axes.legend(frameon=False, fontsize="small")
        made = io.BytesIO()
        figure.savefig(made, format=form, metadata={"Date": None} if form == "svg" else {})
    return made.getvalue()
