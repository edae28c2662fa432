"""`python -m pawrun`."""

from .cli import main

main(prog_name="pawrun")
