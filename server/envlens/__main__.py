"""Lets `python -m envlens` do what the command `envlens` does."""

import sys

from envlens.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
