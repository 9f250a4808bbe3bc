"""Where the cursor stands in half-typed YAML: found from the lines around it, since the tree is broken while one types.

Looks upwards by indentation until the parents are found, so the cost grows with the distance to them.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from ...text.source import BOM
from ...text.span import Span
from . import flow
from .flow import Reading, Where

Path = tuple[str | int, ...]


class Typing(StrEnum):
    """What is typed at the cursor."""

    KEY = "key"
    VALUE = "value"
    NOTHING = "nothing"  # a comment, a text over several lines: there is nothing to offer


class Place(NamedTuple):
    """What stands around the cursor.

    `path` leads to the value that is typed, or to the mapping that the key belongs to; list items are numbers.
    `span` is what a completion replaces, `prefix` the part of it before the cursor, `before` what has to be inserted
    first (the blank after `key:`, the dash of a list). `siblings` are the other keys of the mapping around with their
    values, `items` the other items of the list around. `column` is where the key or value begins, `margin` the blanks
    that its line begins with. `has_colon`: the key's colon stands there already. `quote` is the quote around the span.
    """

    typing: Typing
    path: Path
    span: Span
    prefix: str
    siblings: dict[str, str]
    items: tuple[str, ...]
    margin: int
    column: int
    before: str = ""
    has_colon: bool = False
    quote: str = ""
    is_flow: bool = False

    @property
    def ends_in_colon(self) -> bool:
        """Whether the cursor stands right behind a colon: what is before it can be a key, or a value half-typed."""
        return self.before == " " and bool(self.path) and isinstance(self.path[-1], str)

    def with_key(self) -> "Place":
        """The place when what stands before the colon is no key but a value, such as `azureml:`."""
        typed = f"{self.path[-1]}:"
        span = Span(self.span.start - len(typed), self.span.end)
        return self._replace(path=self.path[:-1], span=span, prefix=typed, before="")


_LINE = re.compile(r"\ufeff?([ \t]*)((?:-(?:[ \t]+|$))*)")
_NO_VALUE = re.compile(r"(?:#.*)?")
_INDENT = re.compile(r"\ufeff?[ \t]*")
_MARKER = re.compile(r"(?:---|\.\.\.)(?:[ \t]|$)")
_NOT_PLAIN = frozenset("*|>\"'{[")
_MAX_BELOW = 5000
_MAX_ABOVE = 100_000  # lines; the beginning of a list can be far
_MAX_OPEN = 5000
_MAX_KEYS = 2000
_NOWHERE = Place(Typing.NOTHING, (), Span(0, 0), "", {}, (), 0, 0)


class _Line(NamedTuple):
    """A line taken apart: the columns of its dashes, then a key and its value, or a text alone (`key` None)."""

    start: int
    end: int
    margin: int
    dashes: tuple[int, ...]
    content: int  # offset
    key: str | None
    value: int  # offset of the key's value, or of the text


def locate(text: str, offset: int) -> Place:
    """Where `offset` stands. Never raises, whatever the text is."""
    # The same length, so that offsets stay; a blank at the end of a line is none of a scalar.
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    offset = min(max(offset, 0), len(text))
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = _take(text, start, len(text) if end < 0 else end)
    if offset < line.content:
        if text[offset : line.end].strip():
            return _NOWHERE  # inside the indentation of something
        line = _take(text, start, offset)
    opened = _opened_above(text, line, offset)
    if opened is not None:
        return opened
    reading = flow.read(text, line.content, offset)
    climb = _Climb(text, line, wants_key=bool(reading.key is None and not line.dashes))
    if climb.opener is not None:
        found = flow.read(text, climb.opener.value, offset)
        if not found.frames:
            return _NOWHERE  # a text in quotes that goes on, or one that is over
        return _in_flow(text, offset, climb.opener, line)
    if climb.is_text or reading.where in {Where.COMMENT, Where.AFTER}:
        return _NOWHERE
    if reading.frames:
        return _in_flow(text, offset, line, line)
    return _in_block(text, offset, line, reading, climb)


def _in_block(text: str, offset: int, line: _Line, reading: Reading, climb: "_Climb") -> Place:
    column = line.content - line.start
    if reading.key is not None:
        siblings = climb.siblings | climb.keys_below(column)
        place = Place(Typing.VALUE, (*climb.path, reading.key), Span(0, 0), "", siblings, (), line.margin, column)
        return _at_token(text, offset, line, reading, place)
    place = _at_token(text, offset, line, reading, _NOWHERE._replace(typing=Typing.KEY))
    rest = text[place.span.end : line.end].removeprefix(place.quote).lstrip()
    has_colon = rest == ":" or rest.startswith((": ", ":\t"))
    if place.typing is Typing.NOTHING:
        return place
    place = place._replace(path=climb.path, margin=line.margin, column=column, has_colon=has_colon)
    if line.dashes and not has_colon:
        items = climb.add_items_below(line.dashes[0]) if len(line.dashes) == 1 else ()
        return place._replace(typing=Typing.VALUE, items=items)
    if climb.needs_dash:
        return place._replace(typing=Typing.VALUE, items=climb.add_items_below(column), before="- ")
    return place._replace(typing=Typing.KEY, siblings=climb.siblings | climb.keys_below(column))


def _in_flow(text: str, offset: int, opener: _Line, line: _Line) -> Place:
    """The place inside brackets that were opened on the line `opener`."""
    begin = opener.value if opener.key is not None else opener.content
    reading = flow.read(text, begin, offset)
    if not reading.frames or reading.where in {Where.COMMENT, Where.AFTER}:
        return _NOWHERE
    climb = _Climb(text, opener, wants_key=False)
    base = climb.path if opener.key is None else (*climb.path, opener.key)
    path, frame = (*base, *reading.path), reading.frames[-1]
    siblings = flow.keys_of(text, begin, frame.opener, line.end) if frame.bracket == "{" else {}
    typing = Typing.VALUE if reading.in_value else Typing.KEY
    place = Place(typing, path, Span(0, 0), "", siblings, (), line.margin, offset - line.start, is_flow=True)
    place = _at_token(text, offset, line, reading, place)
    rest = text[place.span.end : line.end].removeprefix(place.quote).lstrip()
    own = text[place.span.start : place.span.end].strip() if typing is Typing.KEY else reading.path[-1]
    siblings.pop(str(own), None)
    return place._replace(has_colon=typing is Typing.KEY and rest.startswith(":"))


def _at_token(text: str, offset: int, line: _Line, reading: Reading, place: Place) -> Place:
    """The place with the span, prefix and quote of the scalar under the cursor."""
    if reading.where is Where.QUOTED:
        begin = reading.token + 1
        if "\n" in text[begin:offset]:
            return _NOWHERE
        end = flow.quoted_end(text, reading.token)
        stop = end - 1 if end else min(line.end, len(text[: line.end].rstrip()))
        span = Span(begin, max(stop, offset))
        return place._replace(span=span, prefix=text[begin:offset], quote=text[reading.token])
    begin = reading.token if reading.where is Where.PLAIN else offset
    if begin < line.start:
        return _NOWHERE
    if begin < line.end and text[begin] in _NOT_PLAIN:
        return _NOWHERE
    stop = flow.token_end(text, reading, begin) if begin < line.end and text[begin] not in " \t#,]}" else begin
    is_glued = reading.where is Where.FRESH and offset > line.start and text[offset - 1] in ":-"
    span = Span(begin, max(min(stop, line.end), offset))
    return place._replace(span=span, prefix=text[begin:offset], before=" " if is_glued else "")


def _opened_above(text: str, line: _Line, offset: int) -> Place | None:
    """The place when the lines right above leave a bracket open, whatever their indentation; None when not."""
    first: tuple[int, int] | None = None
    for start, end, _ in islice(_rows_up(text, line.start), _MAX_OPEN):
        if text[start:end].partition(" #")[0].rstrip()[-1:] not in ",[{":
            break
        first = (start, end)
    if first is None:
        return None
    opener = _take(text, *first)
    if text[opener.value : opener.value + 1] not in {"[", "{"}:
        return None
    found = flow.read(text, opener.value, offset)
    return _in_flow(text, offset, opener, line) if found.frames else None


def _take(text: str, start: int, end: int) -> _Line:
    found = _LINE.match(text, start, end)
    margin, content = (found.end(1) - start, found.end()) if found else (0, start)
    if text.startswith(BOM, start):
        start, margin = start + 1, margin - 1
    dashes = tuple(at - start for at in range(start + margin, content) if text[at] == "-") if found and found[2] else ()
    stop = flow.key_end(text, content, end)
    if stop is None:
        return _Line(start, end, margin, dashes, content, None, content)
    value = stop + 1
    while value < end and text[value] in " \t":
        value += 1
    value = flow.properties_end(text, value, end)
    return _Line(start, end, margin, dashes, content, flow.unquote(text[content:stop]), value)


class _Climb:
    """The way from a line up to its parents. `path` leads to the mapping or the item that the line belongs to.

    `is_text`: a parent is a text over several lines. `opener`: a parent's value began with a bracket or quote.
    `needs_dash`: the line stands among the items of a list without a dash of its own.
    """

    def __init__(self, text: str, line: _Line, *, wants_key: bool) -> None:
        self._text = text
        self._line = line
        self.is_text = False
        self.opener: _Line | None = None
        self.needs_dash = False
        self.siblings: dict[str, str] = {}
        self.items: list[str] = []
        self._wants_key = wants_key
        self._parts: list[str | int] = [0] * (len(line.dashes) - 1)  # innermost first
        self._column = line.dashes[0] if line.dashes else line.content - line.start
        self._in_list = bool(line.dashes)
        self._index = 0
        self._is_first = True  # no parent was found yet
        self._dashes_beside = 0
        self._up()
        if self._in_list:
            self._parts.append(self._index)
        elif self._is_first and self._dashes_beside:
            self._parts.append(self._dashes_beside)
            self.needs_dash = True
        self.path: Path = tuple(reversed(self._parts))

    def _up(self) -> None:
        text = self._text
        for start, end, content in islice(_rows_up(text, self._line.start), _MAX_ABOVE):
            at = content - start
            if at > self._column or len(self.siblings) >= _MAX_KEYS:
                continue
            is_dash = _is_dash(text, content, end)
            if not is_dash and text[content] not in "-." and text.find(":", content, end) < 0:
                continue  # a text alone is nobody's parent
            if self._in_list and at == self._column and is_dash:
                self._index += 1
                if self._is_first:
                    self._take_item(content, end)
                continue
            if at == 0 and _MARKER.match(text, content, end):
                return
            line = _take(text, start, end)
            self._level(line, line.content - line.start)
            for dash in reversed(line.dashes):
                self._dash(line, dash)
            is_root = self._column == 0 and not self._in_list and not self._is_first
            if self.is_text or self.opener or is_root:
                return

    def _take_item(self, dash: int, end: int) -> None:
        """Takes up the text behind a dash; what has a key is none."""
        text = _clean(self._text[dash + 1 : end])
        if text and not text.endswith(":") and ": " not in text and not text.startswith("- "):
            self.items.append(text)

    def _level(self, line: _Line, column: int) -> None:
        """Takes up the key of a line, or the text that stands in its place."""
        if line.key is None or column > self._column:
            return
        if column == self._column and not self._in_list:
            if self._is_first:
                self.siblings.setdefault(line.key, _value(self._text, line))
                # A list at its key's own column ends where the next key stands.
                self._dashes_beside = 0
            return
        if self._in_list:
            self._parts.append(self._index)
        elif self._is_first and self._dashes_beside:
            self._parts.append(self._dashes_beside)
            self.needs_dash = True
        self._parts.append(line.key)
        self._look_at_value(line)
        self._go_to(column, in_list=False)

    def _dash(self, line: _Line, column: int) -> None:
        if column > self._column:
            return
        if column == self._column:  # of a line without a dash: one that is to become an item, or a key below a list
            if not self._in_list and self._is_first and self._wants_key:
                self._dashes_beside += 1
                self._take_item(line.start + column, line.end)
            return
        if self._in_list:
            self._parts.append(self._index)
        if column == line.dashes[-1] and line.key is None:
            self._look_at_value(line)
        self._go_to(column, in_list=True)

    def _go_to(self, column: int, *, in_list: bool) -> None:
        self._column, self._in_list, self._index, self._is_first = column, in_list, 0, False

    def _look_at_value(self, line: _Line) -> None:
        """Whether what stands behind a parent's colon or dash lets anything stand below it."""
        text = self._text
        if _NO_VALUE.fullmatch(text, line.value, line.end):
            return
        if text[line.value] in "[{\"'":
            self.opener = line
        else:  # a block scalar, or a plain one that goes on below
            self.is_text = True

    def keys_below(self, column: int) -> dict[str, str]:
        """The keys of the same mapping on the lines below."""
        found: dict[str, str] = {}
        text = self._text
        for start, end, content in islice(_rows_down(text, self._line.end), _MAX_BELOW):
            at = content - start
            if at < column or (at == 0 and _MARKER.match(text, content, end)):
                break
            if at == column and not _is_dash(text, content, end):
                line = _take(text, start, end)
                if line.key is not None:
                    found[line.key] = _value(text, line)
        return found

    def add_items_below(self, column: int) -> tuple[str, ...]:
        """All items of the list, those on the lines below included."""
        text = self._text
        for start, end, content in islice(_rows_down(text, self._line.end), _MAX_BELOW):
            at = content - start
            if at < column or (at == column and not _is_dash(text, content, end)):
                break
            if at == column:
                self._take_item(content, end)
        return tuple(self.items)


def _rows_up(text: str, start: int) -> Iterator[tuple[int, int, int]]:
    """The lines above that are neither blank nor a comment, nearest first: begin, end and first character."""
    while start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        content = _content(text, start, end)
        if content < end and text[content] != "#":
            yield start + (text[start] == BOM), end, content


def _rows_down(text: str, end: int) -> Iterator[tuple[int, int, int]]:
    """The lines below that are neither blank nor a comment."""
    while end < len(text):
        start = end + 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        content = _content(text, start, end)
        if content < end and text[content] != "#":
            yield start, end, content


def _content(text: str, start: int, end: int) -> int:
    found = _INDENT.match(text, start, end)
    return found.end() if found else start


def _is_dash(text: str, at: int, end: int) -> bool:
    return text[at] == "-" and (at + 1 == end or text[at + 1] in " \t")


def _clean(text: str) -> str:
    """A scalar as written on its line, without comment and quotes."""
    return flow.unquote(text.partition(" #")[0])


def _value(text: str, line: _Line) -> str:
    return _clean(text[line.value : line.end])
