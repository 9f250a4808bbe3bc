"""How far a version constraint fixes what is installed; the same words for conda and pip."""

import re
from collections.abc import Iterable
from enum import StrEnum


class Pin(StrEnum):
    """From nothing to one version."""

    NONE = "none"  # any version
    RANGE = "range"  # a range that still moves: >=1, <2
    SERIES = "series"  # one series: ~=1.4, ==1.*, conda's =1.4
    EXACT = "exact"  # one version, or one file or commit


def is_one_series(terms: Iterable[tuple[str, str]]) -> bool:
    """Whether operators and versions bound one series, as `>=1.1,<1.2` does: the same as `~=1.1.0`."""
    bounds = list(terms)
    lower = [version for operator, version in bounds if operator == ">="]
    upper = [version for operator, version in bounds if operator == "<"]
    if len(lower) != 1 or len(upper) != 1:
        return False
    low, high = (
        [int(part) for part in version.split(".")] if _RELEASE.fullmatch(version) else []
        for version in (*lower, *upper)
    )
    while len(high) > 2 and high[-1] == 0:
        high.pop()
    return 2 <= len(high) <= len(low) and [*high[:-1], high[-1] - 1] == low[: len(high)]


_RELEASE = re.compile(r"\d{1,9}(\.\d{1,9})+")
