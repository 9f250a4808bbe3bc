"""Parses a pip requirements file into its logical lines: requirements, options, comments.

As pip 26.3 does (`pip/_internal/req/req_file.py`, read): lines end where `str.splitlines` says, a backslash at the end
joins the next line, a comment line ends a continuation, ` #` begins a comment.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..text.span import Span
from . import requirements
from .joined import Joined
from .requirements import LineKind, Requirement

_COMMENT_LINE = re.compile(r"\s*#")
_COMMENT = re.compile(r"(?:^|\s+)#")
_PER_LINE_OPTION = re.compile(r"\s+(?=--?[A-Za-z])")
_OPTION = re.compile(r"(?P<name>--[A-Za-z0-9][A-Za-z0-9\-]*|-[A-Za-z])(?P<glue>\s*=\s*|\s*)")
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")

# pip's options in a requirements file that take a value (pip 26.3 `--help` and SUPPORTED_OPTIONS, read).
VALUE_OPTIONS = frozenset(
    {
        "-i",
        "--index-url",
        "--pypi-url",
        "--extra-index-url",
        "-c",
        "--constraint",
        "-r",
        "--requirement",
        "-e",
        "--editable",
        "-f",
        "--find-links",
        "--no-binary",
        "--only-binary",
        "--trusted-host",
        "--use-feature",
        "--global-option",
        "--config-settings",
        "--hash",
    }
)
_FLAGS = frozenset({"--no-index", "--prefer-binary", "--require-hashes", "--pre"})
KNOWN_OPTIONS = VALUE_OPTIONS | _FLAGS


class Option(NamedTuple):
    """An option with its value, None where it takes none or none is written. Spans are the file's."""

    name: str
    name_span: Span
    value: str | None
    value_span: Span


class Line(NamedTuple):
    """One logical line. `requirement` is None for a line of options; `options` may also follow a requirement."""

    joined: Joined
    span: Span
    requirement: Requirement | None
    options: tuple[Option, ...]


class RequirementsFile(NamedTuple):
    """A requirements file; blank lines and comments are left out."""

    lines: tuple[Line, ...]

    def option_values(self, *names: str) -> Iterator[Option]:
        """The options of those names that have a value."""
        for line in self.lines:
            for option in line.options:
                if option.name in names and option.value:
                    yield option


def parse(text: str) -> RequirementsFile:
    """The lines of a requirements file. Never raises."""
    return RequirementsFile(tuple(line for joined in _logical_lines(text) if (line := _line(joined))))


def _logical_lines(text: str) -> Iterator[Joined]:
    """The lines with continuations joined, comments cut off."""
    parts: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    length = 0
    offset = 0
    for raw in text.splitlines(keepends=True):
        line = raw.splitlines()[0]
        is_comment = _COMMENT_LINE.match(line) is not None
        continues = line.endswith("\\") and not is_comment
        # A comment line ends what came before it.
        content = "" if is_comment else line.rstrip("\\") if continues else line
        if content:
            starts.append(length)
            shifts.append(offset - length)
            parts.append(content)
            length += len(content)
        if not continues and parts:
            yield _without_comment(Joined("".join(parts), tuple(starts), tuple(shifts)))
            parts, starts, shifts, length = [], [], [], 0
        offset += len(raw)
    if parts:
        yield _without_comment(Joined("".join(parts), tuple(starts), tuple(shifts)))


def _without_comment(joined: Joined) -> Joined:
    found = _COMMENT.search(joined.text)
    return joined._replace(text=joined.text[: found.start()]) if found else joined


def _line(joined: Joined) -> Line | None:
    text = joined.text
    stripped = text.strip()
    if not stripped:
        return None
    start = len(text) - len(text.lstrip())
    span = joined.span_of(start, start + len(stripped))
    if stripped.startswith("-") and stripped != "-" and not stripped.startswith("- "):
        return Line(joined, span, None, tuple(_options(joined, start)))
    requirement = requirements.parse(text)
    behind = _PER_LINE_OPTION.search(text, start) if requirement.kind is not LineKind.MALFORMED else None
    options = tuple(_options(joined, behind.end())) if behind else ()
    return Line(joined, span, requirement, options)


def _options(joined: Joined, at: int) -> Iterator[Option]:
    text = joined.text
    while at < len(text):
        found = _OPTION.match(text, at)
        if not found:
            word = _WORD.search(text, at)
            if not word:
                return
            at = word.end()
            continue
        name, value, value_span = found["name"], None, joined.span_of(found.end("name"), found.end("name"))
        at = found.end("name")
        if name in VALUE_OPTIONS:
            word = _WORD.match(text, found.end())
            if word:
                cut = len(word[0]) > 1 and word[0][0] in "\"'" and word[0][-1] == word[0][0]
                begin, end = (word.start() + 1, word.end() - 1) if cut else word.span()
                value, value_span, at = text[begin:end], joined.span_of(begin, end), word.end()
        elif text.startswith("=", at):
            word = _WORD.match(text, at)
            at = word.end() if word else at + 1
        yield Option(name, joined.span_of(*found.span("name")), value, value_span)
        while at < len(text) and text[at].isspace():
            at += 1
