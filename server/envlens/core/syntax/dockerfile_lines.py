"""Logical lines of a Dockerfile: continuations and comment lines taken out, heredocs taken along.

As Docker's own parser does it (BuildKit's frontend/dockerfile/parser). To it a line ends at LF only, a comment may
stand inside a continuation, and blank lines inside one are skipped.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from ..text.source import BOM
from ..text.span import Span
from . import docker_words
from .docker_words import SPACE
from .joined import Joined, whole

MAX_LINE = 65_535
"""The longest line that Docker reads, in bytes."""

_DIRECTIVE = re.compile(r"#[\s\x85\xa0]*([a-zA-Z][a-zA-Z0-9]*)[ \t\f]*=[ \t\f]*(\S.*?)[\s]*\Z", re.DOTALL)
_HEREDOC = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")


def _delimiter(written: str) -> str | None:
    """The line that ends a heredoc. Variables are not put in, so that they stay as they are written."""
    return re.sub("[\"']", "", written) if "$" in written else docker_words.substitute(written, {})


class Directive(NamedTuple):
    """`# name=value` at the top of the file, the name in lower case."""

    name: str
    value: str
    span: Span
    value_span: Span


class Heredoc(NamedTuple):
    """`<<NAME` and what follows. Its text is as in the file: with `-`, leading tabs are still there.

    `is_expanded` is False where the name is quoted: then no variables are put in. `end` is the line that closes it,
    None where there is none. `operator_end` is the offset behind `<<` or `<<-`.
    """

    name: str
    descriptor: int
    is_expanded: bool
    strips_tabs: bool
    span: Span
    operator_end: int
    body: Joined
    end: Span | None


class LogicalLine(NamedTuple):
    """A line with its continuations. Lines of the file count from 0; `end` is where the last one ends in the file."""

    joined: Joined
    end: int
    first: int
    last: int


class Lines:
    """Reads the physical lines one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.refused: list[tuple[Span, str]] = []
        """Directives that Docker refuses, and its words."""
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._next = 0

    def too_long(self) -> Span | None:
        """The first line that is too long for Docker: it reads no further."""
        if max(map(len, self._lines)) * 4 <= MAX_LINE:
            return None
        for start, line in zip(self._starts, self._lines, strict=False):
            if len(line) * 4 > MAX_LINE and len(line.encode("utf-8", "surrogatepass")) > MAX_LINE:
                return Span(start, start + len(line))
        return None

    def skip_to(self, line: int, escape: str, directives: tuple[Directive, ...]) -> None:
        """Goes on at a line below the top, where that is known."""
        self._next = line
        self.escape = escape
        self.directives = list(directives)

    def __iter__(self) -> Iterator[LogicalLine]:
        lines, starts, count = self._lines, self._starts, len(self._lines)
        is_top = self._next == 0
        while self._next < count:
            index = self._next
            self._next += 1
            line = lines[index]
            start = starts[index]
            if index == 0 and line.startswith(BOM):
                line, start = line[1:], start + 1
            bare = line.lstrip(SPACE)
            start += len(line) - len(bare)
            if bare[:1] == "#":
                is_top = is_top and self._take_directive(bare, start)
                continue
            is_top = False
            bare = bare.rstrip("\r")
            if not bare:
                continue
            if self.escape in bare and (kept := self._continued(bare)) >= 0:
                yield self._continue(bare[:kept], start, index)
            else:
                yield LogicalLine(whole(bare, start), start + len(bare), index, index)

    def _continued(self, line: str) -> int:
        """How much of a line stands before its continuation character; -1 where it has none."""
        bare = line.rstrip(" \t")
        return len(bare) - 1 if bare.endswith(self.escape) and bare[-2:-1] != self.escape else -1

    def _continue(self, head: str, start: int, index: int) -> LogicalLine:
        pieces, places, starts = [head], [start], [0]
        length = len(head)
        last = index
        kept = 0
        while kept >= 0 and self._next < len(self._lines):
            last = self._next
            self._next += 1
            line = self._lines[last].rstrip("\r")
            bare = line.lstrip(SPACE)
            if not bare or bare[0] == "#":
                continue
            kept = self._continued(line)
            piece = line if kept < 0 else line[:kept]
            if piece:
                pieces.append(piece)
                places.append(self._starts[last])
                starts.append(length)
                length += len(piece)
        if last + 1 == len(self._lines) and not self._lines[last] and last > index:
            last -= 1
        end = self._starts[last] + len(self._lines[last].rstrip("\r"))
        if not pieces[0] and len(pieces) > 1:
            del pieces[0], places[0], starts[0]
        shifts = tuple(place - at for place, at in zip(places, starts, strict=True))
        return LogicalLine(Joined("".join(pieces), tuple(starts), shifts), end, index, last)

    def _take_directive(self, line: str, start: int) -> bool:
        """Takes a comment at the top as a directive; False where it is none, and so no more can come."""
        found = _DIRECTIVE.match(line)
        if found is None or found[1].lower() not in {"syntax", "escape", "check"}:
            return False
        name, value = found[1].lower(), found[2]
        span = Span(start, start + found.end(2))
        if any(each.name == name for each in self.directives):
            self.refused.append((span, f"only one {name} parser directive can be used"))
            return True
        value_span = Span(start + found.start(2), start + found.end(2))
        self.directives.append(Directive(name, value, span, value_span))
        if name == "escape":
            if value in {"\\", "`"}:
                self.escape = value
            else:
                self.refused.append((value_span, f"invalid escape token '{value}' does not match ` or \\"))
        return True

    def heredocs(self, line: Joined) -> tuple[list[Heredoc], int]:
        """The heredocs that a logical line opens, read from the lines that follow; and the last line read, or -1."""
        found = []
        for start, end in docker_words.raw_words(line.text):
            match = _HEREDOC.match(line.text[start:end])
            name = _delimiter(match[3]) if match else None
            if match and name:
                place = line.span_of(start, end)
                found.append(self._read(match, name, place, line.at(start + match.end(2) - 1) + 1))
        return found, self._next - 1 if found else -1

    def _read(self, opened: re.Match[str], name: str, span: Span, operator_end: int) -> Heredoc:
        strips_tabs = bool(opened[2])
        first = self._next
        end = None
        while self._next < len(self._lines) and end is None:
            line = self._lines[self._next].rstrip("\r")
            if (line.lstrip("\t") if strips_tabs else line) == name:
                end = Span(self._starts[self._next], self._starts[self._next] + len(line))
            self._next += 1
        start = min(self._starts[first], len(self.text))
        stop = min(self._starts[self._next - 1] if end else self._starts[self._next], len(self.text))
        is_expanded = name.count("'") + name.count('"') == opened[3].count("'") + opened[3].count('"')
        body = whole(self.text[start:stop], start)
        return Heredoc(name, int(opened[1][:9] or "0"), is_expanded, strips_tabs, span, operator_end, body, end)

    def end_of(self, index: int) -> int:
        """The offset behind the last character of a line of the file."""
        return self._starts[index] + len(self._lines[index].rstrip("\r"))
