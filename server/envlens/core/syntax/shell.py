"""Splits a shell script into simple commands with exact spans, as far as a linter of installs needs it.

Own code, see docs/architecture.md. It reads what POSIX shells and bash have in common and is lenient: an unclosed quote
reaches to the end. `*` in a word with `=` (`python=3.8.*`) is taken as written: no file has such a name. What stands in
`$(…)`, `<(…)` and backticks is part of a word and not looked into.
"""

import re
from typing import NamedTuple

from ..text.span import Span
from .joined import Joined, Word, shifted

# A named tuple's own constructor takes twice the time, and an edit moves thousands.
_new = tuple.__new__


class Redirection(NamedTuple):
    """`>file`, `2>&1`, `<<EOF` … The span is the operator's, a number in front included."""

    operator: str
    span: Span
    target: Word | None

    def shift(self, by: int) -> "Redirection":
        """The same redirection, so many characters further on."""
        target = self.target.shift(by) if self.target is not None else None
        return Redirection(self.operator, self.span.shift(by), target)


class Command(NamedTuple):
    """A simple command: `NAME=value` in front, then its words. `before` is the operator that leads to it.

    `before` is one of `&&`, `||`, `|`, `|&`, `;`, `&`, `(`, `)`, `;;`, a line break, and empty for the first.
    """

    words: tuple[Word, ...]
    assignments: tuple[Word, ...]
    redirections: tuple[Redirection, ...]
    span: Span
    before: str

    @property
    def name(self) -> str:
        """The program without its folder; empty where there is none."""
        return self.words[0].text.rpartition("/")[2] if self.words else ""

    def shift(self, by: int) -> "Command":
        """The same command, so many characters further on."""
        words, assignments, redirections, (start, end), before = self
        return _new(
            Command,
            (
                shifted(words, by),
                shifted(assignments, by) if assignments else (),
                tuple([each.shift(by) for each in redirections]) if redirections else (),
                _new(Span, (start + by, end + by)),
                before,
            ),
        )


_TOKEN = re.compile(
    r"""
    (?:[ \t\r\f\v]|\\\r?\n)*+
    (?:
      ([^\s"'\\$`<>|&;()#*?{}~\[\]]++(?=[\s<>|&;()]|\Z)(?<![0-9](?=[<>])))
    | (\n|&&|\|\||\|&|;;&?|;&|&(?!>)|[;|()])
    | ([0-9]*+(?:<<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\())|&>>?)
    | (\#[^\n]*+)
    |
    )
    """,
    re.VERBOSE,
)
_WORD, _OPERATOR, _REDIRECTION, _COMMENT = 1, 2, 3, 4
_RUN = re.compile(r"""[^\s"'\\$`<>|&;()]++""")
_QUOTED_RUN = re.compile(r'[^"\\$`]++')
_NAME = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])")
_NESTED = re.compile(r"""[()"'`\\{}]""")
_GLOB = re.compile(r"[*?]|\A~|\{[^{}]*(?:,|\.\.)[^{}]*\}")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
# Words that only lead to a command, where one may begin.
_LEADS = frozenset({"if", "then", "elif", "else", "fi", "do", "done", "while", "until", "!", "{", "}", "time", "esac"})


def split(script: Joined) -> tuple[Command, ...]:
    """The simple commands of a script in order, empty ones left out. Never raises; takes linear time."""
    return _Splitter(script).run()


