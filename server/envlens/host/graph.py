"""Who draws on whom: which definition, Dockerfile or requirements file takes up which path, and as what."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ..core.index.snapshot import locate, resolve
from ..core.model.document import Draw, FileKind

# What is built from folders.
_BUILDING = frozenset({FileKind.ENVIRONMENT, FileKind.JOB})


class Use(NamedTuple):
    """One file drawing on another: what it takes it for, of which kind it is itself, and the build context with it."""

    kind: FileKind | None
    by: FileKind
    context: str | None = None
    as_constraint: bool = False


class Graph:
    """The uses between files, by absolute path, kept in both directions."""

    def __init__(self) -> None:
        self._drawn: dict[str, dict[str, Use]] = {}  # user → paths
        self._users: dict[str, dict[str, Use]] = {}  # path → users
        self.changes = 0
        """Grows with each change."""

    def replace(self, path: str, kind: FileKind | None, draws: Collection[Draw]) -> dict[str, bool]:
        """Takes up what a file draws on now. Returns the paths whose use changed, true for those taken up."""
        new = self._resolved(path, kind, draws) if kind and draws else {}
        old = self._drawn.get(path, {})
        if new == old:
            return {}
        self.changes += 1
        changed = {each: each in new for each in (*old, *new) if old.get(each) != new.get(each)}
        for each, taken in changed.items():
            users = self._users.setdefault(each, {})
            users.pop(path, None)
            if taken:
                users[path] = new[each]
            if not users:
                del self._users[each]
        if new:
            self._drawn[path] = new
        else:
            self._drawn.pop(path, None)
        return changed

    def _resolved(self, path: str, kind: FileKind, draws: Iterable[Draw]) -> dict[str, Use]:
        """What a file draws on, by absolute path. Paths in a build context that is not known are left out."""
        found: dict[str, Use] = {}
        for draw in draws:
            target = self.target(path, draw)
            if target is not None and (target not in found or found[target].kind is None):
                context = resolve(path, draw.context) if draw.context else None
                found[target] = Use(draw.kind, kind, context, draw.as_constraint)
        return found

    def target(self, path: str, draw: Draw) -> str | None:
        """Where a path lies that `path` draws on; None in a build context that is not known."""
        return locate(path, draw, self.context_of(path) if draw.in_context else None)

    def users(self, path: str) -> dict[str, Use]:
        """The files that draw on a path."""
        return self._users.get(path, {})

    def drawn_by(self, path: str) -> dict[str, Use]:
        """The paths that a file draws on."""
        return self._drawn.get(path, {})

    def contexts_around(self, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The build contexts that a path lies in, with the files whose definitions are built from them."""
        folder = path.rpartition("/")[0]
        while folder:
            users = self._users.get(folder, {})
            building = sorted(user for user, use in users.items() if use.kind is None and use.by in _BUILDING)
            if building:
                yield folder, tuple(building)
            folder = folder.rpartition("/")[0]

    def kind_of(self, path: str) -> FileKind | None:
        """What a file is by those that draw on it; a definition's word comes first."""
        users = self._users.get(path)
        if not users:
            return None
        kinds = {use.kind for use in users.values()}
        if len(kinds) == 1:
            return kinds.pop()
        return next((kind for kind in FileKind if kind in kinds), None)

    def context_of(self, path: str) -> str | None:
        """The build context of a Dockerfile; None where nobody says, or where two definitions differ."""
        contexts = {use.context for use in self.users(path).values() if use.kind is FileKind.DOCKERFILE}
        return contexts.pop() if len(contexts) == 1 else None
