"""Compiles .gitignore patterns, leaving out those that are invalid or made to stall a regular expression."""

import re
from collections.abc import Iterable
from typing import Any

_MAX_LENGTH = 400
_MAX_STARS = 12


def compile_patterns(lines: Iterable[str]) -> Any:
    """A `pathspec.GitIgnoreSpec` of the lines that git would take."""
    import pathspec  # only here: a tree without patterns does not pay for it

    kept = []
    for line in lines:
        if len(line) > _MAX_LENGTH or line.count("*") > _MAX_STARS:
            continue
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue  # git ignores such a line too
        kept.append(line)
    return pathspec.GitIgnoreSpec.from_lines(kept)
