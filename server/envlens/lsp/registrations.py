"""The workspace beside a session: asked in a thread of its own, and looked at for what other processes register."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ..core.workspace.port import Changes, Workspace, WorkspaceError
from .worker import Worker

log = logging.getLogger("envlens")

PERIOD = 1.0
"""Seconds between two looks. One costs a few file stamps where nothing has changed."""

Opens = Callable[[str], Workspace]
"""Opens the workspace at a path."""


class Given(NamedTuple):
    """What the command line hands to the server: the place of the workspace, if it names one, and what opens it."""

    workspace: str | None
    opens: Opens


T = TypeVar("T")


class Registrations:
    """See the module. `told` is called on the event loop with what changed. Without `opens` nothing is ever known."""

    def __init__(
        self,
        opens: Opens | None,
        keep: Callable[[Coroutine[Any, Any, None]], None],
        told: Callable[[Changes], None],
    ) -> None:
        self._opens = opens
        self._keep = keep
        self._told = told
        self._worker = Worker("workspace")
        self._path: str | None = None
        self._workspace: Workspace | None = None  # for the worker's thread alone
        self._mark = 0
        self._is_watching = False
        self._problem: str | None = None
        self.is_known = False

    def configure(self, path: str | None) -> None:
        """Takes where the workspace is, None for nowhere, and looks at it from now on."""
        if self._opens is None or path is None:
            return
        if path != self._path:
            self._path, self._mark = path, 0
            self._worker.run(self._close)
        if not self._is_watching:
            self._is_watching = True
            self._keep(self._watch())

    async def ask(self, work: Callable[[Workspace], T]) -> T:
        """Has something done with the workspace. Raises WorkspaceError."""
        return await self._worker.run(partial(self._with, work, self._path))

    async def look(self) -> None:
        """Looks whether something has changed, and tells it."""
        path, mark = self._path, self._mark
        try:
            found = await self.ask(lambda workspace: workspace.changes(mark))
        except WorkspaceError as error:
            if str(error) != self._problem:
                self._problem = str(error)
                log.warning("%s", error)
            return
        self._problem = None
        if path != self._path or mark != self._mark:  # another place by now, or somebody else has looked
            return
        is_news = not self.is_known or found.mark != mark
        self._mark, self.is_known = found.mark, True
        if is_news:
            self._told(found)

    def stop(self) -> None:
        """Lets go of the workspace."""
        self._is_watching = False
        self._worker.run(self._close)

    async def _watch(self) -> None:
        while self._is_watching:
            await self.look()
            await asyncio.sleep(PERIOD)

    def _with(self, work: Callable[[Workspace], T], path: str | None) -> T:
        if self._workspace is None:
            if self._opens is None or path is None:
                raise WorkspaceError("there is no workspace")
            self._workspace = self._opens(path)
        return work(self._workspace)

    def _close(self) -> None:
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None
