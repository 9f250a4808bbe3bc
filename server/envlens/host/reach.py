"""Which files are drawn on, through as many files as it takes."""

from collections.abc import Iterable, Iterator, Sequence

from ..core.model.document import Document
from ..core.model.facts import FileState
from ..core.text.span import Span
from . import disk
from .host import Host


def reachable(host: Host, paths: Iterable[str], folders: Sequence[str]) -> Iterator[str]:
    """The files below the folders that some files draw on, and what these draw on in turn; each once."""
    pending = list(paths)
    seen = set(pending)
    while pending:
        for path, use in host.graph.drawn_by(pending.pop()).items():
            if use.kind is None or path in seen or host.is_excluded(path):
                continue
            seen.add(path)
            if disk.is_inside(path, folders) and disk.state(path, host.roots or None) is FileState.PRESENT:
                pending.append(path)
                yield path


def uses_of(host: Host, path: str) -> Iterator[tuple[Document, Span]]:
    """Where the documents of the folders draw on a file."""
    for user in filter(None, map(host.load, sorted(host.graph.users(path)))):
        for draw in user.draws:
            if draw.span.end > draw.span.start and host.graph.target(user.path, draw) == path:
                yield user, draw.span
