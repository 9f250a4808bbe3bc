"""Files and definitions as they stood at a git revision. For a worker thread: reading a repository takes time.

git itself is not run; see `git`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..core.hashing.earlier import Earlier
from ..core.index import predictions
from ..core.index.snapshot import Snapshot, resolve
from ..core.model.document import Document, Draw, FileKind, build
from ..core.model.facts import Facts, FileState
from ..core.rules._rule import Drawn
from ..core.settings import Settings
from ..core.text.source import decode, decode_requirements
from . import git, revision_tree
from .git import GitError, Reader, Repository, Why
from .revision_tree import Digests

__all__ = ["Digests", "GitError", "Means", "Revision", "earlier", "find"]


class Revision(NamedTuple):
    """A commit of a repository. `label` is what the user called it."""

    repository: Repository
    commit: str
    label: str


def find(path: str, name: str = "HEAD") -> Revision | None:
    """The revision of that name in the repository around a path; None for no repository. Raises GitError."""
    repository = git.find(path)
    if repository is None:
        return None
    if name == "HEAD":
        return Revision(repository, git.head(repository), name)
    with git.opened(repository) as reader:
        return Revision(repository, git.commit(reader, name), name)


class Means(NamedTuple):
    """What is needed to look at a commit. `limit` is the most that a file may have, in bytes; `digests` grow."""

    facts: Facts
    limit: int
    digests: Digests


def earlier(revision: Revision, path: str, kind: FileKind, means: Means) -> Earlier:
    """What stood in a file, and what is predicted of it. Never raises."""
    try:
        with git.opened(revision.repository) as reader:
            return _Past(reader, revision, means).look(path, kind)
    except GitError as error:
        return Earlier(revision.label, problem=error.reason)


class _Past(NamedTuple):
    """A repository at a commit, open."""

    reader: Reader
    revision: Revision
    means: Means

    def look(self, path: str, kind: FileKind) -> Earlier:
        document = self._file(path, kind).document
        if document is None:
            return Earlier(self.revision.label)
        drawn = {}
        for target, draw in _draws(document):
            assert draw.kind is not None  # noqa: S101 - `_draws` leaves out the others
            drawn[target] = self._file(target, draw.kind)
        folders = predictions.folders(document)
        trees = {folder: revision_tree.look(self.reader, self.revision.commit, self._place(folder), self.means.digests)
                 for folder in folders}  # fmt: skip
        searched = {folder: tuple(self._texts(drawn, folder)) for folder in folders}
        snapshot = Snapshot(self.means.facts, Settings(), {path: document}, drawn, trees=trees, searched=searched)
        return Earlier(self.revision.label, document, predictions.predict(snapshot, document))

    def _place(self, path: str) -> str | None:
        """A path of the work tree from its top, None for one outside."""
        return git.place(self.revision.repository, path)

    def _file(self, path: str, kind: FileKind) -> Drawn:
        place = self._place(path)
        if place is None:
            return Drawn(FileState.OUTSIDE, path)
        try:
            found = revision_tree.read(self.reader, self.revision.commit, place, self.means.limit)
        except GitError as error:
            if error.why is not Why.TOO_LARGE:
                raise
            return Drawn(FileState.TOO_LARGE, path)
        if isinstance(found, FileState):
            return Drawn(found, path)
        read = decode_requirements if kind is FileKind.REQUIREMENTS else decode
        return Drawn(FileState.PRESENT, path, build(read(path, found), kind, None))

    def _texts(self, drawn: dict[str, Drawn], folder: str) -> Iterator[str]:
        """The files that the Dockerfile of a build context takes: where credentials may stand."""
        for each in list(drawn.values()):
            document = each.document
            if document is None or document.dockerfile is None or not document.path.startswith(f"{folder}/"):
                continue
            for draw in document.draws:
                target = resolve(f"{folder}/", draw.path.lstrip("/"))
                found = self._file(target, FileKind.REQUIREMENTS).document if draw.in_context else None
                if found is not None:
                    yield found.source.text


def _draws(document: Document) -> Iterator[tuple[str, Draw]]:
    for draw in document.draws:
        if draw.kind is not None and not draw.in_context:
            yield resolve(document.path, draw.path), draw
