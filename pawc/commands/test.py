"""`pawc test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..cli import reporting
from . import options

if TYPE_CHECKING:
    from pawtrainer.noise import Noise

    from ..driver import Job


@options.command("test")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--min-pass",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    default=1.0,
    help="Share of each file's tests that must pass, 1 by default.",
)
@click.option("--junit", metavar="OUT", help="Write a JUnit report, too.")
@options.as_json
@click.option(
    "--variance",
    metavar="N",
    type=click.IntRange(1),
    help="Compile each source again in N other wordings, and tell how far the share swings.",
)
@click.option(
    "--noise",
    metavar="AXIS[:INTENSITY]",
    default="paraphrase",
    show_default=True,
    callback=options.read_noise,
    help="How the wordings of --variance differ, as in pawc eval.",
)
@options.compiling
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is done.")
@options.colour
def command(
    files: tuple[str, ...],
    min_pass: float,
    junit: str | None,
    as_json: bool,
    variance: int | None,
    noise: Noise,
    job: Job,
    base: str | None,
    cached: bool,
    verbose: bool,
    color: str,
) -> None:
    """Run the tests that a source or program carries, and compare exactly.

    Each FILE is a source, compiled first as pawc does, or a .pawbin.

    Exit status: 0 if enough tests of each file passed; 1 if a source has
    errors; 2 if a file could not be tested; 3 if too many tests failed.
    """
    with reporting(color, verbose) as reporter:
        import json
        import sys

        from .. import cache, output, reports, suites
        from ..diagnostics import TEST_FAILED, wants_colour

        seeds = range(1, (variance or 0) + 1)
        tested = list(suites.run(files, job, base, reporter, seeds, noise, cache.of_user(cached)))
        if reports.failed(tested, min_pass):
            reporter.status = TEST_FAILED
        if junit is not None:
            output.write(junit, reports.junit(tested))
        with output.stdout():
            if as_json:
                print(json.dumps(reports.plain(tested), indent=2, ensure_ascii=False))
            else:
                reports.show(tested, wants_colour(color, sys.stdout))
