"""The build contexts of open files, hashed in threads. Only the event loop touches what is known of them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

from ..core.hashing.tree import Tree
from ..host.trees import BOTH, OURS, Cancelled, Trees
from .worker import Worker

CANCELLED = "reading the build context was cancelled"
_AGAIN = 0.3
_THREADS = 2


class Job:
    """A context that is being hashed: how far it is, for the thread to write and for the event loop to read."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files = 0
        self.size = 0
        self.is_over = False
        self.is_cancelled = False
        # Set once our own digest is known; that of azure-ai-ml can take longer.
        self.first = asyncio.Event()

    def checkpoint(self, files: int, size: int) -> None:
        """Takes note of how far it is. Raises Cancelled when it has to end."""
        self.files = max(self.files, files)
        self.size = max(self.size, size)
        if self.is_cancelled:
            raise Cancelled


class Contexts:
    """See the module.

    `told` is called with a folder of which something else is known than before, `shown` with each job that begins:
    it may show how far it is, and cancel it.
    """

    def __init__(
        self,
        keep: Callable[[Coroutine[Any, Any, None]], None],
        told: Callable[[str], None],
        shown: Callable[[Job], Coroutine[Any, Any, None]],
    ) -> None:
        self._keep = keep
        self._told = told
        self._shown = shown
        self._worker = Worker("contexts", _THREADS)
        self._roots: list[str] = []
        self._trees = Trees(None)
        self._known: dict[str, Tree] = {}
        self._running: dict[str, Job] = {}
        self._cancelled: set[str] = set()
        self._sure: set[str] = set()  # watched while they were looked at, and not a word since
        self._watched: frozenset[str] = frozenset()

    @property
    def watched(self) -> frozenset[str]:
        """The contexts of which every change is told."""
        return self._watched

    @watched.setter
    def watched(self, folders: frozenset[str]) -> None:
        self._watched = folders
        self._sure &= folders

    def configure(self, roots: Sequence[str]) -> None:
        """Takes the folders that may be read, and forgets what was known."""
        if list(roots) == self._roots:
            return
        self.stop()
        self._roots = list(roots)
        self._trees = Trees(self._roots or None)
        self._known.clear()
        self._running.clear()
        self._cancelled.clear()
        self._sure.clear()

    def peek(self, folder: str) -> Tree | None:
        """What is known of a context, None while it is read for the first time after a change."""
        return self._known.get(folder)

    def look(self, folder: str, *, again: bool = False) -> None:
        """Has a context looked at, unless it is known that nothing has changed. `again`: also after a cancellation."""
        if again and folder in self._cancelled:
            self._cancelled.discard(folder)
            self._known.pop(folder, None)
        if folder in self._running or folder in self._cancelled or folder in self._sure:
            return
        job = self._running[folder] = Job(folder)
        self._keep(self._work(job))
        self._keep(self._shown(job))

    def changed(self, path: str) -> bool:
        """Takes note that something changed on disk; whether it was in a context that was known."""
        self._trees.invalidate(path)
        lost = [
            folder
            for folder in self._known
            if folder not in self._cancelled and folder not in self._running and self._trees.peek(folder) is None
        ]
        for folder in lost:
            del self._known[folder]
            self._sure.discard(folder)
        return bool(lost)

    async def settled(self, folders: Iterable[str], seconds: float) -> None:
        """Waits until our own digests of some contexts are known, not longer than that."""
        jobs = [self._running[folder].first.wait() for folder in folders if folder in self._running]
        if jobs:
            _, pending = await asyncio.wait(map(asyncio.ensure_future, jobs), timeout=seconds)
            for each in pending:
                each.cancel()

    def stop(self) -> None:
        """Has the threads end what they do."""
        for job in self._running.values():
            job.is_cancelled = True

    async def _work(self, job: Job) -> None:
        is_watched = job.folder in self.watched
        try:
            await self._hash(job, self._trees)
        finally:
            job.is_over = True
            job.first.set()
            if self._running.get(job.folder) is job:
                del self._running[job.folder]
        if job.is_cancelled:
            return
        if self._trees.peek(job.folder) is None:  # something changed meanwhile
            asyncio.get_running_loop().call_later(_AGAIN, self.look, job.folder)
        elif is_watched and job.folder in self.watched:
            self._sure.add(job.folder)

    async def _hash(self, job: Job, trees: Trees) -> None:
        folder = job.folder
        trees.invalidate(folder)  # looked at again; what its files hold is kept by size and times
        tree = Tree(problem=CANCELLED)
        try:
            for wanted in (OURS, BOTH):
                tree = await self._worker.run(partial(trees.get, folder, wanted, job.checkpoint))
                self._take(job, tree)
        except Cancelled:
            if self._running.get(folder) is job:
                self._cancelled.add(folder)
                self._take(job, tree._replace(sdk_problem=CANCELLED))

    def _take(self, job: Job, tree: Tree) -> None:
        if self._running.get(job.folder) is job and self._known.get(job.folder) != tree:
            self._known[job.folder] = tree
            self._told(job.folder)
        job.first.set()
