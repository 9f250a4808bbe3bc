"""Reads one node of half-typed YAML from its beginning up to the cursor: quotes, comments, and what stands in brackets.

Not the tree's parser: that one stops at the first error, and half-typed text is one.
"""

import re
from enum import StrEnum
from typing import NamedTuple

# How far a plain scalar goes: a key up to its colon, a value up to a comment, in brackets also up to their signs.
_KEY = re.compile(r"(?:[^:#\n]+|:(?![ \t\n]|\Z)|(?<=\S)#)+")
_VALUE = re.compile(r"(?:[^#\n]+|(?<=\S)#)+")
_FLOW_KEY = re.compile(r"(?:[^:#,\[\]{}\n]+|:(?![ \t\n,\[\]{}]|\Z)|(?<=[^\s,\[\]{}])#)+")
_FLOW_VALUE = re.compile(r"(?:[^#,\[\]{}\n]+|(?<=[^\s,\[\]{}])#)+")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'")}
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)*")
_BLANKS = re.compile(r"[ \t\n]*")
_MAX_DEPTH = 50
_MAX_LENGTH = 100_000


class Where(StrEnum):
    """What the cursor stands in."""

    FRESH = "fresh"  # where a key or a value may begin
    PLAIN = "plain"
    QUOTED = "quoted"
    AFTER = "after"  # behind a finished value
    COMMENT = "comment"


class Frame(NamedTuple):
    """An open bracket. `keys` are those of its mapping, `values` what was written for them, one line each."""

    bracket: str
    opener: int
    keys: list[str]
    values: list[str]


class Reading(NamedTuple):
    """The state at the cursor. `token` is where the scalar under the cursor begins, -1 where there is none.

    `key` is the block mapping's key before the cursor, None before its colon; `path` leads from its value through the
    open brackets; `in_value` says whether the innermost bracket waits for a value.
    """

    where: Where
    token: int
    key: str | None
    path: tuple[str | int, ...]
    frames: tuple[Frame, ...]
    in_value: bool


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.key: str | None = None
        self.frames: list[Frame] = []
        self.steps: list[str | int | None] = []  # for each bracket: its key or index at the cursor, None before a colon
        self.last = (start, start)  # the last finished token
        self.seen: dict[int, Frame] = {}

    def read(self) -> Reading:
        text, end, at, fresh = self.text, self.end, self.start, True
        while (at := _skip(text, at, end)) < end:
            char = text[at]
            if char == "#" and (at == self.start or text[at - 1] in " \t\n"):
                stop = text.find("\n", at, end)
                if stop < 0:
                    return self._state(Where.COMMENT, at)
                at = stop
            elif self.frames and char in ",]}":
                fresh = char == ","
                self._next() if fresh else self._pop()
                at += 1
            elif char == ":" and self.last[1] > self.last[0] and self._takes_key():
                self._set_key()
                at, fresh = at + 1, True
            elif fresh and char in "&!":
                stop = properties_end(text, at, end)
                if stop >= end and text[end - 1] not in " \t":
                    return self._state(Where.AFTER, -1)
                at = stop
            elif fresh and char in "[{" and len(self.frames) < _MAX_DEPTH:
                self._push(char, at)
                at += 1
            elif fresh and char in "\"'":
                found = _QUOTED[char].match(text, at)
                if found is None or found.end() > end:
                    return self._state(Where.QUOTED, at)
                self._finish(at, found.end())
                at, fresh = found.end(), False
            else:
                stop = self.plain_end(at)
                if stop >= end:
                    return self._state(Where.PLAIN, at)
                self._finish(at, stop)
                at, fresh = stop, False
        return self._state(Where.FRESH if fresh else Where.AFTER, -1)

    def plain_end(self, at: int) -> int:
        if self.frames:
            pattern = _FLOW_VALUE if self.steps[-1] is not None and self.frames[-1].bracket == "{" else _FLOW_KEY
        else:
            pattern = _KEY if self.key is None else _VALUE
        found = pattern.match(self.text, at)
        return found.end() if found else at + 1

    def _state(self, where: Where, token: int) -> Reading:
        path = tuple(step for step in self.steps if step is not None)
        waits = bool(self.frames) and self.steps[-1] is not None
        return Reading(where, token, self.key, path, tuple(self.frames), waits)

    def _finish(self, start: int, end: int) -> None:
        self.last = (start, end)
        if self.frames and self.steps[-1] is not None and self.frames[-1].bracket == "{":
            self.frames[-1].values[-1:] = [unquote(self.text[start:end])]

    def _takes_key(self) -> bool:
        if not self.frames:
            return self.key is None
        return self.frames[-1].bracket == "{" and self.steps[-1] is None

    def _set_key(self) -> None:
        key = unquote(self.text[slice(*self.last)])
        self.last = (0, 0)
        if not self.frames:
            self.key = key
            return
        self.steps[-1] = key
        self.frames[-1].keys.append(key)
        self.frames[-1].values.append("")

    def _push(self, bracket: str, at: int) -> None:
        frame = Frame(bracket, at, [], [])
        self.seen[at] = frame
        self.frames.append(frame)
        self.steps.append(0 if bracket == "[" else None)
        self.last = (0, 0)

    def _pop(self) -> None:
        self.frames.pop()
        self.steps.pop()
        self.last = (0, 0)

    def _next(self) -> None:
        step = self.steps[-1]
        self.steps[-1] = step + 1 if isinstance(step, int) else None
        self.last = (0, 0)


