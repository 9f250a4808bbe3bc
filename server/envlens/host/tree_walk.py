"""Finds the files of a build context in the order of azure-ai-ml's hash, without opening any.

azure-ai-ml 1.35.2 (read and run) walks twice, and not alike. Its hash enters a folder or a link unless the ignore file
leaves it out. Its upload enters all of them and asks for files only, by their real path: what a later pattern takes in
again, and what lies behind a link that is left out, is uploaded and not hashed. Both walks are one here.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..core.hashing.ignore_file import State
from ..core.model.facts import FileState
from . import disk, upload_ignore
from .tree_files import Checkpoint, File, Survey, shown, to_file

MAX_FILES = 100_000
MAX_BYTES = 20 << 30
# Folders and what is left out count here, too.
_MAX_LOOKED = 2_000_000
# Ten folders, each with ten links to the next, are ten thousand million paths.
_MAX_AGAIN = 10_000
_BETWEEN_CHECKPOINTS = 500


def survey(root: str, roots: Sequence[str] | None, checkpoint: Checkpoint | None = None) -> Survey:
    """The files of the context at a path, which may be a single file. Raises nothing but what `checkpoint` raises."""
    state = disk.state(root, roots)
    if state not in {FileState.DIRECTORY, FileState.PRESENT}:
        return _nothing(f"the build context {state.obstacle}")
    try:
        real = os.path.realpath(root)
        if state is FileState.PRESENT:
            file = to_file(os.path.basename(root), real, os.lstat(real))
            if file.stamp[0] > MAX_BYTES:
                return _nothing(_TOO_LARGE)
            return Survey([file], [file], is_file=True)
        walk = _Walk(real, roots, checkpoint)
    except OSError:
        return _nothing("the build context cannot be read")
    return walk.survey()


def _nothing(problem: str) -> Survey:
    return Survey([], [], problem, problem)


class _Folder(NamedTuple):
    """A folder on the way. `path` ends with a slash unless it is the context; `state` is what patterns say so far."""

    path: str
    place: str
    state: State | None
    is_hashed: bool


class _Entry(NamedTuple):
    """What a folder holds. `state` is what patterns say of it."""

    path: str
    name: str
    found: "os.DirEntry[str]"
    state: State | None
    is_uploaded: bool
    is_hashed: bool


class _End(Exception):  # noqa: N818 - no error: there is nothing left to find out
    pass


class _Walk:
    """One walk through a context."""

    def __init__(self, root: str, roots: Sequence[str] | None, checkpoint: Checkpoint | None) -> None:
        self._root = root
        self._roots = roots
        self._checkpoint = checkpoint
        self._ignored = upload_ignore.read(root, roots)
        self._found = Survey([], [])
        self._problem: str | None = None
        self._sdk_problem: str | None = None
        self._beyond: dict[str, None] = {}
        self._unhashed: list[str] = []
        self._unordered: list[str] = []
        self._linked: set[str] = set()
        self._again = 0
        self._looked = 0
        self._next_checkpoint = _BETWEEN_CHECKPOINTS
        self._size = 0

    def survey(self) -> Survey:
        """All of it."""
        try:
            if self._ignored.problem:
                self._fail(self._ignored.problem, is_hashed=True)
            self._reach(self._ignored.base)
            self._enter(_Folder("", self._root, self._ignored.below(self._root), True))
        except _End:
            pass
        if not self._found.uploaded and self._problem is None:
            self._problem = "no file would be uploaded: azure-ai-ml refuses an empty folder"
        return self._found._replace(
            problem=self._problem,
            sdk_problem=self._sdk_problem,
            notes=tuple(self._notes()),
            beyond=tuple(self._beyond),
        )

    def _notes(self) -> Iterator[str]:
        if self._unordered:
            yield f"{_some(self._unordered)} differs from a name beside it in case only: {_UNORDERED}"
        if self._unhashed:
            yield f"{_some(self._unhashed)} is uploaded: {_UNHASHED}"

    def _fail(self, problem: str, *, is_hashed: bool) -> None:
        self._problem = self._problem or problem
        if is_hashed:
            self._sdk_problem = self._sdk_problem or problem
        if self._sdk_problem:
            raise _End

    def _enter(self, first: _Folder) -> None:
        stack = [(first, self._entries(first))]
        while stack:
            for entry in stack[-1][1]:
                below = self._take(entry)
                if below is not None:
                    if any(below.place == each.place for each, _ in stack):
                        problem = f"the link '{shown(entry.path)}' leads back to a folder that holds it"
                        self._fail(problem, is_hashed=below.is_hashed)
                        continue
                    stack.append((below, self._entries(below)))
                    break
            else:
                stack.pop()

    def _entries(self, folder: _Folder) -> Iterator[_Entry]:
        """Takes up a folder's files in the order of azure-ai-ml's hash: by names in lower case; all else is told."""
        try:
            with os.scandir(folder.place) as listing:
                named = [(found.name.lower(), found) for found in listing]
        except OSError:
            if folder.is_hashed:  # the upload passes over what it cannot enter
                name = f"the folder '{shown(folder.path[:-1])}'" if folder.path else "the build context"
                self._fail(f"{name} cannot be read", is_hashed=True)
            return
        named.sort(key=_lower)
        self._count(len(named))
        last = None
        for lower, found in named:
            name = found.name
            state = folder.state.after(name) if folder.state is not None else None
            is_uploaded = state is None or not state.is_left_out
            entry = _Entry(folder.path + name, name, found, state, is_uploaded, is_uploaded and folder.is_hashed)
            if entry.is_hashed:
                if lower == last:
                    self._unordered.append(entry.path)
                last = lower
            if not _is_file(found):
                yield entry
            elif is_uploaded:
                status = _status(found)
                if status is None:
                    self._fail(f"'{shown(entry.path)}' cannot be read", is_hashed=entry.is_hashed)
                else:
                    self._keep(entry, found.path, status)

    def _count(self, entries: int) -> None:
        self._looked += entries
        if self._looked > _MAX_LOOKED:
            self._fail(f"there are more than {_MAX_LOOKED:,} files and folders in it", is_hashed=True)
        if self._checkpoint is not None and self._looked >= self._next_checkpoint:
            self._next_checkpoint = self._looked + _BETWEEN_CHECKPOINTS
            self._checkpoint(0, 0)

    def _take(self, entry: _Entry) -> _Folder | None:
        """Takes up what is no file. For a folder, it is told what is known of it on the way."""
        found = entry.found
        try:
            if found.is_symlink():
                return self._follow(entry)
            is_folder = found.is_dir(follow_symlinks=False)
        except OSError:  # it is gone, or cannot be looked at
            if entry.is_uploaded:
                self._fail(f"'{shown(entry.path)}' cannot be read", is_hashed=entry.is_hashed)
            return None
        if is_folder:
            self._step(entry, None)
            state = entry.state.after("/") if entry.state is not None else None
            return _Folder(f"{entry.path}/", found.path, state, entry.is_hashed)
        if entry.is_uploaded:
            self._take_special(entry)
        return None

    def _take_special(self, entry: _Entry) -> None:
        self._step(entry, None)
        self._fail(f"'{shown(entry.path)}' is no regular file", is_hashed=False)

    def _follow(self, entry: _Entry) -> _Folder | None:
        """Takes up a link. Nothing outside of the roots is opened."""
        link = f"the link '{shown(entry.path)}'"
        try:
            place = os.path.realpath(entry.found.path, strict=True)
        except FileNotFoundError:
            if entry.is_uploaded:
                self._reach(os.path.realpath(entry.found.path))
                self._step(entry, None)
                self._fail(f"{link} leads to nothing", is_hashed=False)
            return None
        except OSError:  # it leads to itself, or where nobody may look
            if entry.is_uploaded:
                self._fail(f"{link} cannot be followed", is_hashed=entry.is_hashed)
            return None
        if self._roots is not None and not disk.is_inside(place, self._roots):
            # What a link to a folder leads to is uploaded even if the link itself is left out.
            if entry.is_uploaded or os.path.isdir(place):
                self._fail(f"{link} leads out of the project", is_hashed=entry.is_hashed)
            return None
        status = os.lstat(place)
        if stat.S_ISDIR(status.st_mode):
            self._again += place in self._linked
            self._linked.add(place)
            if self._again > _MAX_AGAIN:
                self._fail(f"links lead to the same folders more than {_MAX_AGAIN:,} times", is_hashed=True)
            self._reach(place)
            self._step(entry, None)
            return _Folder(f"{entry.path}/", place, self._ignored.below(place), entry.is_hashed)
        if entry.is_uploaded and stat.S_ISREG(status.st_mode):
            self._reach(place)
            self._keep(entry, place, status)
        elif entry.is_uploaded:
            self._take_special(entry)
        return None

    def _reach(self, place: str) -> None:
        if not disk.is_inside(place, (self._root,)):
            self._beyond[place] = None

    def _keep(self, entry: _Entry, place: str, status: os.stat_result) -> None:
        file = to_file(entry.path, place, status)
        uploaded = self._found.uploaded
        uploaded.append(file)
        self._size += status.st_size
        if len(uploaded) > MAX_FILES:
            self._fail(f"more than {MAX_FILES:,} files would be uploaded", is_hashed=True)
        if self._size > MAX_BYTES:
            self._fail(_TOO_LARGE, is_hashed=True)
        self._step(entry, file)
        if not entry.is_hashed:
            self._unhashed.append(entry.path)

    def _step(self, entry: _Entry, file: File | None) -> None:
        if entry.is_hashed:
            self._found.steps.append(file or entry.name)
            if not entry.name.isascii() and not _is_text(entry.name):
                problem = f"the name '{shown(entry.path)}' is not UTF-8: azure-ai-ml cannot take it"
                self._sdk_problem = self._sdk_problem or problem


_TOO_LARGE = f"more than {MAX_BYTES >> 30} GiB would be uploaded"
_UNORDERED = "azure-ai-ml takes them in the order of the disk, so its hash can be another one on another machine"
_UNHASHED = "azure-ai-ml leaves it out of its hash, so that a change of it alone is not uploaded"


def _is_file(found: "os.DirEntry[str]") -> bool:
    try:
        return found.is_file(follow_symlinks=False)
    except OSError:  # it is gone
        return False


def _status(found: "os.DirEntry[str]") -> os.stat_result | None:
    try:
        # What a listing says of a file is less than what the open file says on Windows.
        return os.lstat(found.path) if os.name == "nt" else found.stat(follow_symlinks=False)
    except OSError:
        return None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _lower(named: tuple[str, object]) -> str:
    return named[0]


def _some(paths: Iterable[str]) -> str:
    first, *rest = paths
    return f"'{shown(first)}'" + (f" (and {len(rest)} more)" if rest else "")
