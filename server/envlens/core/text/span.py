"""A half-open range of code points in one text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Offsets in code points: `start` inclusive, `end` exclusive. A tuple, because a file has thousands of them."""

    start: int
    end: int

    def shift(self, by: int) -> "Span":
        """The same range, moved by `by` code points."""
        return tuple.__new__(Span, (self[0] + by, self[1] + by))  # half the time of its own constructor

    def contains(self, offset: int) -> bool:
        """Whether `offset` is inside or at the end, as a text cursor is."""
        return self.start <= offset <= self.end
