"""`pawc sign`."""

from __future__ import annotations

import click

from ..cli import reporting
from . import options


@options.command("sign")
@click.argument("files", metavar="[FILE.pawbin]...", nargs=-1)
@click.option("--key", metavar="KEY", help="The private key: PEM, or 32 raw bytes.")
@click.option("--new-key", metavar="KEY", help="Make a new key first: write KEY and KEY.pub.")
@options.colour
def command(files: tuple[str, ...], key: str | None, new_key: str | None, color: str) -> None:
    """Sign programs with an Ed25519 key: write FILE.pawbin.sig for each. Needs the
    extra [sign]."""
    if (key is None) == (new_key is None):
        raise click.UsageError("give either --key or --new-key")
    if key is not None and not files:
        raise click.UsageError("there is no file to sign")
    with reporting(color):
        from .. import output, signing

        made = None if new_key is None else signing.new_key(new_key)
        found = signing.private_key(key or new_key or "")
        for file in files:
            signing.sign(file, found)
        if made is not None:
            with output.stdout():
                print(f"{new_key}: new key {made}")
