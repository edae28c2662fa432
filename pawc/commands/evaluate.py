"""`pawc eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..cli import reporting
from . import options

if TYPE_CHECKING:
    from pawtrainer.evaluate import Rival
    from pawtrainer.noise import Noise

    from ..driver import Job


def _rivals(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> tuple[Rival, ...]:
    from pawtrainer.evaluate import Rival

    found = []
    for text in texts:
        name, colon, level = text.rpartition(":")
        if not colon or "/" in level:
            name, level = text, "1"
        if level not in ("0", "1"):
            raise click.UsageError(f"the level of {name} is {level!r}, and must be 0 or 1")
        found.append(Rival(name, int(level)))
    return tuple(found)


def _noises(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[Noise, ...]:
    return tuple(one for text in texts if (one := options.read_noise(context, option, text)))


@options.command("eval")
@click.argument("file", metavar="FILE.jsonl")
@options.as_json
@options.compiling
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Only the first N records.")
@click.option(
    "--noise",
    metavar="AXIS[:INTENSITY]",
    callback=options.read_noise,
    help="Compile each spec as a careless author would have written it. AXIS: typos, grammar, ambiguity, "
    "formatting, terse, casual, paraphrase, or all; INTENSITY: light, medium (default) or heavy.",
)
@click.option(
    "--against",
    metavar="TARGET[:LEVEL]",
    multiple=True,
    callback=_rivals,
    help="Beside it, compile for TARGET at -O LEVEL, 0 (which prompts its base) or 1. Repeatable.",
)
@click.option(
    "--under",
    metavar="AXIS[:INTENSITY]",
    multiple=True,
    callback=_noises,
    help="Beside it, count the program with such noise in its specs. Repeatable.",
)
@click.option(
    "--strong",
    is_flag=True,
    help="Count strong baselines, too: TF-IDF with logistic regression, and all-MiniLM-L6-v2. Needs the "
    "extra [eval].",
)
@click.option("--markdown", metavar="OUT", help="Write the tables as Markdown, too.")
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr how each record went.")
@options.colour
def command(
    file: str,
    as_json: bool,
    job: Job,
    base: str | None,
    cached: bool,
    limit: int | None,
    noise: Noise | None,
    against: tuple[Rival, ...],
    under: tuple[Noise, ...],
    strong: bool,
    markdown: str | None,
    verbose: bool,
    color: str,
) -> None:
    """Compile every spec of a benchmark, run its cases, and count exact matches
    beside trivial baselines.

    FILE.jsonl has an object a line: id, family, spec, output_kind, and cases,
    each with input and output. Only the spec is shown to the compiler.
    """
    with reporting(color, verbose) as reporter:
        from pawtrainer import benchmark, evaluate, scoreboard

        from .. import cache, output

        if markdown is not None:
            output.refuse(markdown, (file,), binary=False)
        result = evaluate.evaluate(
            benchmark.load(file, limit),
            job,
            base,
            reporter.tell,
            noise,
            cache.of_user(cached),
            against=against,
            under=under,
            strong=strong,
        )
        if result["failures"]:  # which the figures count as wrong answers
            reporter.status = max(reporter.status, 1)
        if markdown is not None:
            output.write(markdown, scoreboard.markdown(result).encode())
        with output.stdout():
            scoreboard.show(result, as_json)
