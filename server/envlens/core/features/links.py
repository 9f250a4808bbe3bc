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
    path = document.environment.conda_path if document.environment else None
    drawn = snapshot.draw(document, path.text) if path else None
    if path is None or drawn is None or drawn.state not in {FileState.PRESENT, FileState.TOO_LARGE}:
        return []
    return [Link(path.span_of(0, len(path.text)), resolve(document.path, path.text))]
