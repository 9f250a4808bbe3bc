"""The release of Python that a conda dependency pins, and what it says of its support."""

import re
from datetime import timedelta

from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Fix
from ..text.span import Span
from .facts import Facts, PythonRelease

_FIXED = {"", "=", "==", "~="}
_NUMBER = re.compile(r"\d+(?:\.\d+)*(?:\.\*)?")


def pinned(spec: MatchSpec, facts: Facts) -> PythonRelease | None:
    """The release that `python=3.11` pins; None for another package, a range, and a minor that is not known."""
    first = spec.first_version if spec.name == "python" else None
    if first is None or first[0] not in _FIXED:
        return None
    return facts.pythons.get(".".join(first[1].split(".")[:2]))


def when(release: PythonRelease) -> str:
    """Its end of life in words: to the month where only that is known."""
    return f"in {release.end_of_life:%Y-%m}" if release.month_only else f"on {release.end_of_life}"


def whole(spec: MatchSpec) -> Span:
    """From the name to the end of the version."""
    return Span(spec.name_span.start, spec.version_span.end)


def raised(spec: MatchSpec, facts: Facts, lasting: timedelta) -> tuple[Fix, ...]:
    """The fix that pins the oldest release which is supported for longer than `lasting` from today."""
    number = _NUMBER.search(spec.version)
    alive = [each for each in facts.pythons.values() if each.end_of_life - lasting > facts.today]
    if not number or not alive:
        return ()
    newer = min(alive, key=lambda each: each.end_of_life).minor
    at = spec.version_span.start
    return (Fix(f"use Python {newer}", (Edit(Span(at + number.start(), at + number.end()), newer),), safe=False),)
