"""What a whole run looked at: where nothing of it changed, the next one needs to look no further.

That is quicker to find out than to ask answer by answer, and holds for all of them at once.
"""

from itertools import islice
from typing import Any, NamedTuple

from . import disk
from .host import Host
from .keeping import Keeping


class Seen(NamedTuple):
    """What was looked at: folders and files with digests of what they hold, and folders with names of their settings.

    `registered` and `meant` are the names that a workspace was asked for, with digests of what it said.
    Not `is_all` where more was looked at than these can tell.
    """

    folders: dict[str, str]
    files: dict[str, str]
    settings: dict[str, str]
    registered: dict[str, str]
    meant: dict[str, str]
    is_all: bool

    def take(self, other: "Seen") -> "Seen":
        """Takes up what was seen elsewhere."""
        for mine, more in zip(self[:-1], other[:-1], strict=True):
            mine.update(more)
        return self._replace(is_all=self.is_all and other.is_all)

    def holds(self, host: Host, keeping: Keeping) -> bool:
        """Whether all that was looked at is as it was."""
        if not isinstance(host.roots, disk.Roots) or not self.is_all:
            return False
        folders = host.roots.folders
        return (
            all(folders.digest(folder) == name for folder, name in self.folders.items())
            and all(keeping.settings(f"{folder}/") == name for folder, name in self.settings.items())
            and all(keeping.digest(path) == name for path, name in self.files.items())
            and all(keeping.registered(name) == said for name, said in self.registered.items())
            and all(keeping.meant(name) == said for name, said in self.meant.items())
            and folders.is_all
        )


def nothing() -> Seen:
    """What was seen before anything was looked at."""
    return Seen({}, {}, {}, {}, {}, True)


class Watch:
    """Tells what one host has looked at, each time what came since the last time."""

    def __init__(self, host: Host, keeping: Keeping) -> None:
        self._host = host
        self._keeping = keeping
        self._counts = (0, 0, 0, 0, 0)

    def skip(self) -> None:
        """Leaves out what is known already: another process tells it."""
        roots = self._host.roots
        if isinstance(roots, disk.Roots):
            asked = self._host.registered
            counts = len(roots.folders.met()), len(roots.files), len(self._host.bases)
            self._counts = (*counts, len(asked.got), len(asked.sought))

    def seen(self) -> Seen:
        """What was looked at since the last time."""
        roots = self._host.roots
        if not isinstance(roots, disk.Roots):
            return nothing()._replace(is_all=False)
        asked = self._host.registered
        folders, files, settings, got, sought = self._counts
        new = {folder: roots.folders.digest(folder) for folder in roots.folders.met(folders)}
        read = dict(islice(roots.files.items(), files, None))
        bases = {folder: self._keeping.settings(f"{folder}/") for folder in self._host.bases[settings:]}
        registered = {name: self._keeping.registered(name) for name in list(asked.got)[got:]}
        meant = {name: self._keeping.meant(name) for name in list(asked.sought)[sought:]}
        counts = folders + len(new), len(roots.files), settings + len(bases)
        self._counts = (*counts, len(asked.got), len(asked.sought))
        return Seen(new, read, bases, registered, meant, roots.folders.is_all)


def to_json(seen: Seen) -> dict[str, Any]:
    """It as plain data."""
    return seen._asdict()


def from_json(data: dict[str, Any]) -> Seen:
    """What plain data holds. Raises TypeError for what is none."""
    seen = Seen(**data)
    if not all(isinstance(each, dict) for each in seen[:-1]) or seen.is_all is not True:
        raise TypeError
    return seen
