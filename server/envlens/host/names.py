"""The names of environments in the folders: who defines them, and who refers to them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..core.model.document import Document
from ..core.model.environment import Definition, define
from ..core.model.reference import Form
from . import disk


class Named(NamedTuple):
    """The name that a file defines, and those that it refers to."""

    definition: Definition | None = None
    refers: frozenset[str] = frozenset()


NOTHING = Named()


def named(document: Document | None) -> Named:
    """The names in a document."""
    if document is None:
        return NOTHING
    refers = frozenset(each.name for each in document.references if each.form is Form.SHORT and each.name)
    return Named(define(document.source, document.environment), refers)


class Names:
    """The names in the files met so far, by path."""

    def __init__(self) -> None:
        self._known: dict[str, Named] = {}

    def note(self, path: str, found: Named) -> None:
        """Takes up the names of a file."""
        if found == NOTHING:
            self._known.pop(path, None)
        else:
            self._known[path] = found

    def definitions(self, roots: Sequence[str]) -> Iterator[Definition]:
        """The definitions below the folders; all where there are none."""
        for path, each in self._known.items():
            if each.definition is not None and (not roots or disk.is_inside(path, roots)):
                yield each.definition

    def referring(self, name: str, roots: Sequence[str]) -> Iterator[str]:
        """The files below the folders that refer to a name."""
        for path, each in self._known.items():
            if name in each.refers and (not roots or disk.is_inside(path, roots)):
                yield path
