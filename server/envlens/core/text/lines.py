"""Turns code-point offsets into lines and columns, and back, in the three units that LSP knows.

A line ends at LF, CRLF or CR and nowhere else, as the LSP specification says. PyYAML also breaks lines at U+0085,
U+2028 and U+2029, and str.splitlines at eight more: neither is used for positions.
"""

import re
from bisect import bisect_right
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, count
from operator import add

from .span import Span

_BREAK = re.compile(r"\r\n|\r|\n")


class Encoding(StrEnum):
    """The unit in which a column is counted; the values are LSP's names."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class LineIndex:
    """Where the lines of one text begin. Lines and columns count from 0."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        if "\r" in self._text:
            return [0, *(found.end() for found in _BREAK.finditer(self._text))]
        # Ten times faster, and needed at every change of an open file. The end of the last line is no start.
        lengths = list(map(len, self._text.split("\n")))
        lengths.pop()
        return [0, *map(add, accumulate(lengths), count(1))]

    @cached_property
    def _is_ascii(self) -> bool:
        return self._text.isascii()

    @property
    def line_count(self) -> int:
        """The number of lines; an empty text has one."""
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The line that holds `offset`; beyond the end it is the last line."""
        return bisect_right(self._starts, max(offset, 0)) - 1

    def line_start(self, line: int) -> int:
        """The offset at which `line` begins; a line beyond the end begins at the end of the text."""
        if line < 0:
            return 0
        return self._starts[line] if line < len(self._starts) else len(self._text)

    def line_end(self, line: int) -> int:
        """The offset behind the last character of `line`, before its line break."""
        end = self.line_start(line + 1)
        start = self.line_start(line)
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def line_text(self, line: int) -> str:
        """The text of `line` without its line break."""
        return self._text[self.line_start(line) : self.line_end(line)]

    def whole(self, span: Span) -> Span:
        """The lines that a span touches, the last one with its line break."""
        last = self.line_of(max(span.end - 1, span.start))
        return Span(self.line_start(self.line_of(span.start)), self.line_start(last + 1))

    def position(self, offset: int, encoding: Encoding = Encoding.UTF32) -> tuple[int, int]:
        """The line and column of `offset`, the column in units of `encoding`."""
        if not 0 <= offset <= len(self._text):
            offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if encoding is Encoding.UTF32 or self._is_ascii:
            return line, offset - start
        return line, _width(self._text[start:offset], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = Encoding.UTF32) -> int:
        """The offset of a line and column. A column beyond the line is its end; one inside a character its start."""
        if line >= len(self._starts):
            return len(self._text)
        start, end = self.line_start(line), self.line_end(line)
        if encoding is Encoding.UTF32 or self._is_ascii:
            return min(start + max(column, 0), end)
        units = 0
        for at in range(start, end):
            units += _width(self._text[at], encoding)
            if units > column:
                return at
        return end


def _width(text: str, encoding: Encoding) -> int:
    if text.isascii():
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)