def read(text: str, start: int, cursor: int) -> Reading:
    """The state at `cursor` of the node that begins at `start`; of one that is too long to be typed, none."""
    if cursor - start > _MAX_LENGTH:
        return Reading(Where.AFTER, -1, None, (), (), in_value=False)
    return _Reader(text, start, cursor).read()


def keys_of(text: str, start: int, opener: int, end: int) -> dict[str, str]:
    """The keys and values of the bracket at `opener` up to `end`, of a node that begins at `start`."""
    reader = _Reader(text, start, min(end, start + _MAX_LENGTH))
    reader.read()
    frame = reader.seen.get(opener)
    return dict(zip(frame.keys, frame.values, strict=True)) if frame else {}


def token_end(text: str, reading: Reading, at: int) -> int:
    """Where the plain scalar at `at` ends, trailing blanks left out."""
    reader = _Reader(text, at, at)
    reader.key = reading.key
    reader.frames = list(reading.frames)
    reader.steps = [None if not reading.in_value else "" for _ in reading.frames]
    end = reader.plain_end(at)
    while end > at and text[end - 1] in " \t":
        end -= 1
    return end


def key_end(text: str, at: int, end: int) -> int | None:
    """Where the colon stands when a key begins at `at`; None where what stands there, up to `end`, is no key."""
    char = text[at : at + 1]
    if at >= end or char in {"[", "{", "#"}:
        return None
    found = _QUOTED.get(char, _KEY).match(text, at, end)
    if found is None:
        return None
    stop = _skip(text, found.end(), end)
    return stop if text[stop : stop + 1] == ":" and stop < end else None


def properties_end(text: str, at: int, end: int) -> int:
    """Where a value begins behind its anchor and tag."""
    found = _PROPERTIES.match(text, at, end)
    return found.end() if found else at


def quoted_end(text: str, at: int) -> int | None:
    """Where the quoted scalar at `at` ends, None where its quote is not closed on its line."""
    found = _QUOTED[text[at]].match(text, at)
    return found.end() if found and "\n" not in found[0] else None


def unquote(text: str) -> str:
    """The value of a scalar as written, near enough to compare it."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0] else text


def _skip(text: str, at: int, end: int) -> int:
    found = _BLANKS.match(text, at, end)
    return found.end() if found else at
