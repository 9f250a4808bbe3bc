"""Files and build contexts in a commit: links followed inside the repository, contexts as they would be uploaded."""

import os
import posixpath
from hashlib import sha256
from typing import NamedTuple

from ..core.hashing.ignore_file import RefusedError, State, parse
from ..core.hashing.tree import Leaf, Tree, merkle
from ..core.model.context import UPLOAD_IGNORES
from ..core.model.facts import FileState
from . import git
from .git import Entry, GitError, Kind, Reader
from .tree_walk import MAX_BYTES, MAX_FILES
from .upload_ignore import LIMIT


class Content(NamedTuple):
    """The SHA-256 and the size of a file's content, and for a text with LF line ends the SHA-256 of it with CRLF."""

    digest: bytes
    size: int
    as_crlf: bytes | None = None


Digests = dict[str, Content]
"""What is known of files by the ids that git gave them."""

_MAX_HOPS = 20
_NOT_HASHED = "azure-ai-ml hashes what lies on the disk"


def read(reader: Reader, commit: str, path: str, limit: int) -> bytes | FileState:
    """The bytes of a file, or what lies there in its place. Raises GitError."""
    for _ in range(_MAX_HOPS):
        found = git.read(reader, commit, path, limit)
        if found is None:
            return FileState.MISSING
        if found.kind in {Kind.FOLDER, Kind.SUBMODULE}:
            return FileState.DIRECTORY
        if found.kind is not Kind.LINK:
            return found.data
        target = _target(path, found.data)
        if target is None:
            return FileState.OUTSIDE
        path = target
    return FileState.UNREADABLE


def look(reader: Reader, commit: str, folder: str | None, digests: Digests) -> Tree:
    """The build context at a path from the top, None for one outside. Raises GitError.

    What azure-ai-ml would have made of it is not told: it hashes what lies on the disk.
    """
    if folder is None:
        return _nothing("the build context lies outside the repository")
    folder = "" if folder == "." else folder
    try:
        state = _ignored(reader, commit, folder)
    except RefusedError as error:
        return _nothing(str(error))
    leaves: list[Leaf] = []
    as_crlf: dict[bytes, bytes] = {}
    size = 0
    for each in git.entries(reader, commit, folder, MAX_FILES * 2):
        path = os.fsdecode(each.path)
        if state is not None and state.after(path).is_left_out:
            continue
        if each.kind is Kind.SUBMODULE:
            return _nothing(f"'{path}' is a submodule: what it holds is not in this repository")
        entry = _followed(reader, commit, posixpath.join(folder, path), each)
        if entry is None or entry.kind in {Kind.FOLDER, Kind.SUBMODULE}:
            return _nothing(f"the link '{path}' leads to no file of the repository")
        content = _content(reader, entry, digests)
        size += content.size
        if len(leaves) >= MAX_FILES or size > MAX_BYTES:
            return _nothing("the build context is too large")
        leaves.append(Leaf(each.path, entry.kind is Kind.EXECUTABLE, content.size, content.digest))
        if content.as_crlf is not None:
            as_crlf[each.path] = content.as_crlf
    if not leaves:
        return _nothing("there is no build context")
    return Tree(tuple(leaves), merkle(leaves), sdk_problem=_NOT_HASHED, as_crlf=as_crlf, size=size)


def _nothing(problem: str) -> Tree:
    return Tree(problem=problem, sdk_problem=_NOT_HASHED)


def _ignored(reader: Reader, commit: str, folder: str) -> State | None:
    for name in UPLOAD_IGNORES:
        found = read(reader, commit, posixpath.join(folder, name), LIMIT)
        if isinstance(found, bytes):
            return parse(found.decode("utf-8-sig", "replace"))
    return None


def _followed(reader: Reader, commit: str, path: str, entry: Entry) -> Entry | None:
    """What a link stands for; what is no link stands for itself."""
    found: Entry | None = entry
    for _ in range(_MAX_HOPS):
        if found is None or found.kind is not Kind.LINK:
            return found
        blob = git.read(reader, commit, path, LIMIT)
        target = _target(path, blob.data) if blob is not None else None
        if target is None:
            return None
        path, found = target, git.entry(reader, commit, target)
    return None


def _target(path: str, data: bytes) -> str | None:
    """Where a link leads to, from the top; None for outside."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(data)))
    return None if target.startswith(("/", "..")) else target


def _content(reader: Reader, entry: Entry, digests: Digests) -> Content:
    known = digests.get(entry.object_id)
    if known is None:
        found = git.digest(reader, entry.object_id, MAX_BYTES)
        if found.lfs is not None:  # the file itself is what lies in the work tree, and is uploaded
            known = Content(bytes.fromhex(found.lfs.sha256), found.lfs.size)
        else:
            as_crlf = _as_crlf(reader, entry) if found.size <= _MAX_TEXT else None
            known = Content(bytes.fromhex(found.sha256), found.size, as_crlf)
        digests[entry.object_id] = known
    return known


def _as_crlf(reader: Reader, entry: Entry) -> bytes | None:
    """The digest that a text gets where git makes CRLF of LF; None for what it leaves alone."""
    data = git.blob(reader, entry.object_id, _MAX_TEXT)
    if b"\0" in data[:_HEAD] or b"\r" in data or b"\n" not in data:
        return None
    return sha256(data.replace(b"\n", b"\r\n")).digest()


_MAX_TEXT = 1_000_000
_HEAD = 8_000  # bytes in which git looks for a NUL


__all__ = ["Digests", "GitError", "look", "read"]
