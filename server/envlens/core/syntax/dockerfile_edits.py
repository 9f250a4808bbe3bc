"""What an edit leaves as it was: the instructions of a Dockerfile in front of it and behind it."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from .dockerfile_parts import Instruction


class Unchanged(NamedTuple):
    """The instructions `before` an edit, and those behind it by where they begin in the new text, with their line.

    Reading goes on at line `line`. What is behind is to be moved by so many characters and lines.
    """

    before: tuple[Instruction, ...]
    line: int
    behind: dict[tuple[int, int], int]
    by: int
    lines: int


def unchanged(old: str, new: str, instructions: tuple[Instruction, ...]) -> Unchanged | None:
    """What of the instructions of `old` stands in `new`; None where reading has to begin at the top."""
    start, end = _common(old, new)
    count = bisect_right(instructions, start, key=lambda it: it.span.end + 1)
    # What follows the last of them may belong to it: a backslash joins lines over blank ones.
    if count < 2:
        return None
    by = len(new) - len(old)
    line_end = old.find("\n", len(old) - end)
    first = bisect_right(instructions, line_end, key=lambda it: it.span.start) if line_end >= 0 else len(instructions)
    # What a heredoc is, is decided by the lines below it.
    last = max((at for at, it in enumerate(instructions) if it.heredocs), default=-1)
    lines = new.count("\n") - old.count("\n")
    rest = range(max(first, last + 1, count), len(instructions))
    behind = {(instructions[at].span.start + by, instructions[at].first_line + lines): at for at in rest}
    return Unchanged(instructions[: count - 1], instructions[count - 1].first_line, behind, by, lines)


def _common(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts have in common at the start and, behind that, at the end."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda length: old.startswith(new[:length]))
    end = _longest(shorter - start, lambda length: old.endswith(new[len(new) - length :]))
    return start, end


def _longest(limit: int, holds: Callable[[int], bool]) -> int:
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
