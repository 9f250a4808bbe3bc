"""An immutable view of everything that an answer may depend on: same snapshot, same answer."""

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..model.context import BuildContext
from ..model.document import Document, Draw
from ..model.facts import Facts
from ..rules._rule import Drawn, Looked, Use, User
from ..settings import Settings

if TYPE_CHECKING:  # most runs compare with nothing
    from ..hashing.earlier import Earlier
    from ..hashing.tree import Tree


class Snapshot(NamedTuple):
    """`documents` are the files in hand by path; `drawn` what lies at the paths they draw on, by resolved path.

    `build_context`, `users`, `uses`, `names` (what the folder knows of the names that it refers to), `earlier` and
    `contexts` (the build contexts that it is uploaded with, and the documents that define what is built from them) are
    of the one document that the snapshot was made for.
    `trees` are the build contexts that were hashed, `searched` the texts in them that a credential may stand in, by
    folder.
    """

    facts: Facts
    settings: Settings
    documents: Mapping[str, Document] = MappingProxyType({})
    drawn: Mapping[str, Drawn] = MappingProxyType({})
    build_context: BuildContext | None = None
    users: tuple[User, ...] = ()
    uses: tuple[Use, ...] = ()
    names: Mapping[str, Looked] = MappingProxyType({})
    trees: "Mapping[str, Tree]" = MappingProxyType({})
    searched: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    earlier: "Earlier | None" = None
    contexts: Mapping[str, tuple[Document, ...]] = MappingProxyType({})

    def draw(self, document: Document, path: str) -> Drawn | None:
        """What lies at a path written in `document`; None when nobody has looked."""
        return self.drawn.get(resolve(document.path, path))

    def drawn_at(self, document: Document, draw: Draw) -> Drawn | None:
        """What lies where a document draws; None when nobody has looked, or the build context is not known."""
        target = locate(document.path, draw, self.build_context.root if self.build_context else None)
        return self.drawn.get(target) if target is not None else None


def locate(base: str, draw: Draw, context: str | None) -> str | None:
    """The path that a draw in the file `base` means; None where it counts from a build context that is not known."""
    if not draw.in_context:
        return resolve(base, draw.path)
    return resolve(f"{context}/", draw.path.lstrip("/")) if context else None


def resolve(base: str, path: str) -> str:
    """A path as written in the file `base`, taken from that file's folder, without `.` and `..`."""
    if len(path) + len(base) > _MAX_KEPT:
        return _resolved.__wrapped__(base, path)
    return _resolved(base, path)


# Longer texts than paths are must not be remembered.
_MAX_KEPT = 1_000


@lru_cache(maxsize=4096)  # each path is asked for by the graph, by the host and by rules
def _resolved(base: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
