"""What lies at paths, by asking the disk each time or by reading each folder once."""

import os
import sys
from enum import Enum
from hashlib import blake2b
from itertools import islice


def digest(data: bytes) -> str:
    """A name for bytes."""
    return blake2b(data, digest_size=16).hexdigest()


class Kind(Enum):
    """What a name in a folder stands for, links not followed. UNKNOWN: the disk has to be asked for this path."""

    MISSING = 0
    FILE = 1
    FOLDER = 2
    LINK = 3
    OTHER = 4
    UNKNOWN = 5


# There are no longer ones: what a file gives for a path can be any text, and none of its parts is to be remembered.
MAX_PATH = 4_096 if sys.platform.startswith("linux") else 32_767
# To read a folder with more names takes longer than to ask for those that matter.
_MAX_NAMES = 5_000
# Elsewhere a name can be spelled in several ways.
_IS_EXACT = sys.platform.startswith("linux")


class Folders:
    """Asks the disk each time: for a server, which lives while files come and go."""

    def kind(self, path: str) -> Kind:  # noqa: ARG002
        """What lies at a path, which must be absolute."""
        return Kind.UNKNOWN

    def entries(self, folder: str) -> dict[str, Kind]:
        """What lies in a folder by name, in order of the names. Raises OSError where it cannot be read."""
        return _read(folder, None) or {}

    def names(self, folder: str) -> dict[str, Kind] | None:  # noqa: ARG002
        """The names in a folder where they are known or quickly found out, None where not."""
        return None

    def is_file(self, path: str) -> bool:
        """Whether a regular file lies at a path, or a link to one."""
        kind = self.kind(path)
        return kind is Kind.FILE or (kind in _ASK and os.path.isfile(path))

    def is_folder(self, path: str) -> bool:
        """Whether a folder lies at a path, or a link to one."""
        kind = self.kind(path)
        return kind is Kind.FOLDER or (kind in _ASK and os.path.isdir(path))

    def exists(self, path: str) -> bool:
        """Whether anything lies at a path; a link to nothing does not count."""
        kind = self.kind(path)
        return os.path.exists(path) if kind in _ASK else kind is not Kind.MISSING

    def is_there(self, path: str) -> bool:
        """Whether anything lies at a path, be it a link to nothing."""
        kind = self.kind(path)
        return os.path.lexists(path) if kind is Kind.UNKNOWN else kind is not Kind.MISSING

    def is_link(self, path: str) -> bool:
        """Whether a link lies at a path."""
        kind = self.kind(path)
        return kind is Kind.LINK or (kind is Kind.UNKNOWN and os.path.islink(path))


_ASK = (Kind.LINK, Kind.UNKNOWN)
DIRECT = Folders()


class FoldersOnce(Folders):
    """Reads each folder once, for one run of the command line: what changes in the meantime is not noticed."""

    def __init__(self, beside: "FoldersOnce | None" = None) -> None:
        """With `beside`, what that one has read is known here, too; what is asked of each is told apart."""
        self._known: dict[str, dict[str, Kind] | None] = beside._known if beside is not None else {}
        self._met: dict[str, None] = {}
        self.is_all = True
        """Whether all that was asked for is what names in folders say: no link, and nothing else of the disk."""

    def kind(self, path: str) -> Kind:
        """What lies at a path, which must be absolute."""
        folder, _, name = path.rpartition("/")
        names = self.names(folder or "/") if name not in _DOTS and "\0" not in name else None
        kind = names.get(name, _ABSENT) if names is not None else Kind.UNKNOWN
        if kind in _ASK:
            self.is_all = False
        return kind

    def met(self, since: int = 0) -> list[str]:
        """The folders that were asked about, without those that came first."""
        return list(islice(self._met, since, None))

    def digest(self, folder: str) -> str:
        """A name for what lies in a folder, empty where it cannot be read."""
        names = self.names(folder)
        if names is None:
            self.is_all = False
            return ""
        return digest(
            "\0".join([f"{name}/{kind.value}" for name, kind in names.items()]).encode("utf-8", "surrogateescape")
        )

    def names(self, folder: str) -> dict[str, Kind] | None:
        """The names in a folder where they are known or quickly found out, None where not."""
        names = self._known.get(folder, _UNSEEN)
        if names is _UNSEEN:
            if "\0" in folder or len(folder) > MAX_PATH:
                return None
            names = self._known[folder] = _read_or_none(folder)
        self._met[folder] = None
        return names

    def entries(self, folder: str) -> dict[str, Kind]:
        """What lies in a folder by name, in order of the names. Raises OSError where it cannot be read."""
        place = folder if folder[:1] == "/" else os.path.abspath(folder)
        self._met[place] = None
        names = self._known.get(place)
        if names is None:
            names = self._known[place] = _read(folder, None) or {}
        return names


_UNSEEN: dict[str, Kind] = {}
_ABSENT = Kind.MISSING if _IS_EXACT else Kind.UNKNOWN
_DOTS = frozenset({"", ".", ".."})


def _read_or_none(folder: str) -> dict[str, Kind] | None:
    try:
        return _read(folder, _MAX_NAMES)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError):
        return None


def _read(folder: str, limit: int | None) -> dict[str, Kind] | None:
    """The names in a folder and what they stand for, None for more than the limit."""
    found = []
    with os.scandir(folder) as listing:
        for entry in listing:
            found.append((entry.name, _kind(entry)))
            if len(found) == limit:
                return None
    found.sort(key=_name)
    return dict(found)


def _name(found: tuple[str, Kind]) -> str:
    return found[0]


def _kind(entry: "os.DirEntry[str]") -> Kind:
    try:
        if entry.is_file(follow_symlinks=False):
            return Kind.FILE
        if entry.is_dir(follow_symlinks=False):
            return Kind.FOLDER
        return Kind.LINK if entry.is_symlink() else Kind.OTHER
    except OSError:
        return Kind.UNKNOWN
