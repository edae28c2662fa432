"""`python -m pawc`."""

from .cli import main

main()
