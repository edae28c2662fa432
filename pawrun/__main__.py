"""`python -m pawrun`."""

from .start import main

main()
