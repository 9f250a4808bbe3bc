"""What a call of make reads: the makefile of its directory, unless it is told of another."""

import re

from ..syntax.shell import Command

FILES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""

_SWITCHES = re.compile(r"-(?:j\d*|[sBk]+)|--(?:silent|always-make|keep-going|jobs(?:=\d+)?)")
_VARIABLE = re.compile(r"[A-Za-z_]\w*[:+?]?=.*", re.DOTALL)
# Without a makefile, make knows no rule for these; of `hello` it would look for a `hello.c`.
_TARGETS = frozenset({"all", "check", "clean", "dist", "lint", "test"})


def directory(command: Command) -> str | None:
    """Where make looks for its makefile, counted from where it runs; None where it looks for none, or nobody knows."""
    words = command.words
    if not words or words[0].text != "make" or command.assignments or not all(word.is_literal for word in words):
        return None
    found = "."
    texts = iter([word.text for word in words[1:]])
    for text in texts:
        if text == "-C":
            found = next(texts, "")
        elif text.startswith("--directory="):
            found = text.partition("=")[2]
        elif text == "-j" or (text.isdigit() and "-j" in [word.text for word in words]):
            continue
        elif not _SWITCHES.fullmatch(text) and not _VARIABLE.fullmatch(text) and text not in _TARGETS:
            return None
    return found or None
