"""What stood in open files at git's HEAD. git's files are read in a thread; only the event loop touches the rest."""

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..core.hashing.earlier import Earlier
from ..core.model.document import Document, FileKind
from ..core.model.facts import Facts
from ..host import disk, revision
from ..host.revision import Digests, GitError, Means
from .worker import Worker

HEAD = "HEAD"


class _Asked(NamedTuple):
    """The file that is looked for, and the most that it may have, in bytes."""

    path: str
    kind: FileKind
    roots: tuple[str, ...]
    limit: int


class _Known(NamedTuple):
    """What was found for one file. `place` is repository and commit, None where there is none to compare with."""

    kind: FileKind
    place: tuple[str, str] | None
    earlier: Earlier | None


class _Look:
    """A file that is being looked at, `again` once more."""

    def __init__(self) -> None:
        self.again = False
        self.over = asyncio.Event()


class Heads:
    """See the module. `told` is called with the path of a file of which something else is known than before."""

    def __init__(
        self,
        facts: Facts,
        keep: Callable[[Coroutine[Any, Any, None]], None],
        told: Callable[[str], None],
    ) -> None:
        self._facts = facts
        self._keep = keep
        self._told = told
        self._worker = Worker("git")
        self._digests: Digests = {}  # for the worker's thread alone
        self._known: dict[str, _Known] = {}
        self._looks: dict[str, _Look] = {}

    def of(self, path: str) -> Earlier | None:
        """What stood in a file; None where there is no repository or nobody has looked yet."""
        known = self._known.get(path)
        return known.earlier if known else None

    def is_known(self, path: str) -> bool:
        """Whether somebody has looked."""
        return path in self._known

    def look(self, document: Document, roots: Sequence[str], limit: int) -> None:
        """Has a file's HEAD looked up, which costs a few small files where nothing has moved."""
        path = document.path
        if path in self._looks:
            self._looks[path].again = True
        elif os.path.isabs(path):
            self._looks[path] = _Look()
            self._keep(self._look(_Asked(path, document.kind, tuple(roots), limit)))

    async def settled(self, path: str, seconds: float) -> None:
        """Waits until a file was looked at, not longer than that."""
        look = self._looks.get(path)
        if look is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(look.over.wait(), seconds)

    def forget(self, path: str) -> None:
        """Lets a file go."""
        self._known.pop(path, None)
        self._looks.pop(path, None)

    async def _look(self, asked: _Asked) -> None:
        path, look = asked.path, self._looks[asked.path]
        means = Means(self._facts, asked.limit, self._digests)
        found = before = self._known.get(path)
        try:
            look.again = True
            while look.again:
                look.again = False
                found = await self._worker.run(partial(_find, asked, means, found))
        finally:
            is_wanted = self._looks.get(path) is look
            if is_wanted:
                del self._looks[path]
                if found is not None and found is not before:
                    self._known[path] = found
                    self._told(path)
            look.over.set()


def _find(asked: _Asked, means: Means, before: _Known | None) -> _Known:
    """What stands in a file at HEAD; what was found before where HEAD is as it was. In a thread."""
    path, kind, roots, _ = asked
    if roots and not disk.is_inside(os.path.realpath(path), roots):
        return before or _Known(kind, None, None)  # outside the workspace nothing is looked for
    try:
        found = revision.find(path, HEAD)
    except GitError as error:
        problem = error.reason
        if before is not None and before.earlier is not None and before.earlier.problem == problem:
            return before
        return _Known(kind, None, Earlier(HEAD, problem=problem))
    place = (found.repository.git_dir, found.commit) if found is not None else None
    if before is not None and before.kind is kind and before.place == place and (place or before.earlier is None):
        return before
    return _Known(kind, place, revision.earlier(found, path, kind, means) if found is not None else None)
