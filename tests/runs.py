"""Training runs as a user begins them: `pawc train` with a recipe of the repository, shortened."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

RECIPES = Path(__file__).parents[1] / "trainer" / "recipes"


def shortened(
    folder: Path, name: str, lines: Mapping[str, str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Write r.toml, a recipe without its bars and with other lines for some; returns what runs it with
    options, without other people's data."""
    recipe = (RECIPES / name).read_text().partition("[bars]")[0]
    for old, new in lines.items():
        assert recipe.count(old) == 1
        recipe = recipe.replace(old, new)
    (folder / "r.toml").write_text(recipe)
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def train(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pawc", "train", str(folder / "r.toml"), "--data", "", *options]
        return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)

    return train
