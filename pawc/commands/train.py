"""`pawc train`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@options.command("train")
@click.argument("recipe", metavar="RECIPE.toml")
@click.option("-o", "--out", metavar="DIR", help="Folder of the run; the recipe names a default.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint of that folder.")
@click.option("-n", "--dry-run", is_flag=True, help="Do a few steps of each stage only.")
@click.option("--data", metavar="DIR", help="Folder of data files, in place of the recipe's; '' for none.")
@click.option(
    "--minutes",
    metavar="M",
    type=click.FloatRange(0, min_open=True),
    help="Stop after so long, to go on later.",
)
@click.option(
    "--release", metavar="ROOT", help="Write base, compiler and target file below ROOT; train no further."
)
@click.option(
    "--bench",
    "benches",
    metavar="FILE.jsonl",
    multiple=True,
    help="With --release: must answer more of this benchmark than the release in use. Repeatable.",
)
@click.option("--plot", metavar="OUT", help="Draw held-out figures over tokens; train no further.")
@options.colour
def command(
    recipe: str,
    out: str | None,
    resume: bool,
    dry_run: bool,
    data: str | None,
    minutes: float | None,
    release: str | None,
    benches: tuple[str, ...],
    plot: str | None,
    color: str,
) -> None:
    """Train an interpreter and its compiler as a recipe says. Needs the extra
    [train], which brings torch. With --release, RECIPE.toml is the recipe of
    a run that has a checkpoint of its last stage."""
    if benches and release is None:
        raise click.UsageError("--bench is for --release")
    with reporting(color):
        from pawformats.extras import need

        need("train", "training needs")
        if release is not None:
            from pawtrainer.release import release_recipe

            click.echo(release_recipe(recipe, out, release, benches, lambda text: click.echo(text, err=True)))
            return
        if plot is not None:
            from pawtrainer.plots import plot_recipe

            plot_recipe(recipe, out, plot)
            return
        from pawtrainer.train import run

        run(recipe, out, resume, dry_run, data, minutes)
