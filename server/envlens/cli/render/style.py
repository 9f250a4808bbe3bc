"""Colours, only where they are wanted: a terminal, and no NO_COLOR."""

import os
import sys
from typing import NamedTuple

_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "": ""}


class Style(NamedTuple):
    """Paints words, or leaves them as they are."""

    colours: bool = False

    def paint(self, text: str, colour: str = "", *, bold: bool = False) -> str:
        """The text in a colour."""
        if not self.colours:
            return text
        codes = ";".join(code for code in ("1" if bold else "", _CODES[colour]) if code)
        return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def of_stdout() -> Style:
    """How standard output is painted."""
    return Style(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
