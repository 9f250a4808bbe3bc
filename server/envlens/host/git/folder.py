"""Finds the repository around a file, and reads what its folder says of itself.

The layout: https://git-scm.com/docs/gitrepository-layout. `.git` can be a file that names a folder elsewhere, with
worktrees and submodules: it is followed on this machine only, and to what is a git folder only. Of git's environment
(`GIT_DIR` …) nothing counts: an editor's is not that of the user's shell.
"""

import os
import re
from typing import NamedTuple

from ..folders import MAX_PATH
from .files import GitError, Why, is_remote, text

_MAX_LINK = 65_536
_MAX_CONFIG = 10_000_000
_IS_SHA256 = re.compile(rb"(?:^|\])\s*objectformat\s*=\s*\"?sha256", re.IGNORECASE | re.MULTILINE).search


class Repository(NamedTuple):
    """A work tree, git's folder for it, and the folder that it shares with other work trees; git's are real paths."""

    top: str
    git_dir: str
    common_dir: str


def find(path: str) -> Repository | None:
    """The repository around a file or a folder. Raises GitError where there is one that cannot be read."""
    current = os.path.abspath(path)
    if is_remote(current) or len(current) > MAX_PATH:
        return None
    while True:
        git_dir = _git_dir(current)
        if git_dir is not None:
            return Repository(current, git_dir, _common_dir(git_dir))
        parent = os.path.dirname(current)
        if parent == current:
            return None
        current = parent


def place(repository: Repository, path: str) -> str | None:
    """The path of a file from the top of the work tree, with `/`; None for one that is not in it."""
    folder, name = os.path.split(os.path.abspath(path))
    try:
        real = os.path.join(os.path.realpath(folder), name)
        inside = os.path.relpath(real, os.path.realpath(repository.top))
    except (OSError, ValueError):
        return None
    return None if inside.split(os.sep)[0] == os.pardir else inside.replace(os.sep, "/")


def id_width(repository: Repository) -> int:
    """How many bytes an id has there. Raises GitError.

    The one word that is looked for in the configuration; where it stands does not matter, since what it says is found
    out to be wrong at the first object.
    """
    said = text(os.path.join(repository.common_dir, "config"), [repository.common_dir], _MAX_CONFIG)
    return 32 if _IS_SHA256(said or b"") else 20


def _git_dir(top: str) -> str | None:
    """The folder that git has for one that is the top of a work tree; None for one that is not."""
    mark = os.path.join(top, ".git")
    try:
        if os.path.islink(mark) and is_remote(os.readlink(mark)):
            raise GitError("`.git` leads to another machine", Why.REFUSED)
        if os.path.isdir(mark):
            return os.path.realpath(mark) if _is_git_dir(mark) else None
        if not os.path.lexists(mark):
            return None
    except (OSError, ValueError):
        return None
    said = _path_in(mark, top, b"gitdir: ")
    if said is None or not _is_git_dir(said):
        raise GitError("`.git` names no git folder", Why.REFUSED)
    return os.path.realpath(said)


def _common_dir(git_dir: str) -> str:
    said = _path_in(os.path.join(git_dir, "commondir"), git_dir, b"")
    if said is None:
        return git_dir
    if not os.path.isdir(os.path.join(said, "objects")):
        raise GitError("`commondir` names no git folder", Why.REFUSED)
    return os.path.realpath(said)


def _path_in(file: str, folder: str, start: bytes) -> str | None:
    """The path that a file holds, from a folder on; None if there is no such file."""
    data = text(file, [os.path.realpath(folder)], _MAX_LINK)
    if data is None:
        return None
    path = os.fsdecode(data.removeprefix(start)).rstrip("\r\n")
    if not data.startswith(start) or not path or "\0" in path or len(path) > MAX_PATH:
        raise GitError(f"`{os.path.basename(file)}` holds no path")
    if is_remote(path):
        raise GitError(f"`{os.path.basename(file)}` leads to another machine", Why.REFUSED)
    return os.path.join(folder, path)


def _is_git_dir(folder: str) -> bool:
    has_objects = os.path.isdir(os.path.join(folder, "objects")) or os.path.isfile(os.path.join(folder, "commondir"))
    return has_objects and os.path.lexists(os.path.join(folder, "HEAD"))
