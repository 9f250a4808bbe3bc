"""The paths in a document that lead to other files."""

from collections.abc import Iterator
from typing import NamedTuple

from ..index.snapshot import Snapshot, resolve
from ..model.document import Document
from ..model.facts import FileState
from ..text.span import Span

_FILES = frozenset({FileState.PRESENT, FileState.TOO_LARGE})


class Link(NamedTuple):
    """A span that leads to the file at `path`."""

    span: Span
    path: str


def links(snapshot: Snapshot, document: Document) -> list[Link]:
    """The links of a document to files that exist, in the order of the file, one for each span."""
    found: dict[Span, Link] = {}
    for link in (*_drawn(snapshot, document), *_copied(snapshot, document)):
        found.setdefault(link.span, link)
    return sorted(found.values())


def link_at(snapshot: Snapshot, document: Document, offset: int) -> Link | None:
    """The link at an offset."""
    return next((each for each in links(snapshot, document) if each.span.contains(offset)), None)


def _drawn(snapshot: Snapshot, document: Document) -> Iterator[Link]:
    found = document.draws
    dockerfiles = {each.context: each for each in found if each.context}
    for draw in found:
        drawn = snapshot.drawn_at(document, draw)
        if drawn is not None and drawn.state is FileState.DIRECTORY and draw.path in dockerfiles:
            # Nobody opens a folder: its Dockerfile is what is meant.
            drawn = snapshot.drawn_at(document, dockerfiles[draw.path])
        if drawn is not None and drawn.state in _FILES and draw.span.end > draw.span.start:
            yield Link(draw.span, drawn.path)


def _copied(snapshot: Snapshot, document: Document) -> Iterator[Link]:
    """The sources of COPY that are single files of the context."""
    context = snapshot.build_context
    if context is None or document.dockerfile is None:
        return
    for copy in document.dockerfile.copies:
        for source in copy.sources:
            looked = context.looked.get(source.text)
            if looked is not None and looked.state in _FILES and not any(char in source.text for char in "*?["):
                yield Link(source.span, resolve(f"{context.root}/", source.text.lstrip("/")))
