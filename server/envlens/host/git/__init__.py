"""Reads what git keeps of a project: the commit that `HEAD` or another name stands for, and the files in it.

git's files are read here and nothing is run, since that is what holds whatever a repository configures, and `git` is
not on each machine. dulwich was measured: it waits for ever where an object is a FIFO, recurses where alternates lead
to themselves, and inflates before it looks at sizes.

What is given out is as git keeps it: line ends are not those of the work tree where `core.autocrlf` or `.gitattributes`
change them, what `filter=` names is not run, and names are bytes. Replacements (`refs/replace`) do not count.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from . import revisions
from .files import GitError, Why
from .folder import Repository, find, id_width, place
from .objects import Objects
from .pack import BLOB, TREE
from .refs import Refs

__all__ = ["GitError", "Repository", "Why", "find", "place"]

_MAX_TREE = 64_000_000
_MAX_TARGET = 65_536
# Larger ones are none: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_MAX_POINTER = 1_024
_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\n(ext-[^\n]*\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n"
).fullmatch


class Kind(Enum):
    """What a name in a commit stands for."""

    FILE = "file"
    EXECUTABLE = "executable"
    LINK = "link"
    SUBMODULE = "submodule"
    FOLDER = "folder"


class Entry(NamedTuple):
    """A name in a commit: its path from the folder that was asked for, with `/`, and the id of what it stands for."""

    path: bytes
    kind: Kind
    object_id: str


class Blob(NamedTuple):
    """What a path holds in a commit: a file's bytes or a link's target; no data for a folder or a submodule."""

    kind: Kind
    object_id: str
    data: bytes = b""


class Digest(NamedTuple):
    """The SHA-256 and the size of a file in a commit. With Git LFS they are the pointer's, and `lfs` the file's own."""

    sha256: str
    size: int
    lfs: "Digest | None" = None


class Reader(NamedTuple):
    """A repository whose objects are read; for one thread."""

    repository: Repository
    refs: Refs
    objects: Objects


def head(repository: Repository) -> str:
    """The id of the commit at `HEAD`, for a few small files read. Raises GitError, with NO_COMMIT before the first."""
    return Refs(repository.git_dir, repository.common_dir).head()


@contextmanager
def opened(repository: Repository) -> Iterator[Reader]:
    """A repository to read from, for as long as the `with` lasts: git may want to remove what is open."""
    with Objects(os.path.join(repository.common_dir, "objects"), id_width(repository)) as objects:
        yield Reader(repository, Refs(repository.git_dir, repository.common_dir), objects)


def commit(reader: Reader, revision: str) -> str:
    """The full id of a commit: of `HEAD`, `main`, `origin/main`, `v1.0`, `1a2b3c4`, `HEAD~3` … Raises GitError."""
    return revisions.resolve(reader.repository, reader.refs, reader.objects, revision)


def entry(reader: Reader, commit: str, path: str) -> Entry | None:
    """What a path stands for in a commit, not read; None if it is not there. Raises GitError.

    The path is from the top of the work tree, with `/`, empty for the top.
    """
    found = Entry(b"", Kind.FOLDER, revisions.tree_of(reader.objects, commit))
    for name in os.fsencode(path).split(b"/"):
        if name in {b"", b"."}:
            continue
        if found.kind is not Kind.FOLDER:
            return None
        below = {each.path: each for each in _names(reader.objects, found.object_id)}.get(name)
        if below is None:
            return None
        found = below._replace(path=found.path + b"/" + name if found.path else name)
    return found


def read(reader: Reader, commit: str, path: str, limit: int) -> Blob | None:
    """What a path holds in a commit; None if it is not there. Raises GitError, TOO_LARGE without inflating it."""
    found = entry(reader, commit, path)
    if found is None:
        return None
    if found.kind in {Kind.FOLDER, Kind.SUBMODULE}:
        return Blob(found.kind, found.object_id)
    limit = min(limit, _MAX_TARGET) if found.kind is Kind.LINK else limit
    return Blob(found.kind, found.object_id, reader.objects.read(found.object_id, BLOB, limit))


def blob(reader: Reader, object_id: str, limit: int) -> bytes:
    """The bytes of a file. Raises GitError, TOO_LARGE without inflating it."""
    return reader.objects.read(object_id, BLOB, limit)


def entries(reader: Reader, commit: str, folder: str, limit: int) -> Iterator[Entry]:
    """All files, links and submodules below a folder, in git's order; none where there is no such folder.

    Raises GitError, also when more names than the limit are met: a few small folders can be made to hold each other
    millions of times.
    """
    top = entry(reader, commit, folder)
    if top is None or top.kind is not Kind.FOLDER:
        return
    left = limit
    pending = [(b"", iter(_names(reader.objects, top.object_id)))]
    while pending:
        base, names = pending[-1]
        for each in names:
            left -= 1
            if left < 0:
                raise GitError(f"there are more than {limit} names", Why.TOO_LARGE)
            path = base + each.path
            if each.kind is Kind.FOLDER:
                pending.append((path + b"/", iter(_names(reader.objects, each.object_id))))
                break
            yield Entry(path, each.kind, each.object_id)
        else:
            pending.pop()


def digest(reader: Reader, object_id: str, limit: int) -> Digest:
    """The SHA-256 of a file's content, which is not held in memory unless git keeps it as a delta. Raises GitError."""
    made = sha256()
    size = 0
    first = b""
    for piece in reader.objects.pieces(object_id, BLOB, limit):
        made.update(piece)
        size += len(piece)
        if len(first) <= _MAX_POINTER:
            first += piece[: _MAX_POINTER + 1]
    pointer = _POINTER(first) if size <= _MAX_POINTER else None
    if pointer is None:
        return Digest(made.hexdigest(), size)
    if pointer[1]:
        raise GitError("Git LFS extensions change what the file holds", Why.UNSUPPORTED)
    return Digest(made.hexdigest(), size, Digest(pointer[2].decode(), int(pointer[3])))


def _names(objects: Objects, tree: str) -> list[Entry]:
    """The names in one folder. Raises GitError, also for those that no folder can hold."""
    data = objects.read(tree, TREE, _MAX_TREE)
    width = len(tree) // 2
    found = []
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 8)
        end = data.find(b"\0", space)
        name = data[space + 1 : end]
        kind = _kind(data[at:space])
        at = end + 1 + width
        if space < 0 or end < 0 or at > len(data) or kind is None or name in _NO_NAMES or b"/" in name:
            raise GitError(f"folder {tree} is damaged")
        found.append(Entry(name, kind, data[end + 1 : at].hex()))
    return found


_NO_NAMES = {b"", b".", b".."}
_KINDS = {b"40000": Kind.FOLDER, b"040000": Kind.FOLDER, b"120000": Kind.LINK, b"160000": Kind.SUBMODULE}
# Old commits hold others than those that git writes now.
_IS_FILE = re.compile(rb"0?100([0-7])[0-7]{2}").fullmatch


def _kind(mode: bytes) -> Kind | None:
    file = _IS_FILE(mode)
    if file is None:
        return _KINDS.get(mode)
    return Kind.EXECUTABLE if int(file[1]) & 1 else Kind.FILE
