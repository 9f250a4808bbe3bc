"""Suppression comments in files whose lines go on: what one covers, and where a new one goes.

A comment above an instruction of a Dockerfile covers all of it, as hadolint's do; one inside a continuation covers the
next line. Behind an instruction `#` begins no comment, but in RUN, where the shell reads it. In a requirements file no
comment can stand between the lines of a requirement: one above it, or behind its last line, is for all of it.
"""

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from ..model.document import Document
from ..text.diagnostic import Edit
from ..text.span import Span

if TYPE_CHECKING:
    from ..syntax.dockerfile import Instruction


class Units(NamedTuple):
    """What belongs together, by its first and last line; `found` are the instructions where it is a Dockerfile."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    found: "tuple[Instruction, ...]" = ()

    def at(self, line: int) -> "Instruction | None":
        """The instruction that a line belongs to."""
        at = bisect_right(self.starts, line) - 1
        return self.found[at] if self.found and at >= 0 and line <= self.ends[at] else None

    def first_line(self, line: int) -> int:
        """The line on which begins what a line belongs to; the line itself outside any."""
        at = bisect_right(self.starts, line) - 1
        return self.starts[at] if at >= 0 and line <= self.ends[at] else line

    def last_line(self, line: int) -> int:
        """The line on which ends what a line belongs to; the line itself outside any."""
        at = bisect_right(self.starts, line) - 1
        return self.ends[at] if at >= 0 and line <= self.ends[at] else line

    def has_comment(self, line: int) -> bool:
        """Whether `#` behind something begins a comment there."""
        it = self.at(line)
        return it is None or (it.inner if it.inner is not None else it).keyword == "RUN"


def units(document: Document) -> Units:
    """The units of a document, by lines as everybody counts them; none where every line stands for itself."""
    lines = document.source.lines
    if document.dockerfile is not None:
        found = document.dockerfile.tree.instructions
        spans = [each.span for each in found]
    elif document.requirements is not None:
        found = ()
        spans = [each.span for each in document.requirements.lines]
    else:
        return Units((), ())
    return Units(
        tuple(lines.line_of(span.start) for span in spans),
        tuple(lines.line_of(max(span.end - 1, span.start)) for span in spans),
        found,
    )


def line_below(document: Document, known: Units, line: int) -> int:
    """The line above which a comment for `line` goes: in a heredoc it would be part of the text, so above it all.

    In a requirements file above the whole requirement.
    """
    if document.requirements is not None:
        return known.first_line(line)
    it = known.at(line)
    if it is None or not it.heredocs:
        return line
    return line if document.source.lines.line_start(line) < it.heredocs[0].body.at(0) else known.first_line(line)


def edit_for_file(document: Document, rule: str) -> Edit | None:
    """The comment that silences a rule for the whole file, behind what must stand at its top."""
    known = units(document)
    if not known.found:
        return None
    start = known.found[0].span.start
    return Edit(Span(start, start), f"# envlens: ignore-file[{rule}]{document.source.newline}")
