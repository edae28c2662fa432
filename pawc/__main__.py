"""`python -m pawc`."""

from .cli import main

main(prog_name="pawc")
