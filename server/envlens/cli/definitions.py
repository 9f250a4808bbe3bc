"""Finds the definitions that the command line names, and predicts their images."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..core.hashing.prediction import Prediction
from ..core.hashing.tree import Tree
from ..core.index import predictions
from ..core.model.document import Document, FileKind
from ..host import disk, forecast
from ..host.host import Host, normal
from .errors import UsageError
from .files import NOT_OURS

# The path of a build context, and the release of azure-ai-ml whose hash it needs, to its tree.
Look = Callable[[str, str | None], Tree]

_DEFINING = frozenset({FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1})


class Defined(NamedTuple):
    """A definition as it was found: the path as given, its document, the prediction and the contexts it was made of."""

    shown: str
    document: Document
    prediction: Prediction

    @property
    def title(self) -> str:
        """The file, and what tells the definition from others in it."""
        keys = ".".join(self.prediction.place.keys)
        return f"{self.shown}: {keys}" if keys else self.shown

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, both from 1."""
        line, column = self.document.source.lines.position(self.prediction.place.span.start)
        return line + 1, column + 1


def find(host: Host, paths: list[str], look: Look, release: str | None) -> Iterator[Defined]:
    """The definitions in files and folders. Raises UsageError for a path that is not there or holds none."""
    for given in paths:
        if os.path.isdir(given):
            yield from _below(host, given, look, release)
        elif not os.path.exists(given):
            raise UsageError(f"{given} does not exist")
        else:
            yield from _in_file(host, given, look, release)


def _in_file(host: Host, given: str, look: Look, release: str | None) -> Iterator[Defined]:
    path, shown = normal(given), given.replace(os.sep, "/")
    host.name(path)
    document = host.load(path)
    if document is None:
        raise UsageError(f"{shown}: {host.read_state(path).obstacle or NOT_OURS}")
    if document.size_limit:
        raise UsageError(f"{shown}: is too large")
    found = _predict(host, document, shown, look, release)
    if not found:
        raise UsageError(f"{shown}: {_why_none(document)}")
    yield from found


def _below(host: Host, given: str, look: Look, release: str | None) -> Iterator[Defined]:
    """Definitions first; conda files that none of them draws on have a conda key of their own."""
    documents: dict[str, Document] = {}
    for found in disk.walk(given, disk.ignored_above(given), host.is_included, host.folders):
        document = None if host.is_excluded(normal(found)) else host.load(normal(found))
        if document is not None:
            shown = os.path.normpath(found) if given in {".", "./"} else found
            documents[shown.replace(os.sep, "/")] = document
    for shown, document in documents.items():
        is_loose = document.kind is FileKind.CONDA and not host.users_of(document.path)
        if document.kind in _DEFINING or is_loose:
            yield from _predict(host, document, shown, look, release)


def _predict(host: Host, document: Document, shown: str, look: Look, release: str | None) -> list[Defined]:
    trees = {folder: look(folder, release) for folder in predictions.folders(document)}
    return [Defined(shown, document, each) for each in forecast.predict(host, document, trees, release)]


def _why_none(document: Document) -> str:
    if document.kind is FileKind.JOB and document.references:
        return f"holds no definition, it refers to '{document.references[0].text}'"
    if document.kind in _DEFINING:
        return "holds no definition that can be read"
    return "is no environment definition, and holds none"
