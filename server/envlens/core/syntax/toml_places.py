"""Says where the keys and values of a TOML text stand. tomllib, which reads it, does not tell."""

import re
from typing import NamedTuple

from ..text.span import Span

Path = tuple[str | int, ...]  # keys and list positions from the top down

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\n]*)
    |(?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<mark>[\[\]{},=.])
    |(?P<word>\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}\#]+|[-+]?\d[\w-]*\.\d[^\s,\]}\#=]*|[^\s\[\]{},=.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)
_ERROR = re.compile(r" \(at line (\d+), column (\d+)\)$")
_MAX_DEPTH = 20  # no setting lies deeper


class Place(NamedTuple):
    """Where a key (a list position has none) and its value stand. A table's value is its header."""

    key: Span
    value: Span


def places(text: str, wanted: tuple[str, ...] = ()) -> dict[Path, Place]:
    """The places of all that stands below the table `wanted`, by path from there. `text` must be TOML."""
    reader = _Reader(text)
    reader.run()
    depth = len(wanted)
    return {path[depth:]: place for path, place in reader.found.items() if path[:depth] == wanted}


def error_place(message: str) -> tuple[int, int] | None:
    """The line and column, from 0, that an error of tomllib speaks of; None for the end of the text."""
    found = _ERROR.search(message)
    return (int(found[1]) - 1, int(found[2]) - 1) if found else None


def without_place(message: str) -> str:
    """The message without the line and column that it ends with: for those who show the place itself."""
    return _ERROR.sub("", message)


class _Token(NamedTuple):
    kind: str
    span: Span


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: dict[Path, Place] = {}
        self._text = text
        self._tokens = [
            _Token(str(each.lastgroup), Span(*each.span()))
            for each in _TOKEN.finditer(text)
            if each.lastgroup != "skip"
        ]
        self._at = 0
        self._lists: dict[Path, int] = {}  # how many tables an array of tables has

    def run(self) -> None:
        table: Path = ()
        while self._at < len(self._tokens):
            if self._is("["):
                table = self._header()
            elif self._is("]", "}", ",", "=", "."):
                self._at += 1
            else:
                self._pair(table)

    def _is(self, *marks: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.kind == "mark" and self._text[token.span.start] in marks

    def _header(self) -> Path:
        self._at += 1
        is_list = self._is("[")
        self._at += is_list
        keys, span = self._key()
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if is_list and number == len(keys) - 1:
                self._lists[path] = self._lists.get(path, -1) + 1
            self._note(path, span, span)
            if path in self._lists:
                path = (*path, self._lists[path])
        self._at += 1 + is_list
        self._note(path, span, span)
        return path

    def _key(self) -> tuple[list[str], Span]:
        keys: list[str] = []
        first = last = self._tokens[self._at].span if self._at < len(self._tokens) else Span(0, 0)
        while self._at < len(self._tokens) and not self._is("=", "]", "[", "{", "}", ","):
            token = self._tokens[self._at]
            if token.kind != "mark":
                keys.append(_plain(self._text[token.span.start : token.span.end]))
            last = token.span
            self._at += 1
        return keys, Span(first.start, last.end)

    def _pair(self, table: Path) -> None:
        keys, span = self._key()
        self._at += 1  # the '='
        path = table
        for key in keys[:-1]:
            path = (*path, key)
            self._note(path, span, span)
        path = (*path, *keys[-1:])
        self._note(path, span, self._value(path))

    def _value(self, path: Path) -> Span:
        if self._at >= len(self._tokens):
            return Span(len(self._text), len(self._text))
        start = self._tokens[self._at].span.start
        if self._is("[", "{") and len(path) > _MAX_DEPTH:
            self._skip()
        elif self._is("["):
            self._at += 1
            number = 0
            while self._at < len(self._tokens) and not self._is("]"):
                if self._is(","):
                    self._at += 1
                    continue
                span = self._value((*path, number))
                self._note((*path, number), span, span)
                number += 1
            self._at += 1
        elif self._is("{"):
            self._at += 1
            while self._at < len(self._tokens) and not self._is("}"):
                if self._is(","):
                    self._at += 1
                else:
                    self._pair(path)
            self._at += 1
        else:
            self._at += 1
        return Span(start, self._tokens[min(self._at, len(self._tokens)) - 1].span.end)

    def _skip(self) -> None:
        """Passes over a list or table without a look at what is in it."""
        depth = 0
        while self._at < len(self._tokens):
            depth += self._is("[", "{") - self._is("]", "}")
            self._at += 1
            if not depth:
                return

    def _note(self, path: Path, key: Span, value: Span) -> None:
        self.found.setdefault(path, Place(key, value))


def _plain(word: str) -> str:
    """A key as it is meant. Escapes in keys are left: no setting's name needs one."""
    return word[1:-1] if word[:1] in {'"', "'"} else word
