"""The release of Python that a conda dependency pins, and what it says of its support."""

import re
from collections.abc import Iterator
from datetime import timedelta

from ..syntax.joined import Joined
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Scalar
from ..text.diagnostic import Edit, Fix
from ..text.span import Span
from .conda import CondaEntry, CondaSpec
from .dockerfile import Dockerfile
from .facts import Facts, PythonRelease
from .python_pins import excluding

_FIXED = {"", "=", "==", "~="}
_NUMBER = re.compile(r"\d+(?:\.\d+)*(?:\.\*)?")
# Only what surely means one minor version: '=3.11', '==3.11.4', '3.11.*', '=3.11.4=h12debd9_0'.
_ONE_MINOR = re.compile(r"={0,2}\s*3\.(?P<minor>\d{1,3})(?:\.\d+)*(?:\.\*)?(?:=\S*)?")


def pinned(spec: MatchSpec, facts: Facts) -> PythonRelease | None:
    """The release that `python=3.11` pins; None for another package, a range, and a minor that is not known."""
    first = spec.first_version if spec.name == "python" else None
    if first is None or first[0] not in _FIXED:
        return None
    return facts.pythons.get(".".join(first[1].split(".")[:2]))


def the_one(spec: CondaSpec) -> tuple[CondaEntry, int] | None:
    """The entry that pins Python, with the minor version of Python 3; None where several entries or a range do."""
    found = spec.by_name.get("python", [])
    if len(found) != 1 or found[0].spec is None:
        return None
    pin = _ONE_MINOR.fullmatch(found[0].spec.version)
    return (found[0], int(pin["minor"])) if pin else None


def when(release: PythonRelease) -> str:
    """Its end of life in words: to the month where only that is known."""
    return f"in {release.end_of_life:%Y-%m}" if release.month_only else f"on {release.end_of_life}"


def whole(spec: MatchSpec) -> Span:
    """From the name to the end of the version."""
    return Span(spec.name_span.start, spec.version_span.end)


def pythons(value: CondaSpec | Dockerfile) -> Iterator[tuple[MatchSpec, Scalar | Joined]]:
    """The entries `python` of a conda specification, or of the conda commands of a Dockerfile, and where they stand."""
    if isinstance(value, CondaSpec):
        yield from value.specs_of("python")
        return
    for spec, place in value.packages:
        if isinstance(spec, MatchSpec) and spec.name == "python":
            yield spec, place


def raised(
    spec: MatchSpec, place: Scalar | Joined, value: CondaSpec | Dockerfile, facts: Facts, lasting: timedelta
) -> tuple[Fix, ...]:
    """The fix that pins the oldest release which is supported for longer than `lasting` from today.

    Releases that a pinned package of the same specification excludes are passed over.
    """
    number = _NUMBER.search(spec.version)
    alive = [each for each in facts.pythons.values() if each.end_of_life - lasting > facts.today]
    for release in sorted(alive, key=lambda each: each.end_of_life) if number else ():
        if isinstance(value, CondaSpec) and any(excluding(value, int(release.minor.split(".")[1]), facts)):
            continue
        start, end = (spec.version_span.start + at for at in number.span()) if number else (0, 0)
        if not place.is_contiguous(start, end):
            break
        return (Fix(f"use Python {release.minor}", (Edit(place.span_of(start, end), release.minor),), safe=False),)
    return ()
