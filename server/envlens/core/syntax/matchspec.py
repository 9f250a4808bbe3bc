"""Parses a conda match spec (`conda-forge::numpy>=1.26,<2`) into parts with spans relative to its text."""

import re
from functools import lru_cache
from typing import NamedTuple

from ..text.span import Span
from .pins import Pin, is_one_series

_SPEC = re.compile(
    r"""\s*(?:(?P<channel>[A-Za-z]+://[^\s\["']*?|[^\s:=<>!~\[]+(?::[^\s:=<>!~\[]+)?)::)?
        (?P<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*|\*)
        (?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_BRACKET_VERSION = re.compile(r"""\bversion\s*=\s*(?:'([^']*)'|"([^"]*)"|([^'"\],]+))""")
# No spec is longer; a text that is costs time and holds nothing.
_MAX_LENGTH = 10_000
_LEADING_VERSION = re.compile(r"[=<>!~]*\s*v?(\d+(?:\.\d+)*)")


class MatchSpec(NamedTuple):
    """A conda dependency. Spans count from the start of `text`; `name` is lower case, as conda compares it.

    `version` is the constraint with its operators (`>=1.26,<2`), empty where there is none.
    """

    text: str
    channel: str | None
    name: str
    name_span: Span
    version: str
    version_span: Span
    pin: Pin

    @property
    def first_version(self) -> tuple[str, str] | None:
        """Operator and number of a constraint of one term: (`=`, `3.11`); None for none, several or no number."""
        if "," in self.version or "|" in self.version:
            return None
        found = _LEADING_VERSION.match(self.version)
        if not found:
            return None
        operator = re.match(r"[=<>!~]*", self.version)
        return (operator[0] if operator else "", found[1])


@lru_cache(maxsize=16384)
def parse(text: str) -> MatchSpec | None:
    """The parts of `text`, or None where not even a package name can be read."""
    found = _SPEC.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if not found:
        return None
    name_span = Span(*found.span("name"))
    rest, at = found["rest"], found.start("rest")
    if rest.startswith("://"):
        return MatchSpec(text, None, found["name"].lower(), name_span, "", Span(at, at), Pin.EXACT)  # one file
    bracket = rest.find("[")
    version_span = _trimmed(text, at, at + bracket if bracket >= 0 else len(text))
    if bracket >= 0:
        inner = _BRACKET_VERSION.search(text, at + bracket)
        if inner:
            version_span = Span(*inner.span(inner.lastindex or 0))
    version = text[version_span.start : version_span.end]
    return MatchSpec(text, found["channel"], found["name"].lower(), name_span, version, version_span, _pin(version))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _pin(constraint: str) -> Pin:
    """How far a constraint fixes the version. `=1.26` is a series to conda, `==1.26` and `1.26` (blank) are exact."""
    constraint = version = re.sub(r"([=<>!~])\s+", r"\1", constraint)
    if re.match(r"=[^=<>!~]", constraint):
        parts = constraint[1:].split("=")
        version = parts[0].strip()
        if not version or version == "*":
            return Pin.NONE
        if "," not in version and "|" not in version:
            return Pin.EXACT if len(parts) > 1 and "*" not in version else Pin.SERIES
        version = "=" + version
    terms = [term.strip() for term in re.split(r"[,|]", version) if term.strip()]
    if not terms or all(term.split()[0].lstrip("=") in {"", "*"} for term in terms):
        return Pin.NONE
    if "|" not in version:
        for term in terms:
            if re.match(r"==\s*[^*]+$|\d[^*]*$", term):
                return Pin.EXACT
        if any(re.match(r"~=|==?|\d", term) for term in terms):
            return Pin.SERIES
        if is_one_series(_split(term) for term in terms):
            return Pin.SERIES
    return Pin.RANGE


def _split(term: str) -> tuple[str, str]:
    number = term.lstrip("=<>!~")
    return term[: len(term) - len(number)], number