class _Splitter:
    def __init__(self, script: Joined) -> None:
        self.script = script
        self.text = script.text
        self.commands: list[Command] = []
        self.words: list[Word] = []
        self.assignments: list[Word] = []
        self.redirections: list[Redirection] = []
        self.before = ""
        self.first = self.last = -1
        self.operator: tuple[str, Span] | None = None
        self.pending: list[tuple[str, bool]] = []
        """Heredocs that were opened on this line: what ends them, and whether tabs before that are no matter."""

    def run(self) -> tuple[Command, ...]:
        text, length = self.text, len(self.text)
        match, word = _TOKEN.match, self.script.word
        at = 0
        while at < length:
            token = match(text, at)
            if token is None:  # it matches anything
                break
            kind = token.lastindex
            if kind is None:
                at = self._word(token.end()) if token.end() < length else length
                continue
            start, at = token.span(kind)
            if kind == _WORD:
                if self.words and self.operator is None:
                    self.words.append(word(start, at))
                    self.last = at
                else:
                    self._take(word(start, at), start, at)
            elif kind == _OPERATOR:
                self._finish(token[kind])
                if token[kind] == "\n" and self.pending:
                    at = self._skip_heredocs(at)
            elif kind == _REDIRECTION:
                self._redirect()
                self._touch(start, at)
                self.operator = token[kind], self.script.span_of(start, at)
        self._finish("")
        return tuple(self.commands)

    def _touch(self, start: int, end: int) -> None:
        if self.first < 0:
            self.first = start
        self.last = end

    def _take(self, word: Word, start: int, end: int) -> None:
        self._touch(start, end)
        if self.operator is not None:
            if self.operator[0].lstrip("0123456789") in {"<<", "<<-"}:
                self.pending.append((word.text, self.operator[0].endswith("-")))
            self._redirect(word)
        elif self.words:
            self.words.append(word)
        elif word.text in _LEADS and end - start == len(word.text):
            if not self.assignments and not self.redirections:
                self.first = -1
        elif "=" in word.text and _ASSIGNMENT.match(self.text, start, end):
            self.assignments.append(word)
        else:
            self.words.append(word)

    def _redirect(self, target: Word | None = None) -> None:
        if self.operator is not None:
            self.redirections.append(Redirection(*self.operator, target))
            self.operator = None

    def _finish(self, operator: str) -> None:
        self._redirect()
        if self.words or self.assignments or self.redirections:
            span = self.script.span_of(self.first, self.last)
            self.commands.append(
                Command(tuple(self.words), tuple(self.assignments), tuple(self.redirections), span, self.before)
            )
            self.words, self.assignments, self.redirections = [], [], []
        self.before = operator
        self.first = -1

    def _skip_heredocs(self, at: int) -> int:
        for name, strips_tabs in self.pending:
            while at < len(self.text):
                end = self.text.find("\n", at)
                end = len(self.text) if end < 0 else end
                line = self.text[at:end].removesuffix("\r")
                at = min(end + 1, len(self.text))
                if (line.lstrip("\t") if strips_tabs else line) == name:
                    break
        self.pending = []
        return at

    def _word(self, start: int) -> int:
        """Takes a word with quotes, variables or escapes in it; returns its end."""
        text, length = self.text, len(self.text)
        parts: list[tuple[int, str]] = []
        is_literal = True
        at = start
        while at < length:
            char = text[at]
            run = _RUN.match(text, at)
            if run is not None:
                parts.append((at, run[0]))
                is_literal = is_literal and (("=" in run[0] and "{" not in run[0]) or not _GLOB.search(run[0]))
                at = run.end()
            elif char == "'":
                end = text.find("'", at + 1)
                is_literal = is_literal and end >= 0
                end = length if end < 0 else end
                parts.append((at + 1, text[at + 1 : end]))
                at = end + 1
            elif char == '"':
                at, literal = self._quoted(at + 1, parts)
                is_literal = is_literal and literal
            elif char == "\\":
                if text[at + 1 : at + 2] not in {"\n", ""}:
                    parts.append((at + 1, text[at + 1]))
                at += 2
            elif char in "$`" or text.startswith(("<(", ">("), at):
                end = _behind_dollar(text, at)
                is_literal = is_literal and end == at + 1 and char == "$"
                parts.append((at, text[at:end]))
                at = end
            else:
                break
        end = min(at, length)
        if end == start:
            # No shell takes this for anything; a parenthesis behind `<`, for one.
            return start + 1
        self._take(self._joined(parts, start, end, is_literal), start, end)
        return end

    def _quoted(self, at: int, parts: list[tuple[int, str]]) -> tuple[int, bool]:
        """Takes what stands between double quotes; returns the offset behind them and whether all of it is literal."""
        text, length = self.text, len(self.text)
        is_literal = True
        parts.append((at, ""))
        while at < length:
            char = text[at]
            run = _QUOTED_RUN.match(text, at)
            if run is not None:
                parts.append((at, run[0]))
                at = run.end()
            elif char == '"':
                return at + 1, is_literal
            elif char == "\\":
                following = text[at + 1 : at + 2]
                if following == "\n":
                    pass
                elif following and following in '"\\$`':
                    parts.append((at + 1, following))
                else:
                    parts.append((at, "\\" + following))
                at += 2
            else:
                end = _behind_dollar(text, at)
                is_literal = is_literal and end == at + 1 and char == "$"
                parts.append((at, text[at:end]))
                at = end
        return at, False

    def _joined(self, parts: list[tuple[int, str]], start: int, end: int, is_literal: bool) -> Word:
        span = self.script.span_of(start, end)
        filled = [part for part in parts if part[1]] or parts[:1]
        if not filled:
            return Word("", span, None, is_literal)
        first = expected = filled[0][0]
        for place, part in filled:
            if place != expected:
                return Word("".join(part for _, part in filled), span, None, is_literal)
            expected += len(part)
        inner = self.script.at(first) if self.script.is_contiguous(first, expected) else None
        return Word("".join(part for _, part in filled), span, inner, is_literal)


def _behind_dollar(text: str, at: int) -> int:
    """The offset behind `$name`, `${…}`, `$(…)`, `` `…` `` or `<(…)`; behind the sign alone where it is only that."""
    if text[at] == "`":
        return _behind(text, at + 1, "`")
    following = text[at + 1 : at + 2]
    if following == "(":
        return _behind(text, at + 2, ")")
    if following == "{":
        return _behind(text, at + 2, "}")
    name = _NAME.match(text, at)
    return name.end() if name else at + 1


def _behind(text: str, at: int, closer: str) -> int:
    """The offset behind the sign that closes what was opened, nested ones skipped; the end where there is none."""
    open_ones = [closer]
    length = len(text)
    while at < length:
        found = _NESTED.search(text, at)
        if found is None:
            return length
        char = found[0]
        at = found.end()
        top = open_ones[-1]
        if char == "\\":
            at += 1
        elif char == top:
            open_ones.pop()
            if not open_ones:
                return at
        elif char == "'" and top not in '"`':
            at = text.find("'", at) + 1 or length
        elif char == '"' or (char == "`" and top != "`"):
            open_ones.append(char)
        elif char == "(" and (top == ")" or text[at - 2 : at - 1] == "$"):
            open_ones.append(")")
        elif char == "{" and text[at - 2 : at - 1] == "$":
            open_ones.append("}")
    return length
