"""Reads files safely: regular files inside the workspace folders only, none larger than the limit.

Nothing outside is opened, not through links, not through `..`; no device, FIFO or socket is opened. The size is decided
before reading, and what grew since is cut at the limit.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Self

from ..core.model.facts import Entry, FileState
from .folders import DIRECT, Folders, FoldersOnce, Kind, digest
from .patterns import compile_patterns

_YAML = (".yml", ".yaml")
# Folders that hold no definitions of the user's and can be huge.
_SKIPPED = {
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
    ".mypy_cache",
    ".tox",
    "site-packages",
}
MAX_WALKED = 200_000
_MAX_NEARBY = 50
_MAX_DEPTH = 100
_MAX_LISTED = 2000


def normal(path: str) -> str:
    """The path as the host keys it: absolute, `/`-separated."""
    return os.path.abspath(path).replace(os.sep, "/")


Stamp = tuple[int, ...]


class Read(NamedTuple):
    """What a path holds: the bytes of a regular file, or why there are none. `stamp` is as `stamp` would say."""

    state: FileState
    data: bytes = b""
    stamp: Stamp | None = None


def read(path: str, roots: Sequence[str] | None, limit: int) -> Read:
    """The bytes of a regular file. With `roots`, the real path must lie in one of them. Never raises."""
    found = _read(path, roots, limit)
    if found.stamp is None and found.state in {FileState.DIRECTORY, FileState.UNREADABLE}:  # there, but not opened
        found = found._replace(stamp=stamp(path, roots))
    if isinstance(roots, Roots):
        roots.files[path] = digest(found.data) if found.state is FileState.PRESENT else ""
        roots.folders.is_all &= found.state is not FileState.UNREADABLE
    return found


def _read(path: str, roots: Sequence[str] | None, limit: int) -> Read:
    try:
        real = _locate(path, roots)
        if real is None:
            return Read(FileState.OUTSIDE)
        # The kind is judged on the opened file itself.
        descriptor = os.open(real, READ_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return Read(FileState.MISSING)
    except IsADirectoryError:
        return Read(FileState.DIRECTORY)
    except (OSError, ValueError):
        return Read(FileState.DIRECTORY if _is_dir(path) else FileState.UNREADABLE)
    try:
        status = os.fstat(descriptor)
        made = _stamp(status)
        if not stat.S_ISREG(status.st_mode):
            return Read(FileState.DIRECTORY if stat.S_ISDIR(status.st_mode) else FileState.SPECIAL, stamp=made)
        if status.st_size > limit:
            return Read(FileState.TOO_LARGE, stamp=made)
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size or not data:  # it changes just now, came in pieces, or does not tell its size
            while len(data) <= limit and (more := os.read(descriptor, 1 << 16)):
                data += more
    except OSError:
        return Read(FileState.UNREADABLE)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        return Read(FileState.TOO_LARGE, stamp=made)
    return Read(FileState.PRESENT, data, made)


# O_NONBLOCK: opening a FIFO must not wait for a writer.
READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def state(path: str, roots: Sequence[str] | None) -> FileState:
    """What lies at a path, without opening it. Never raises."""
    try:
        real = _locate(path, roots)
        if real is None:
            return FileState.OUTSIDE
        known = _STATES.get(_folders(roots).kind(real))
        if known is not None:
            return known
        mode = os.stat(real).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return FileState.MISSING
    except (OSError, ValueError):
        return FileState.UNREADABLE
    if stat.S_ISDIR(mode):
        return FileState.DIRECTORY
    return FileState.PRESENT if stat.S_ISREG(mode) else FileState.SPECIAL


_STATES = {
    Kind.MISSING: FileState.MISSING,
    Kind.FILE: FileState.PRESENT,
    Kind.FOLDER: FileState.DIRECTORY,
    Kind.OTHER: FileState.SPECIAL,
}


def listing(folder: str, roots: Sequence[str] | None) -> dict[str, Kind] | None:
    """What lies in a folder by name, in order; None for one that cannot be read."""
    try:
        return _folders(roots).entries(folder)
    except (OSError, ValueError):
        return None


def is_there(path: str, roots: Sequence[str] | None) -> bool:
    """Whether anything lies at an absolute path, be it a link to nothing."""
    return _folders(roots).is_there(path)


def stamp(path: str, roots: Sequence[str] | None) -> Stamp | None:
    """What changes when a file changes; None where there is none, or none that may be looked at."""
    try:
        real = _locate(path, roots)
        return _stamp(os.stat(real)) if real is not None else None
    except (OSError, ValueError):
        return None


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode


class Roots(tuple[str, ...]):
    """Folders that may be read, with what was seen of them so far.

    For one run of the command line: what changes in the meantime is not noticed, so the server does without.
    """

    folders: FoldersOnce
    files: dict[str, str]
    """The digests of the files that were read, empty where nothing could be read."""

    def __new__(cls, roots: Sequence[str], folders: FoldersOnce | None = None) -> Self:
        """With the folders that were read already."""
        new = super().__new__(cls, roots)
        new.folders = folders or FoldersOnce()
        new.files = {}
        # Real paths themselves: what lies above them is not looked at.
        new._real = {root: root for root in new}
        return new

    _real: dict[str, str]

    def real(self, path: str) -> str:
        """The real path of a path. Raises OSError or ValueError for what is none."""
        found = self._real.get(path)
        if found is None:
            found = self._real[path] = self._resolve(path)
        return found

    def _resolve(self, path: str) -> str:
        head, slash, tail = path.rpartition("/")
        if not head or tail in {"", ".", ".."} or path.count("/") > _MAX_DEPTH:
            return os.path.realpath(path)
        found = self.real(head).rstrip("/") + slash + tail
        return os.path.realpath(path) if self.folders.is_link(found) else found


def _folders(roots: Sequence[str] | None) -> Folders:
    return roots.folders if isinstance(roots, Roots) else DIRECT


def _locate(path: str, roots: Sequence[str] | None) -> str | None:
    """The real path, None where it leads outside. Raises OSError or ValueError for what is no path."""
    if path.startswith(("//", "\\\\")):
        return None  # a UNC path: looking at it would already ask another machine
    real = roots.real(path) if isinstance(roots, Roots) else os.path.realpath(path)
    return real if roots is None or is_inside(real, roots) else None


def is_inside(real: str, roots: Sequence[str]) -> bool:
    """Whether a real path is one of the roots or below one."""
    for root in roots:  # noqa: SIM110 - asked for each path, and a generator takes three times as long
        if real == root or real.startswith(root if root.endswith(_SEPARATORS) else root + os.sep):
            return True
    return False


_SEPARATORS = ("/", "\\") if os.sep == "\\" else "/"


def walk(
    folder: str,
    ignored: "Ignored | None" = None,
    also: Callable[[str], bool] | None = None,
    folders: Folders = DIRECT,
) -> Iterator[str]:
    """The YAML files and v1 definitions below a folder, and what `also` asks for.

    In a stable order, links not followed, what .gitignore names left out.
    """
    from ..core.model.v1 import FILE_NAME  # only here: who reads files need not load all that reads YAML

    ours = (*_YAML, FILE_NAME)
    ignored = ignored or Ignored()
    pending = [folder]
    seen = 0
    while pending:
        current = pending.pop()
        try:
            entries = folders.entries(current)
        except OSError:
            continue
        rules = ignored.entering(current, ".gitignore" in entries)
        below: list[str] = []
        base = current if current.endswith(os.sep) else current + os.sep
        for name, kind in entries.items():
            seen += 1
            if seen > MAX_WALKED:
                return
            path = base + name
            if kind is Kind.FOLDER:
                if name not in _SKIPPED and not rules.covers(path, folder=True):
                    below.append(path)
            elif (
                kind is Kind.FILE
                and (name.lower().endswith(ours) or (also is not None and also(path)))
                and not rules.covers(path, folder=False)
            ):
                yield path
        pending.extend(reversed(below))


class Ignored:
    """The .gitignore files that apply to a folder: its own and those above it, the nearest deciding last."""

    def __init__(self) -> None:
        self._specs: dict[str, object] = {}

    def entering(self, folder: str, has_own: bool) -> "Ignored":
        """Takes up the .gitignore of a folder, if it has one."""
        if has_own:
            found = read(os.path.join(folder, ".gitignore"), [os.path.realpath(folder)], 1_000_000)
            lines = found.data.decode("utf-8", "replace").splitlines()
            self._specs[folder] = compile_patterns(lines)
        return self

    def covers(self, path: str, *, folder: bool) -> bool:
        """Whether a path is ignored."""
        verdict = False
        if not self._specs:
            return verdict
        for base in sorted(self._specs, key=len):
            if path.startswith(base.rstrip(os.sep) + os.sep):
                relative = os.path.relpath(path, base).replace(os.sep, "/") + ("/" if folder else "")
                result = self._specs[base].check_file(relative)  # type: ignore[attr-defined]
                if result.include is not None:
                    verdict = result.include
        return verdict


def ignored_above(folder: str) -> Ignored:
    """The .gitignore files of the folders above, up to the top of the repository."""
    ignored = Ignored()
    chain: list[str] = []
    current = os.path.abspath(folder)
    while not os.path.exists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return ignored
        chain.append(parent)
        current = parent
    for parent in reversed(chain):
        ignored.entering(parent, os.path.isfile(os.path.join(parent, ".gitignore")))
    return ignored


def nearby(path: str, roots: Sequence[str] | None, base: str) -> tuple[str, ...]:
    """YAML files in the folder where `path` should be, and beside `base`."""

    def is_yaml(name: str, kind: Kind) -> bool:
        return kind is Kind.FILE and name.lower().endswith(_YAML)

    folders = dict.fromkeys((os.path.dirname(path), os.path.dirname(base)))
    found = (each for folder in folders for each in _listed(folder, roots, is_yaml))
    return tuple(dict.fromkeys(each for each in found if each != base))


def siblings(path: str, roots: Sequence[str] | None, *, folders: bool) -> tuple[str, ...]:
    """The files, or the folders, that lie where `path` should be."""
    return tuple(_listed(os.path.dirname(path), roots, lambda _, kind: (kind is Kind.FOLDER) is folders))


def _listed(folder: str, roots: Sequence[str] | None, wanted: Callable[[str, Kind], bool]) -> list[str]:
    """The first of the paths in a folder that are wanted; none for one that may not be looked at."""
    try:
        found = _folders(roots).entries(folder) if _locate(folder, roots) is not None else {}
    except (OSError, ValueError):
        return []
    return [os.path.join(folder, name) for name, kind in found.items() if wanted(name, kind)][:_MAX_NEARBY]


def entries(folder: str, roots: Sequence[str] | None) -> tuple[Entry, ...]:
    """The files and folders in a folder, links left out; empty for one that may not be looked at. Never raises."""
    try:
        real = _locate(folder, roots)
        if real is None:
            return ()
        with os.scandir(real) as listing:
            capped = islice(listing, _MAX_LISTED)
            found = [
                Entry(each.name, each.is_dir(follow_symlinks=False))
                for each in capped
                if each.name not in _SKIPPED
                and (each.is_dir(follow_symlinks=False) or each.is_file(follow_symlinks=False))
            ]
    except (OSError, ValueError):
        return ()
    return tuple(sorted(found))


def _is_dir(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except (OSError, ValueError):
        return False
