"""Finds the ids that git's names stand for: `HEAD`, branches, tags.

The layout: https://git-scm.com/docs/gitrepository-layout; which name wins: https://git-scm.com/docs/gitrevisions.
"""

import os
import re
from functools import cached_property

from . import reftable
from .files import GitError, Why, text
from .objects import is_id

# What git itself follows, of symbolic refs that name symbolic refs.
_MAX_FOLLOWED = 5
_STUB = b"ref: refs/heads/.invalid"
_MAX_REF = 1_000_000
_MAX_PACKED = 64_000_000
# What each worktree has of its own.
_OWN = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
# A name can be part of a path: nothing that leads elsewhere, and nothing that git refuses in names.
_IS_NAME = re.compile(r"(?!.*(?:\.\.|//|/\.|@\{|\.lock(?:/|$)))refs/[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])").fullmatch
_IS_ROOT = re.compile("[A-Z][A-Z_-]*").fullmatch
_PLACES = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")


class Refs:
    """The names of a repository. Its methods raise GitError."""

    def __init__(self, git_dir: str, common_dir: str) -> None:
        """With the folder of the worktree's own names and the one of the names that all worktrees share."""
        self._own = git_dir
        self._common = common_dir
        self._roots = list(dict.fromkeys((git_dir, common_dir)))

    def head(self) -> str:
        """The id that `HEAD` stands for."""
        name, found = self._follow("HEAD")
        if found is None:
            reason = f"{name.removeprefix('refs/heads/')} has no commit yet" if name != "HEAD" else "there is no HEAD"
            raise GitError(reason, Why.NO_COMMIT)
        return found

    def find(self, name: str) -> str | None:
        """The id that a name stands for, be it `main`, `heads/main`, `origin/main` or `v1.0`; None for none."""
        for place in _PLACES:
            full = place.format(name)
            if _is_ref(full):
                found = self._follow(full)[1]
                if found is not None:
                    return found
        return None

    def _follow(self, name: str) -> tuple[str, str | None]:
        """The name behind symbolic ones, and the id that it stands for, if any."""
        for _ in range(_MAX_FOLLOWED + 1):
            said = self._said(name)
            if said is None:
                return name, None
            if not said.startswith("ref:"):
                return name, said
            name = said[4:].strip()
            if not _is_ref(name):
                raise GitError(f"{name[:80]!r} is no name of a branch")
        raise GitError("symbolic refs name one another without end")

    def _said(self, name: str) -> str | None:
        """What is kept under a full name: an id, or `ref: ` and another name."""
        is_own = not name.startswith("refs/") or name.startswith(_OWN)
        folder = self._own if is_own else self._common
        if self._is_table:
            return reftable.find(os.path.join(folder, "reftable"), name)
        data = text(os.path.join(folder, *name.split("/")), self._roots, _MAX_REF)
        if data is None:
            return self._packed(name) if name.startswith("refs/") else None
        if data.startswith(b"ref:"):
            return data.decode("utf-8", "surrogateescape").strip()
        words = data.split(maxsplit=1)
        found = words[0].decode("ascii", "replace") if words else ""
        if not is_id(found):
            raise GitError(f"{name} holds no id")
        return found

    @cached_property
    def _is_table(self) -> bool:
        """Whether the names are kept in tables, and the file HEAD only says so to those who do not know them."""
        return (text(os.path.join(self._own, "HEAD"), self._roots, _MAX_REF) or b"").rstrip() == _STUB

    def _packed(self, name: str) -> str | None:
        data = text(os.path.join(self._common, "packed-refs"), self._roots, _MAX_PACKED) or b""
        at = data.find(b" " + os.fsencode(name) + b"\n")
        if at < 0:
            return None
        found = data[data.rfind(b"\n", 0, at) + 1 : at].decode("ascii", "replace")
        if not is_id(found):
            raise GitError(f"packed-refs holds no id for {name}")
        return found


def _is_ref(name: str) -> bool:
    return bool(_IS_NAME(name) or _IS_ROOT(name))
