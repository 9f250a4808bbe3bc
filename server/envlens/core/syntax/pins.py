"""How far a version constraint fixes what is installed; the same words for conda and pip."""

from enum import StrEnum


class Pin(StrEnum):
    """From nothing to one version."""

    NONE = "none"  # any version
    RANGE = "range"  # a range that still moves: >=1, <2
    SERIES = "series"  # one series: ~=1.4, ==1.*, conda's =1.4
    EXACT = "exact"  # one version, or one file or commit
