"""The paths in a document that lead to other files."""

from typing import NamedTuple

from ..index.snapshot import Snapshot, resolve
from ..model.document import Document
from ..model.facts import FileState
from ..text.span import Span


class Link(NamedTuple):
    """A span that leads to the file at `path`."""

    span: Span
    path: str


def links(snapshot: Snapshot, document: Document) -> list[Link]:
    """The links of a document to files that exist."""
    found = []
    for definition in document.environments:
        path = definition.conda_path
        drawn = snapshot.draw(document, path.text) if path else None
        if path is not None and drawn is not None and drawn.state in {FileState.PRESENT, FileState.TOO_LARGE}:
            found.append(Link(path.span_of(0, len(path.text)), resolve(document.path, path.text)))
    return found
