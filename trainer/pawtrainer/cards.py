"""Model cards: prose by hand (trainer/cards/NAME.md), facts and figures from the run and its benchmarks.

In a template `@SNAPSHOT@`, `@DATE@`, `@FILES@`, `@RUN@`, `@BARS@` and `@SCORES@` stand for what a release
knows.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pawformats.errors import PawError

from . import scoreboard

Bar = tuple[str, float, float]

_PLACE = re.compile(r"@([A-Z]+)@")


def write(template: Path, path: Path, facts: Mapping[str, str]) -> None:
    """Fill in a template. Raises PawError `card-template` for a place that nothing is known about."""
    text = template.read_text(encoding="utf-8")
    unknown = sorted({name for name in _PLACE.findall(text) if name not in facts})
    if unknown:
        hint = f"known are {', '.join(facts)}"
        raise PawError("card-template", f"{template} has @{unknown[0]}@, which is unknown", hint=hint)
    path.write_text(_PLACE.sub(lambda found: facts[found[1]], text), encoding="utf-8")


def today() -> str:
    return datetime.date.today().isoformat()


def files(paths: Sequence[Path]) -> str:
    """The files with their sizes, and the sum of these."""
    sizes = [path.stat().st_size for path in paths]
    named = [f"`{path.name}` ({_megabytes(size)})" for path, size in zip(paths, sizes, strict=True)]
    return f"{', '.join(named)}: {_megabytes(sum(sizes))}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def of_run(run: Path, start: str | None, parameters: int) -> str:
    """What the stages of a run did: steps, tokens, FLOPs (6 a weight and token, if known), and
    the last probe."""
    parts = [f"From the snapshot `{start}`:" if start else "From nothing:"]
    for stage in ("stage1", "stage2", "labels", "joint", "reading", "adapter", "mapper"):
        place = run / stage / "facts.json"
        if place.exists():
            facts = json.loads(place.read_text())
            tokens = f"{facts['tokens'] / 1e6:.1f} M tokens"
            if parameters:
                flops = f"{6 * parameters * facts['tokens']:.1e}".replace("e+", " x 10^").replace("^0", "^")
                tokens += f", {flops} FLOPs"
            parts.append(f"{stage}, {facts['step']:,} steps, {tokens}{_last_probe(run, stage)};")
    return " ".join(parts).rstrip(";") + "."


def _last_probe(run: Path, stage: str) -> str:
    """The held-out figures that the log ends with."""
    found: dict[str, Any] = {}
    for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["stage"] == stage and ("held_em" in row or "held_read" in row):
            found = row
    if not found:
        return ""
    if "held_em" not in found:
        read, noisy = (100 * found[name] for name in ("held_read", "held_read_noisy"))
        return f", {read:.1f} % of held-out specs read rightly, {noisy:.1f} if carelessly worded"
    shares = [f"{100 * found['held_em']:.1f} % of held-out answers"]
    if "held_em_both" in found:
        shares.append(f"{100 * found['held_em_both']:.1f} with the label head")
    if "held_em_bare" in found:
        bare, swapped = (100 * found[name] for name in ("held_em_bare", "held_em_swapped"))
        shares.append(f"{bare:.1f} without an adapter, {swapped:.1f} with that of another function")
    loss = f", held loss {found['held_loss']:.3f}" if "held_loss" in found else ""
    return f"{loss}, {', '.join(shares)}"


def scores(results: Mapping[str, dict[str, Any]]) -> str:
    """The tables of each benchmark below its name."""
    return "\n\n".join(
        f"### `{name}`\n\n{scoreboard.markdown(result).rstrip()}" for name, result in results.items()
    )


def bars(wanted: Mapping[str, float], results: Mapping[str, dict[str, Any]]) -> list[Bar]:
    """Of each bar that a recipe names, a family, an output kind, a benchmark's stem or `all`: the least share
    wanted and the share reached. `all` and groups are of the first benchmark that has them.

    Raises PawError `recipe-value` for a bar that no benchmark measures.
    """
    reached: dict[str, float] = {}
    for name, result in results.items():
        groups = {
            Path(name).parent.name: result["all"],
            "all": result["all"],
            **result["output_kinds"],
            **result["families"],
        }
        for group, figures in groups.items():
            reached.setdefault(group, figures["exact_match"])
    for name in wanted:
        if name not in reached:
            raise PawError("recipe-value", f"the bar {name!r} is measured by no benchmark here")
    return [(name, least, reached[name]) for name, least in wanted.items()]


def spoken(bar: Bar) -> str:
    """A bar, what was reached, and whether that is enough."""
    name, least, share = bar
    verdict = "reached" if share >= least else "missed"
    return f"{name}: at least {100 * least:.1f} %, and has {100 * share:.1f}: {verdict}"


def of_bars(found: Sequence[Bar]) -> str:
    """A line a bar."""
    return "\n".join(f"- {spoken(bar)}" for bar in found) or "None."
