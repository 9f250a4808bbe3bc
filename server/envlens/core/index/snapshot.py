"""An immutable view of everything that an answer may depend on: same snapshot, same answer."""

import posixpath
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..model.context import BuildContext
from ..model.document import Document
from ..model.facts import Facts
from ..rules._rule import Drawn, User
from ..settings import Settings


class Snapshot(NamedTuple):
    """`documents` are the files in hand by path; `drawn` what lies at the paths they draw on, by resolved path.

    `build_context` and `users` are of the one document that the snapshot was made for.
    """

    facts: Facts
    settings: Settings
    documents: Mapping[str, Document] = MappingProxyType({})
    drawn: Mapping[str, Drawn] = MappingProxyType({})
    build_context: BuildContext | None = None
    users: tuple[User, ...] = ()

    def draw(self, document: Document, path: str) -> Drawn | None:
        """What lies at a path written in `document`; None when nobody has looked."""
        return self.drawn.get(resolve(document.path, path))


def resolve(base: str, path: str) -> str:
    """A path as written in the file `base`, taken from that file's folder, without `.` and `..`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
