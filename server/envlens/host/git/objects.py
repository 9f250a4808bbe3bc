"""Finds git's objects, each in a file of its own or in a pack, here or in a repository that is borrowed from.

The layout: https://git-scm.com/docs/gitrepository-layout. What is given out whole has been held to its id. Multi-pack
indexes are not needed: each pack beside one has an index of its own.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

from . import files
from .coding import beginning, inflated
from .files import Files, GitError, Why
from .pack import BLOB, COMMIT, TAG, TREE, Found, Kept, Pack

NAMES = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}
_KINDS = {name: kind for kind, name in NAMES.items()}
_IS_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}").fullmatch
_LOOSE = re.compile(rb"(commit|tree|blob|tag) (0|[1-9][0-9]{0,18})\0").match

_MAX_PACKS = 5_000
_MAX_STORES = 100
_MAX_ALTERNATES = 1_000_000
_PIECE = 1 << 16


class Objects:
    """The objects of a repository; for one thread, and open as long as a `with` lasts. Its methods raise GitError.

    Alternates (of clones made with `--shared`) are followed to other folders of this machine, never to another's: they
    are asked for ids only, and what they give is held to these.
    """

    def __init__(self, folder: str, width: int) -> None:
        """With the folder `objects` and the bytes of an id."""
        self._files = Files()
        self._width = width
        self._stores = _stores(folder)
        self._kept = Kept()
        self._packs: dict[str, Pack] = {}
        self._is_listed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def read(self, oid: str, kind: int, limit: int) -> bytes:
        """The content of an object of that kind; one above the limit is not inflated."""
        return b"".join(self.pieces(oid, kind, limit))

    def pieces(self, oid: str, kind: int, limit: int) -> Iterator[bytes]:
        """The same in pieces. Whether it is what its id says is known behind the last one."""
        found = self.find(oid)
        if found.kind != kind:
            raise GitError(f"object {oid} is a {NAMES[found.kind]}, not a {NAMES[kind]}")
        if found.size > limit:
            raise GitError(f"object {oid} has {found.size} bytes, more than {limit}", Why.TOO_LARGE)
        seen = hashlib.new("sha1" if len(oid) == 40 else "sha256", usedforsecurity=False)
        seen.update(f"{NAMES[kind]} {found.size}\0".encode())
        try:
            for piece in found.pieces():
                seen.update(piece)
                yield piece
        except FileNotFoundError as error:
            raise GitError(f"object {oid} has just been moved", Why.MISSING) from error
        if seen.hexdigest() != oid:
            raise GitError(f"object {oid} is damaged: its content is another's")

    def find(self, oid: str) -> Found:
        """An object: its kind and its size, with no more inflated than says so."""
        if len(oid) != self._width * 2 or not is_id(oid):
            raise GitError(f"{oid[:80]!r} is no id here", Why.UNKNOWN)
        was_listed = self._is_listed
        found = self._packed(oid) or self._loose(oid)
        if found is None and was_listed:  # git may have packed anew since
            self._is_listed = False
            found = self._packed(oid)
        if found is None:
            raise GitError(f"object {oid} is not in this copy of the repository", Why.MISSING)
        return found

    def starting(self, start: str, limit: int) -> list[str]:
        """The ids that begin with these digits, four at least; no more than the limit from any one place."""
        found: set[str] = set()
        for store in self._stores:
            with suppress(OSError, ValueError):
                names = os.listdir(os.path.join(store, start[:2]))
                found.update([start[:2] + each for each in names if each.startswith(start[2:])][:limit])
        for pack in self._listed().values():
            with suppress(FileNotFoundError):
                found.update(pack.starting(start, limit))
        return sorted(each for each in found if is_id(each))

    def _packed(self, oid: str) -> Found | None:
        problem: GitError | None = None
        for path, pack in self._listed().items():
            try:
                found = pack.find(oid)
            except FileNotFoundError:
                continue
            except GitError as error:  # another pack may hold it, too
                problem = error
                continue
            if found is not None:
                if path != next(iter(self._packs)):  # the next one most likely lies there as well
                    self._packs = {path: pack, **self._packs}
                return found
        if problem is not None:
            raise problem
        return None

    def _listed(self) -> dict[str, Pack]:
        """The packs by their paths but for the endings."""
        if not self._is_listed:
            known, self._packs = self._packs, {}
            for store in self._stores:
                folder = os.path.join(store, "pack")
                try:
                    names = set(os.listdir(folder))
                except (OSError, ValueError):
                    continue
                for name in sorted(names):
                    if name.endswith(".idx") and f"{name[:-4]}.pack" in names:
                        path = os.path.join(folder, name[:-4])
                        self._packs[path] = known.get(path) or Pack(self._files, path, self._width, self._kept)
            if len(self._packs) > _MAX_PACKS:
                raise GitError(f"there are more than {_MAX_PACKS} packs", Why.TOO_LARGE)
            self._is_listed = True
        return self._packs

    def _loose(self, oid: str) -> Found | None:
        for store in self._stores:
            path = os.path.join(store, oid[:2], oid[2:])
            try:
                first = self._files.at(path, 0, _PIECE)
            except FileNotFoundError:
                continue
            head = beginning(first, 64)
            said = _LOOSE(head)
            if said is None:
                raise GitError(f"object {oid} is damaged: it does not say what it is")
            kind, size, start = _KINDS[said[1].decode()], int(said[2]), said.end()
            return Found(kind, size, lambda: self._content(path, start, size))  # noqa: B023 - returned at once
        return None

    def _content(self, path: str, start: int, size: int) -> Iterator[bytes]:
        """What a loose object holds behind its first words."""
        left = start
        for piece in inflated(self._from(path), start + size):
            if left < len(piece):
                yield piece[left:]
            left = max(0, left - len(piece))

    def _from(self, path: str) -> Iterator[bytes]:
        start = 0
        while piece := self._files.at(path, start, _PIECE):
            yield piece
            start += len(piece)


def is_id(text: str) -> bool:
    """Whether a text is the full id of an object."""
    return _IS_ID(text) is not None


def _stores(folder: str) -> list[str]:
    """The folder of objects and those that it borrows from, each once."""
    found: list[str] = []
    pending = [folder]
    while pending:
        path = pending.pop(0)
        with suppress(OSError, ValueError):
            real = "" if files.is_remote(path) else os.path.realpath(path)
            if not real or files.is_remote(real) or real in found or not os.path.isdir(real):
                continue
            found.append(real)
            if len(found) > _MAX_STORES:
                raise GitError(f"objects are borrowed from more than {_MAX_STORES} folders", Why.TOO_LARGE)
            said = files.text(os.path.join(real, "info", "alternates"), [real], _MAX_ALTERNATES) or b""
            lines = [os.fsdecode(line) for line in said.split(b"\n") if line and not line.startswith(b"#")]
            pending += [line if files.is_remote(line) else os.path.join(real, line) for line in lines[:_MAX_STORES]]
    if not found:
        raise GitError("there are no objects", Why.DAMAGED)
    return found
