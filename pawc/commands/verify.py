"""`pawc verify`."""

from __future__ import annotations

import click
from pawformats.errors import PawError

from ..cli import reporting
from . import options


@options.command("verify")
@click.argument("files", metavar="FILE.pawbin...", nargs=-1, required=True)
@click.option("--key", metavar="KEY", required=True, help="The signer's public key: PEM, or 32 raw bytes.")
@click.option("--sig", metavar="FILE", help="The signature, if it is not FILE.pawbin.sig; of one file only.")
@options.colour
def command(files: tuple[str, ...], key: str, sig: str | None, color: str) -> None:
    """Check the signatures that pawc sign wrote. Needs the extra [sign].

    Exit status: 0 if all hold; 1 if one does not; 2 if a file, signature or
    key cannot be read.
    """
    if sig is not None and len(files) > 1:
        raise click.UsageError("--sig is for one file")
    with reporting(color) as reporter:
        from .. import output, signing
        from ..diagnostics import display_name, from_error

        found = signing.public_key(key)
        told = []
        for file in files:
            try:
                holds = signing.verify(file, found, sig)
            except PawError as error:
                reporter.report(from_error(error))
                continue
            word = "good signature by" if holds else "BAD signature, not by"
            told.append(f"{display_name(file)}: {word} {signing.fingerprint(found)}")
            reporter.status = max(reporter.status, 0 if holds else 1)
        with output.stdout():
            print("".join(f"{line}\n" for line in told), end="")
