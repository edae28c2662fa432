"""`pawc eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..cli import reporting
from . import options

if TYPE_CHECKING:
    from pawtrainer.noise import Noise

    from ..driver import Job


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
    verbose: bool,
    color: str,
) -> None:
    """Compile every spec of a benchmark, run its cases, and count exact matches
    beside trivial baselines.

    FILE.jsonl has an object a line: id, family, spec, output_kind, and cases,
    each with input and output. Only the spec is shown to the compiler.
    """
    with reporting(color, verbose) as reporter:
        from pawtrainer import evaluate

        from .. import cache, output

        result = evaluate.evaluate(
            evaluate.load(file, limit), job, base, reporter.tell, noise, cache.of_user(cached)
        )
        with output.stdout():
            evaluate.show(result, as_json)
        if result["failures"]:  # which the figures count as wrong answers
            reporter.status = max(reporter.status, 1)
