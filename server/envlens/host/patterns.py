"""Compiles the patterns of ignore files, leaving out those that are invalid or made to stall a regular expression."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_MAX_LENGTH = 400
_MAX_STARS = 12


def compile_patterns(lines: Iterable[str]) -> Any:
    """A `pathspec.GitIgnoreSpec` of the lines that git would take."""
    import pathspec  # only here: a tree without patterns does not pay for it

    kept = []
    for line in lines:
        if len(line) > _MAX_LENGTH or line.count("*") > _MAX_STARS or _stalls(line):
            continue
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue  # git ignores such a line too
        kept.append(line)
    return pathspec.GitIgnoreSpec.from_lines(kept)


# Each star in a name multiplies the time by its length: four take two seconds for 250 letters (pathspec 1.0, run).
_MAX_STARS_IN_A_NAME = 3


def _stalls(line: str) -> bool:
    return any(part != "**" and part.count("*") > _MAX_STARS_IN_A_NAME for part in line.split("/"))


class DockerIgnore(NamedTuple):
    """A `.dockerignore`: whether it leaves a path out, and whether it takes some in again (`!`)."""

    covers: Callable[[str], bool]
    takes_in: bool


def _covers_nothing(_path: str) -> bool:
    return False


_NOTHING_SURE = DockerIgnore(_covers_nothing, takes_in=True)


@lru_cache(maxsize=64)
def docker_patterns(text: str) -> DockerIgnore:
    """What a `.dockerignore` leaves out of the context, as Docker's patternmatcher does (moby, read).

    Patterns count from the root, a pattern that matches a folder covers what is in it, the last match decides. Where a
    line is none that is understood here, nothing is said to be left out.
    """
    rules: list[_DockerRule] = []
    for line in text.splitlines():
        written = "" if line.startswith("#") else line.strip()
        pattern = written.removeprefix("!").strip().strip("/").removeprefix("./")
        if pattern in {"", "."}:
            continue
        if "\\" in pattern or len(pattern) > _MAX_LENGTH or pattern.count("*") > _MAX_STARS:
            return _NOTHING_SURE
        segments = pattern.split("/")
        if any("**" in each and each != "**" for each in segments):
            return _NOTHING_SURE
        rules.append(_DockerRule(tuple(map(_segment, segments)), written.startswith("!")))

    def covers(path: str) -> bool:
        parts = path.split("/")
        hidden = False
        for rule in rules:
            if rule.takes_in is hidden and rule.matches(parts):
                hidden = not rule.takes_in
        return hidden

    return DockerIgnore(covers, any(rule.takes_in for rule in rules))


class _DockerRule(NamedTuple):
    """A line of a `.dockerignore`, by its parts between slashes; None for `**`."""

    segments: tuple[re.Pattern[str] | None, ...]
    takes_in: bool

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether it matches a path or a folder above it."""
        reached = {0}  # how many parts can be matched by the segments so far
        for at, segment in enumerate(self.segments):
            if not reached:
                return False
            if segment is None:
                is_last = at == len(self.segments) - 1
                reached = set(range(min(reached) + is_last, len(parts) + 1))
            else:
                reached = {each + 1 for each in reached if each < len(parts) and segment.match(parts[each])}
        return bool(reached - {0})


def _segment(text: str) -> re.Pattern[str] | None:
    from fnmatch import translate  # safe on long names: it never goes back over a star

    return None if text == "**" else re.compile(translate(text.replace("[^", "[!")))
