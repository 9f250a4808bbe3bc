"""What a workspace has under a name: the facts that rules, completion and the lines in the editor need, and no more."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class RegisteredVersion(NamedTuple):
    """A version as others have to know it. `content` is the digest of what is immutable in it (64 hex digits)."""

    version: str
    content: str
    fingerprint: str | None = None
    is_archived: bool = False


class Registered(NamedTuple):
    """An environment in a workspace. `versions` stand in the order in which they were made.

    Where the whole environment is archived, all of its versions are, whatever they say themselves.
    """

    name: str
    versions: tuple[RegisteredVersion, ...] = ()
    is_archived: bool = False

    @property
    def shown(self) -> tuple[RegisteredVersion, ...]:
        """The versions that are not archived."""
        return () if self.is_archived else tuple(each for each in self.versions if not each.is_archived)

    @property
    def latest(self) -> RegisteredVersion | None:
        """What the label `latest` means: the one made last of those that are not archived."""
        shown = () if self.is_archived else self.versions
        return next((each for each in reversed(shown) if not each.is_archived), None)

    @property
    def next_version(self) -> str:
        """The version that an environment gets that brings none: one more than the highest number, archived or not."""
        return next_version(each.version for each in self.versions)

    def get(self, version: str | None) -> RegisteredVersion | None:
        """The version of that name, for None the latest."""
        if version is None:
            return self.latest
        return next((each for each in self.versions if each.version == version), None)


def next_version(versions: Iterable[str]) -> str:
    """One more than the highest of the versions that are numbers, `1` where none is."""
    return str(max((number for each in versions if (number := number_of(each)) is not None), default=0) + 1)


def number_of(version: str) -> int | None:
    """The number that a version is, None for one that is a word."""
    return int(version) if _NUMBER.fullmatch(version) else None


_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
