"""Suppression comments in a Dockerfile: what one covers, and where a new one goes.

A comment above an instruction covers all of it, as hadolint's do; one inside a continuation covers the next line.
Behind an instruction `#` begins no comment, but in RUN, where the shell reads it.
"""

from bisect import bisect_right
from typing import NamedTuple

from ..model.document import Document
from ..syntax.dockerfile import Instruction
from ..text.diagnostic import Edit
from ..text.span import Span


class Instructions(NamedTuple):
    """The instructions of a Dockerfile by line; of another document there are none."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    found: tuple[Instruction, ...]

    def at(self, line: int) -> Instruction | None:
        """The instruction that a line belongs to."""
        at = bisect_right(self.starts, line) - 1
        return self.found[at] if at >= 0 and line <= self.ends[at] else None

    def first_line(self, line: int) -> int:
        """The line on which the instruction begins that a line belongs to; the line itself outside any."""
        at = bisect_right(self.starts, line) - 1
        return self.starts[at] if at >= 0 and line <= self.ends[at] else line

    def has_comment(self, line: int) -> bool:
        """Whether `#` behind something begins a comment there."""
        it = self.at(line)
        return it is None or (it.inner if it.inner is not None else it).keyword == "RUN"


def instructions(document: Document) -> Instructions:
    """The instructions of a document, by lines as everybody counts them."""
    if document.dockerfile is None:
        return Instructions((), (), ())
    lines = document.source.lines
    found = document.dockerfile.tree.instructions
    return Instructions(
        tuple(lines.line_of(each.span.start) for each in found),
        tuple(lines.line_of(max(each.span.end - 1, each.span.start)) for each in found),
        found,
    )


def line_below(document: Document, known: Instructions, line: int) -> int:
    """The line above which a comment for `line` goes: in a heredoc it would be part of the text, so above it all."""
    it = known.at(line)
    if it is None or not it.heredocs:
        return line
    return line if document.source.lines.line_start(line) < it.heredocs[0].body.at(0) else known.first_line(line)


def edit_for_file(document: Document, rule: str) -> Edit | None:
    """The comment that silences a rule for the whole file, behind what must stand at its top."""
    known = instructions(document)
    if not known.found:
        return None
    start = known.found[0].span.start
    return Edit(Span(start, start), f"# envlens: ignore-file[{rule}]{document.source.newline}")
