"""Whether version constraints exclude each other, where that is certain: plain releases, pip's and conda's operators.

A constraint becomes a range of releases; what is no plain release (`1.0rc1`, `1.0+cu121`), and `!=`, is left out of the
account: then nothing is certain, or less is excluded than really is.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from .matchspec import MatchSpec
from .requirements import Requirement

_RELEASE = re.compile(r"v?(\d{1,12}(?:\.\d{1,12}){0,9})")
_Release = tuple[int, ...]


class Range(NamedTuple):
    """The releases from `low` to `high`, None for no bound; the flags say whether a bound is in it."""

    low: _Release | None = None
    has_low: bool = True
    high: _Release | None = None
    has_high: bool = True

    def excludes(self, other: "Range") -> bool:
        """Whether no release is in both."""
        return _is_empty(self.low, self.has_low, other.high, other.has_high) or _is_empty(
            other.low, other.has_low, self.high, self.has_high
        )


def _is_empty(low: _Release | None, has_low: bool, high: _Release | None, has_high: bool) -> bool:
    if low is None or high is None:
        return False
    low, high = _bare(low), _bare(high)
    return low > high or (low == high and not (has_low and has_high))


def _bare(release: _Release) -> _Release:
    """Without zeros at the end: 1.0 is 1."""
    while release and release[-1] == 0:
        release = release[:-1]
    return release


def of_requirement(requirement: Requirement) -> list[Range]:
    """The ranges of a pip requirement, all of which hold."""
    return _ranges((each.operator, each.version) for each in requirement.specifiers)


def of_matchspec(spec: MatchSpec) -> list[Range]:
    """The ranges of a conda dependency, all of which hold; none where alternatives are given."""
    if "|" in spec.version or "(" in spec.version:
        return []
    terms = []
    for term in spec.version.split(","):
        found = re.fullmatch(r"\s*([=<>!~]*)\s*(\S+?)(?:[=\s].*)?\s*", term)
        if not found:
            return []
        operator, version = found.groups()
        if operator == "=" and not term.strip().lstrip("=").strip()[len(version) :].strip():
            version = version if version.endswith("*") else f"{version}.*"  # `=1.26` is the series
        terms.append((operator if operator not in {"", "="} else "==", version))
    return _ranges(terms)


def _ranges(terms: Iterable[tuple[str, str]]) -> list[Range]:
    found = []
    for operator, version in terms:
        series = version.endswith(".*")
        match = _RELEASE.fullmatch(version.removesuffix(".*"))
        if not match:
            continue
        release = tuple(map(int, match[1].split(".")))
        if operator == "~=" and len(release) > 1:
            found.append(Range(release, True, _next(release[:-1]), False))
        elif operator == "==" and series:
            found.append(Range(release, True, _next(release), False))
        elif operator == "==":
            found.append(Range(release, True, release, True))
        elif operator in {">=", ">"}:
            found.append(Range(low=release, has_low=operator == ">="))
        elif operator in {"<=", "<"}:
            found.append(Range(high=release, has_high=operator == "<="))
    return found


def _next(release: _Release) -> _Release:
    return (*release[:-1], release[-1] + 1)


def exclude(one: Iterable[Range], other: Iterable[Range]) -> bool:
    """Whether nothing satisfies both of two constraints."""
    others = list(other)
    return any(left.excludes(right) for left in one for right in others)
