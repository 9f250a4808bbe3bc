"""Compiles the patterns of ignore files, leaving out those that are invalid or made to stall a regular expression."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

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


class DockerIgnore(NamedTuple):
    """A `.dockerignore`: whether it leaves a path out, and whether it takes some in again (`!`)."""

    covers: Callable[[str], bool]
    takes_in: bool


@lru_cache(maxsize=64)
def docker_patterns(text: str) -> DockerIgnore:
    """What a `.dockerignore` leaves out of the context, as Docker's patternmatcher does (moby, read).

    Patterns count from the root, a pattern that matches a folder covers what is in it, the last match decides.
    """
    rules = [rule for line in text.splitlines() if (rule := _docker_rule(line))]

    def covers(path: str) -> bool:
        parts = path.split("/")
        parents = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        hidden = False
        for pattern, takes_in in rules:
            if any(pattern.fullmatch(each) for each in parents):
                hidden = not takes_in
        return hidden

    return DockerIgnore(covers, any(takes_in for _, takes_in in rules))


def _docker_rule(line: str) -> tuple[re.Pattern[str], bool] | None:
    line = "" if line.startswith("#") else line.strip()
    takes_in = line.startswith("!")
    pattern = line[takes_in:].strip().strip("/").removeprefix("./")
    if not pattern or pattern == "." or len(line) > _MAX_LENGTH or line.count("*") > _MAX_STARS:
        return None
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            parts.append("(?:.*/)?")
            at += 3
            continue
        if pattern.startswith("**", at):
            parts.append(".*")
            at += 2
            continue
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            parts.append(re.escape(pattern[at]))
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(char, char if char in "[]-^" else re.escape(char)))
        at += 1
    try:
        return re.compile("".join(parts), re.DOTALL), takes_in
    except re.error:
        return None
