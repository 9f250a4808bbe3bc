"""Parses a pip requirement line into parts with spans relative to its text.

Own code rather than `packaging`: spans are needed for every part, half-typed lines must keep the parts that stand, and
3,000 lines cost `packaging` 42 ms. What pip refuses is judged by rules; a test compares the verdict with `packaging`.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from ..text.span import Span
from .pins import Pin, is_one_series

OPERATORS = frozenset({"==", "===", "!=", "<=", ">=", "<", ">", "~="})
_NOWHERE = Span(0, 0)


class LineKind(StrEnum):
    """What a line of a requirements file, or an entry of a conda `pip:` list, is."""

    REQUIREMENT = "requirement"
    OPTION = "option"  # -r, -c, -e, --index-url …
    LINK = "link"  # a URL, a VCS reference, a path or an archive
    BLANK = "blank"  # empty, or only a comment
    MALFORMED = "malformed"  # nothing that pip could read


class Specifier(NamedTuple):
    """One `operator version` of a requirement, as written."""

    operator: str
    operator_span: Span
    version: str
    version_span: Span


class Requirement(NamedTuple):
    """A line. Spans count from the start of `text`; `name` is normalised as PEP 503 says, empty where there is none."""

    text: str
    kind: LineKind
    name: str = ""
    name_span: Span = _NOWHERE
    extras: str = ""
    specifiers: tuple[Specifier, ...] = ()
    constraint_span: Span = _NOWHERE
    marker: str = ""
    marker_span: Span = _NOWHERE
    rest: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether pip knows all its operators: only then does it say anything of versions."""
        return all(each.operator in OPERATORS for each in self.specifiers)

    @property
    def has_trailing_comma(self) -> bool:
        """Whether nothing follows a comma behind the last specifier."""
        if not self.specifiers or self.specifiers[-1].operator == "===":
            return False
        return not self.rest and self.text.startswith(",", _skip(self.text, self.constraint_span.end))

    @property
    def pin(self) -> Pin:
        """How far the line fixes what is installed; a link fixes one thing, an option says nothing."""
        if self.kind is not LineKind.REQUIREMENT:
            return Pin.EXACT
        operators = [(each.operator, each.version) for each in self.specifiers]
        if any(operator in {"==", "==="} and not version.endswith("*") for operator, version in operators):
            return Pin.EXACT
        if any(operator in {"~=", "=="} for operator, _ in operators):
            return Pin.SERIES
        if is_one_series(operators):
            return Pin.SERIES
        return Pin.RANGE if operators else Pin.NONE


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


_COMMENT = re.compile(r"(?:^|\s)#")
# No requirement is longer; a text that is costs time and holds nothing.
_MAX_LENGTH = 10_000
_LINK = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*://|[A-Za-z]:[\\/]|\.|[\\/]|[\w.\-]+/|git\+|(?:file|https?|ftp):"
    r"|.*\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tbz|tar)(?:[\s#;\[]|$)"
)
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._\-]*[A-Za-z0-9_])?)\s*(?:\[(?P<extras>[^\]]*)\])?")
_DIRECT = re.compile(r"\s*@\s*\S")
_SPECIFIER = re.compile(
    r"\s*(?:(?P<same>===)\s*(?P<text>[^\s;)]*)|(?P<op>[=<>!~]+)\s*(?P<version>(?:\d+!)?[^\s,;()=<>!~]*))\s*(?P<comma>,)?"
)
_OPENING = re.compile(r"\s*\(")
_OPTIONS = re.compile(r" -")  # pip splits at blanks alone


@lru_cache(maxsize=16384)
def parse(text: str) -> Requirement:
    """The parts of `text`; never raises. Text that is left over behind the last specifier stands in `rest`."""
    if len(text) > _MAX_LENGTH:
        return Requirement(text, LineKind.MALFORMED)
    comment = _COMMENT.search(text)
    end = comment.start() if comment else len(text)
    body = text[:end]
    stripped = body.strip()
    if not stripped:
        return Requirement(text, LineKind.BLANK)
    if stripped.startswith("-"):
        return Requirement(text, LineKind.OPTION)
    if _LINK.match(stripped):
        return Requirement(text, LineKind.LINK)
    found = _NAME.match(body)
    if not found:
        return Requirement(text, LineKind.MALFORMED)
    name = re.sub(r"[-_.]+", "-", found["name"]).lower()
    name_span = Span(*found.span("name"))
    if _DIRECT.match(body, found.end()):
        return Requirement(text, LineKind.LINK, name, name_span, found["extras"] or "")
    options = _OPTIONS.search(body, name_span.end)
    if options:
        body = body[: options.start()]
    semicolon = body.find(";", found.end())
    constraint_end = semicolon if semicolon >= 0 else len(body)
    specifiers, rest = _specifiers(body, found.end(), constraint_end)
    if not specifiers:
        constraint = Span(found.end(), found.end())
    else:
        constraint = Span(specifiers[0].operator_span.start, specifiers[-1].version_span.end)
    marker_span = Span(semicolon + 1, len(body)) if semicolon >= 0 else Span(0, 0)
    marker = body[marker_span.start : marker_span.end].strip() if semicolon >= 0 else ""
    return Requirement(
        text,
        LineKind.REQUIREMENT,
        name,
        name_span,
        found["extras"] or "",
        specifiers,
        constraint,
        marker,
        marker_span,
        rest,
    )


def _specifiers(body: str, at: int, end: int) -> tuple[tuple[Specifier, ...], str]:
    """The specifiers between two offsets, and what is left over that pip could not read."""
    found: list[Specifier] = []
    opening = _OPENING.match(body, at, end)
    if opening:
        at = opening.end()
    while part := _SPECIFIER.match(body, at, end):
        op, version = ("same", "text") if part["same"] else ("op", "version")
        found.append(Specifier(part[op], Span(*part.span(op)), part[version], Span(*part.span(version))))
        at = part.end()
        if not part["comma"]:
            break
    rest = body[at:end].strip()
    if opening:
        return tuple(found), rest.removeprefix(")").strip() if rest.startswith(")") else rest or "("
    return tuple(found), rest
