"""The names of environments in the folders: who defines them, and who refers to them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..core.model.document import Document
from ..core.model.environment import Definition, define
from ..core.model.reference import Form
from ..core.text import slips
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
    """The names in the files met so far, by path and by name."""

    def __init__(self) -> None:
        self._known: dict[str, Named] = {}
        self._defining: dict[str, set[str]] = {}
        self._referring: dict[str, set[str]] = {}
        self._slips: slips.Index | None = None

    def note(self, path: str, found: Named) -> set[str]:
        """Takes up the names of a file. Returns the names of which something changed."""
        before = self._known.get(path, NOTHING)
        if found == before:
            return set()
        if found == NOTHING:
            del self._known[path]
        else:
            self._known[path] = found
        changed = set(before.refers ^ found.refers)
        for name in before.refers - found.refers:
            _drop(self._referring, name, path)
        for name in found.refers - before.refers:
            self._referring.setdefault(name, set()).add(path)
        if before.definition != found.definition:
            for each in (before.definition, found.definition):
                changed |= {each.name} if each else set()
            if before.definition:
                _drop(self._defining, before.definition.name, path)
            if found.definition:
                self._defining.setdefault(found.definition.name, set()).add(path)
            self._slips = None
        return changed

    def of(self, path: str) -> Named:
        """The names in a file."""
        return self._known.get(path, NOTHING)

    def definitions(self, roots: Sequence[str]) -> Iterator[Definition]:
        """The definitions below the folders; all where there are none."""
        return self._among(self._known, roots)

    def called(self, name: str, roots: Sequence[str]) -> tuple[Definition, ...]:
        """The definitions of a name below the folders, by path."""
        return tuple(self._among(sorted(self._defining.get(name, ())), roots))

    def referring(self, name: str, roots: Sequence[str]) -> list[str]:
        """The files below the folders that refer to a name, in order."""
        return [path for path in sorted(self._referring.get(name, ())) if not roots or disk.is_inside(path, roots)]

    def meant(self, name: str, roots: Sequence[str]) -> tuple[str, ...]:
        """The names of definitions below the folders that `name` is likely a slip of the pen for."""
        if self._slips is None:
            self._slips = slips.Index(self._defining)
        return tuple(sorted(each for each in self._slips.meant(name) if self.called(each, roots)))

    def _among(self, paths: Iterable[str], roots: Sequence[str]) -> Iterator[Definition]:
        for path in paths:
            found = self._known[path].definition
            if found is not None and (not roots or disk.is_inside(path, roots)):
                yield found


def _drop(index: dict[str, set[str]], name: str, path: str) -> None:
    paths = index[name]
    paths.discard(path)
    if not paths:
        del index[name]
