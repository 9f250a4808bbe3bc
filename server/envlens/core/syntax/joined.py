"""A text made of pieces of a file, with a map back: a logical line from which continuations were taken out."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from ..text.span import Span

# A named tuple's own constructor takes twice the time, and a file has thousands of words.
_new = tuple.__new__


class Word(NamedTuple):
    """A word of a command or an argument of an instruction. `text` is what it means: quotes and escapes are taken away.

    `span` is all that is written, quotes included. `inner` is the offset at which `text` stands in the file when it
    stands there letter by letter, else None (escapes, quotes in the middle, a line continuation): only with it can a
    part of the text be underlined or edited. `is_literal` is False where something else is put in for a part of it when
    the image is built: a variable, the output of a command, the names of files.
    """

    text: str
    span: Span
    inner: int | None
    is_literal: bool = True

    def span_of(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, or the whole word where the text does not stand letter by letter."""
        return self.span if self.inner is None else Span(self.inner + start, self.inner + end)

    def shift(self, by: int) -> "Word":
        """The same word, so many characters further on."""
        return shifted((self,), by)[0]


def shifted(words: Iterable[Word], by: int) -> tuple[Word, ...]:
    """Words, so many characters further on. All at once: an edit asks it of thousands."""
    return tuple(
        [
            _new(Word, (text, _new(Span, (start + by, end + by)), None if inner is None else inner + by, is_literal))
            for text, (start, end), inner, is_literal in words
        ]
    )


class Joined(NamedTuple):
    """A text and where its pieces stand in the file.

    Piece `i` begins at `starts[i]` in the text and at `starts[i] + shifts[i]` in the file; the first begins at 0. With
    no pieces at all the text stands nowhere letter by letter, and every part of it maps to the whole of `place`.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    place: Span = Span(0, 0)

    def at(self, offset: int) -> int:
        """The offset in the file of the character at `offset`; at the end of the text, that behind the last one."""
        if not self.starts:
            return self.place.start
        if len(self.starts) == 1:
            return offset + self.shifts[0]
        if offset >= len(self.text) and offset:
            return self.at(offset - 1) + 1
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def span_of(self, start: int, end: int) -> Span:
        """What `text[start:end]` covers in the file, continuations in between included."""
        if len(self.starts) == 1:
            shift = self.shifts[0]
            return _new(Span, (start + shift, end + shift))
        if not self.starts:
            return self.place
        first = self.at(start)
        return Span(first, self.at(end - 1) + 1 if end > start else first)

    def is_contiguous(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands in the file letter by letter: only then can it be edited."""
        count = len(self.starts)
        if count == 1:
            return True
        return count > 0 and (end <= start or self.at(end - 1) - self.at(start) == end - 1 - start)

    def part(self, start: int, end: int) -> "Joined":
        """The text from `start` to `end`, with its map."""
        text = self.text[start:end]
        if len(self.starts) == 1:
            return whole(text, self.shifts[0] + start)
        if not self.starts:
            return Joined(text, (), (), self.place)
        first = bisect_right(self.starts, start) - 1
        last = max(bisect_right(self.starts, max(end - 1, start)), first + 1)
        return Joined(
            text,
            tuple(max(each - start, 0) for each in self.starts[first:last]),
            tuple(each + start for each in self.shifts[first:last]),
        )

    def word(self, start: int, end: int) -> Word:
        """`text[start:end]` as a word that means what is written."""
        starts = self.starts
        if starts:
            piece = bisect_right(starts, start) - 1 if len(starts) > 1 else 0
            if piece + 1 == len(starts) or end <= starts[piece + 1]:
                first = start + self.shifts[piece]
                return _new(Word, (self.text[start:end], _new(Span, (first, first + end - start)), first, True))
        return Word(self.text[start:end], self.span_of(start, end), None)

    def shift(self, by: int) -> "Joined":
        """The same text, so many characters further on."""
        text, starts, shifts, place = self
        if not starts:
            return Joined(text, (), (), place.shift(by))
        if len(shifts) == 1:
            return _new(Joined, (text, starts, (shifts[0] + by,), place))
        return _new(Joined, (text, starts, tuple([each + by for each in shifts]), place))


_FROM_ZERO = (0,)
_NOWHERE = Span(0, 0)


def whole(text: str, start: int) -> Joined:
    """A text that stands in the file at `start` in one piece."""
    return _new(Joined, (text, _FROM_ZERO, (start,), _NOWHERE))


def inside(word: Word) -> Joined:
    """What a word means, as a text to be parsed further."""
    return Joined(word.text, (), (), word.span) if word.inner is None else whole(word.text, word.inner)
