"""What can be folded: blocks by their indentation, comments, and instructions that go on over several lines.

By lines and not by the tree, so that a slip in one place leaves the folds of all others as they were.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model.document import FileKind

_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"\ufeff?([ \t]*)((?:-[ \t]+)*)(-?)")
_KEY_WITHOUT_VALUE = re.compile(r"[^#]*:[ \t]*(?:[&!]\S*[ \t]*)?(?:#.*)?$")
_MAX_KEY = 1000  # characters of a line in which a key is looked for
_CONTINUED = re.compile(r"[\\`][ \t]{0,20}$")
_TAKES_HEREDOC = re.compile(r"[ \t]*(?:RUN|COPY|ADD)[ \t]", re.IGNORECASE)
_HEREDOC = re.compile(r"<<-?[\"']?(\w+)[\"']?")


class Fold(NamedTuple):
    """Lines from `start` to `end`, both inclusive and from 0; the first stays in sight."""

    start: int
    end: int
    is_comment: bool = False


def folds(text: str, kind: FileKind) -> list[Fold]:
    """The folds of a text, in the order in which they begin, the outer before the inner."""
    lines = _BREAK.split(text)
    blocks = _blocks(lines) if kind.is_yaml else _continued(lines)
    return sorted({*blocks, *_comments(lines)}, key=lambda fold: (fold.start, -fold.end))


def _blocks(lines: list[str]) -> Iterator[Fold]:
    """Blocks of YAML: a line with all that is indented further, and a key with the list at its own column."""
    opened: list[tuple[int, int, bool]] = []  # column, line, whether a list may stand at the column itself
    last = 0  # the last line that is neither blank nor a comment
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        rest = line[found.end() :] if found else ""
        if found is None or not (rest or found[2] or found[3]) or (rest.startswith("#") and not found[2]):
            continue
        column, is_item = found.end(1) - found.start(), bool(found[2] or (found[3] and not rest))
        while opened and not _holds(opened[-1], column, is_item=is_item):
            _, start, _ = opened.pop()
            if last > start:
                yield Fold(start, last)
        opened.append((column, number, not is_item and _waits(line)))
        if found[2] and rest:  # the key behind the dash, with what stands below it
            opened.append((found.end(2) - found.start(), number, _waits(rest)))
        last = number
    for _, start, _ in opened:
        if last > start:
            yield Fold(start, last)


def _waits(line: str) -> bool:
    """Whether a line ends in a key whose value is to follow."""
    return len(line) <= _MAX_KEY and _KEY_WITHOUT_VALUE.match(line) is not None


def _holds(block: tuple[int, int, bool], column: int, *, is_item: bool) -> bool:
    at, _, takes_list = block
    return column > at or (column == at and is_item and takes_list)


def _comments(lines: list[str]) -> Iterator[Fold]:
    """Comments over two lines and more."""
    start: int | None = None
    for number, line in enumerate([*lines, ""]):
        is_comment = line.lstrip(" \t\ufeff").startswith("#")
        if is_comment and start is None:
            start = number
        elif not is_comment and start is not None:
            if number - 1 > start:
                yield Fold(start, number - 1, is_comment=True)
            start = None


def _continued(lines: list[str]) -> Iterator[Fold]:
    """Lines of a Dockerfile or requirements file that go on: with a backslash, or up to a heredoc's end."""
    start: int | None = None
    closing: list[str] = []
    for number, line in enumerate(lines):
        if closing:
            if line.strip() == closing[0]:
                closing.pop(0)
        elif start is not None and line.lstrip().startswith("#"):
            continue  # a comment does not end an instruction
        else:
            closing = _HEREDOC.findall(line) if _TAKES_HEREDOC.match(line) else []
        goes_on = bool(closing) or _CONTINUED.search(line) is not None
        if goes_on and start is None:
            start = number
        elif not goes_on and start is not None:
            yield Fold(start, number)
            start = None
    if start is not None and len(lines) - 1 > start:
        yield Fold(start, len(lines) - 1)
