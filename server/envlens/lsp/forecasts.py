"""What is predicted of open files, and what that hangs on: their text, build contexts, and what stood there at HEAD.

Predictions are made when somebody asks and kept while nothing that they hang on changes. Nothing here waits for a disk:
git and build contexts are read in threads, and what was found is told to whoever shows it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, Protocol

from ..core.hashing.earlier import Earlier
from ..core.hashing.prediction import Prediction
from ..core.index import predictions
from ..core.index.snapshot import Snapshot
from ..core.model.document import Document
from ..core.workspace.offering import Offered, offer
from ..host import disk, forecast
from ..host.host import Host
from ..host.registering import Candidate
from .contexts import Contexts, Job
from .heads import Heads

PATIENCE = 0.4
"""How long an answer may wait for what is being read, in seconds; a client can ask again when it is known."""


class Forecast(NamedTuple):
    """A document with its world and its predictions. `offers` keeps what of its definitions can be registered."""

    document: Document
    snapshot: Snapshot
    predictions: tuple[Prediction, ...]
    offers: dict[tuple[str, ...], Offered]

    @property
    def earlier(self) -> Earlier | None:
        """What stood in the file at HEAD."""
        return self.snapshot.earlier

    def at(self, keys: Sequence[str]) -> Prediction | None:
        """The prediction of the definition that some keys lead to."""
        return next((each for each in self.predictions if each.place.keys == tuple(keys)), None)

    def candidate(self, keys: Sequence[str]) -> Candidate | None:
        """The definition that some keys lead to; None where nothing stands there that could be registered."""
        for definition, each in zip(self.document.environments, self.predictions, strict=False):
            if each.place.keys == tuple(keys):
                return Candidate(self.document, definition, each)
        return None

    def offer(self, keys: Sequence[str]) -> Offered | None:
        """What can be registered of the definition that some keys lead to."""
        key = tuple(keys)
        if key not in self.offers:
            found = self.candidate(key)
            if found is None:
                return None
            self.offers[key] = offer(self.snapshot, *found)
        return self.offers[key]


class Told(Protocol):
    """Takes the open files of which something else is known than before, and whether rules care."""

    def __call__(self, paths: set[str], *, for_rules: bool) -> None: ...


class Forecasts:
    """See the module. `told` is called when something became known, `shown` with each context that is being read."""

    def __init__(
        self,
        host: Host,
        keep: Callable[[Coroutine[Any, Any, None]], None],
        told: "Told",
        shown: Callable[[Job], Coroutine[Any, Any, None]],
    ) -> None:
        self._host = host
        self._told = told
        self.heads = Heads(host.facts, keep, self._head_known)
        self.contexts = Contexts(keep, self._context_known, shown)
        self._made: dict[str, Forecast] = {}
        self._earlier: dict[str, Earlier | None] = {}  # what rules were told
        host.earlier_of = self._earlier_of
        self._folders: dict[str, tuple[str, ...]] = {}  # the build contexts of open files, by path

    @property
    def folders(self) -> frozenset[str]:
        """The build contexts of open files, those that may be read."""
        roots = self._host.roots
        found = {folder for each in self._folders.values() for folder in each}
        return frozenset(folder for folder in found if not roots or disk.is_inside(folder, roots))

    def snapshot(self, document: Document) -> Snapshot:
        """The world of an open document, as far as it is known by now."""
        folders = predictions.folders(document)
        found = {folder: tree for folder in folders if (tree := self.contexts.peek(folder)) is not None}
        return forecast.snapshot(self._host, document, found)

    def of(self, document: Document) -> Forecast:
        """What is predicted of an open document, as far as it is known by now."""
        snapshot = self.snapshot(document)
        made = self._made.get(document.path)
        if made is None or made.document is not document or not _is_same(made.snapshot, snapshot):
            made = Forecast(document, snapshot, predictions.predict(snapshot, document), {})
        self._made[document.path] = made = made._replace(snapshot=snapshot)
        return made

    def look(self, document: Document, *, again: bool = False) -> None:
        """Has what a document hangs on looked at, in threads. `again`: also what somebody cancelled."""
        if document.kind not in predictions.KINDS:
            return
        path = document.path
        self.heads.look(document, self._host.roots, self._host.settings_for(path).max_file_size)
        self._folders[path] = predictions.folders(document)
        for folder in self._folders[path]:
            self.contexts.look(folder, again=again)

    def meet(self, document: Document, *, again: bool = False) -> None:
        """Looks up what rules want to know of a document, once."""
        if document.kind in predictions.KINDS and (again or not self.heads.is_known(document.path)):
            self.heads.look(document, self._host.roots, self._host.settings_for(document.path).max_file_size)

    async def ready(self, document: Document, seconds: float = PATIENCE) -> None:
        """Waits a little until what a document hangs on is known."""
        head = self.heads.settled(document.path, seconds)
        await asyncio.gather(head, self.contexts.settled(predictions.folders(document), seconds))

    def head_moved(self) -> None:
        """Takes note that git's HEAD may be another."""
        for made in [*self._made.values()]:
            self.meet(made.document, again=True)

    def changed(self, path: str) -> None:
        """Takes note that something changed on disk, and has contexts that hang on it read again."""
        if self.contexts.changed(path):
            lost = {each for each, folders in self._folders.items() if any(map(self._is_lost, folders))}
            for folder in {folder for each in lost for folder in self._folders[each]}:
                self.contexts.look(folder)
            self._told(lost, for_rules=False)

    def forget(self, path: str) -> None:
        """Lets a file go."""
        self.heads.forget(path)
        self._earlier.pop(path, None)
        self._made.pop(path, None)
        self._folders.pop(path, None)

    def _is_lost(self, folder: str) -> bool:
        return self.contexts.peek(folder) is None

    def _earlier_of(self, document: Document) -> Earlier | None:
        return self._earlier.get(document.path)

    def _head_known(self, path: str) -> None:
        had, earlier = self._earlier.get(path), self.heads.of(path)
        self._earlier[path] = earlier
        if had is not earlier:
            self._told({path}, for_rules=True)

    def _context_known(self, folder: str) -> None:
        self._told({path for path, folders in self._folders.items() if folder in folders}, for_rules=False)


def _is_same(before: Snapshot, now: Snapshot) -> bool:
    """Whether a prediction from one snapshot holds for the other: identity is enough, unchanged files stay the same."""
    return (
        before.drawn.keys() == now.drawn.keys()
        and all(
            before.drawn[path].document is each.document and before.drawn[path].state is each.state
            for path, each in now.drawn.items()
        )
        and before.trees.keys() == now.trees.keys()
        and all(before.trees[folder] is each for folder, each in now.trees.items())
        and before.searched == now.searched
    )
