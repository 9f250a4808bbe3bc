"""What has to be known before a definition is registered: whether it may be, what of it, and where its bytes lie."""

import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..core.hashing.prediction import Prediction
from ..core.hashing.tree import Leaf, Tree
from ..core.index.snapshot import resolve
from ..core.model.document import Document, FileKind
from ..core.model.environment import Environment
from ..core.text.diagnostic import Diagnostic
from ..core.workspace import gate
from ..core.workspace.credentials import Scanner
from ..core.workspace.gate import Verdict
from ..core.workspace.offering import Offered, offer
from ..core.workspace.port import NotFoundError, Offer, Registration, Workspace, WorkspaceError
from ..core.workspace.target import Target
from . import disk, forecast, tree_read, tree_walk
from .host import Host
from .reach import reachable
from .tree_files import Checkpoint, shown


class Judged(NamedTuple):
    """A file of a definition, and what its findings mean for registering the definition."""

    document: Document
    verdict: Verdict


class Candidate(NamedTuple):
    """A definition of a document, and what is predicted of it."""

    document: Document
    definition: Environment
    prediction: Prediction


def judge(host: Host, candidate: Candidate) -> list[Judged]:
    """The definition's file and those that it draws on, each with its verdict; without those that have no findings."""
    document, definition = candidate.document, candidate.definition
    found = [Judged(document, _judge(host, document, definition))]
    first = [path for path in _draws(candidate) if host.load(path) is not None]
    roots = host.roots or [document.path.rpartition("/")[0]]
    for path in dict.fromkeys((*first, *reachable(host, first, roots))):
        drawn = host.load(path)
        if drawn is not None:
            found.append(Judged(drawn, _judge(host, drawn, None)))
    return [each for each in found if any(each.verdict)]


def _judge(host: Host, document: Document, definition: Environment | None) -> Verdict:
    said, as_written = host.diagnose(document), host.judge_as_written(document)
    if definition is not None and document.kind is FileKind.JOB:  # what else is wrong with a job stops nobody here
        said, as_written = _within(said, definition), _within(as_written, definition)
    return gate.judge(said, as_written)


def _within(found: tuple[Diagnostic, ...], definition: Environment) -> tuple[Diagnostic, ...]:
    span = definition.node.span
    return tuple(each for each in found if span.start <= each.span.start < max(span.end, span.start + 1))


def _draws(candidate: Candidate) -> Iterator[str]:
    path, definition = candidate.document.path, candidate.definition
    if definition.conda_path is not None:
        yield resolve(path, definition.conda_path.text)
    block = definition.context
    if block is not None and block.folder:
        yield resolve(path, f"{block.folder}/{block.dockerfile}")


def offered(host: Host, candidate: Candidate, trees: Mapping[str, Tree]) -> Offered:
    """What is to be registered of a definition, with the build contexts that were read for its prediction."""
    snapshot = forecast.snapshot(host, candidate.document, trees)
    return offer(snapshot, candidate.document, candidate.definition, candidate.prediction)


class RefusedError(WorkspaceError):
    """A definition must not be registered, whatever the workspace could do."""


class Source:
    """The files of a definition's build context, to be read. `told` is called with files and bytes read so far.

    It may raise to end the work. For a worker thread.
    """

    def __init__(self, roots: Sequence[str] | None, candidate: Candidate, told: Checkpoint | None = None) -> None:
        block = candidate.definition.context
        folder = resolve(candidate.document.path, block.folder) if block is not None and block.folder else None
        found = tree_walk.survey(disk.normal(folder), roots).uploaded if folder is not None else []
        self._files = {each.path.encode("utf-8", "surrogateescape"): each for each in found}
        self._progress = tree_read.Progress(told)

    def search(self, leaves: Iterable[Leaf]) -> None:
        """Raises RefusedError where one of the files holds a credential: nothing of it may be stored."""
        for leaf in leaves:
            scanner = Scanner()
            for block in self.read(leaf):
                scanner.update(block)
                if scanner.is_done:
                    break
            if scanner.found is not None:
                hint = "leave it out of the context by .amlignore"
                raise RefusedError(f"'{shown_leaf(leaf)}' holds {scanner.found}, which would be stored: {hint}")

    def read(self, leaf: Leaf) -> Iterator[bytes]:
        """What a file holds. Raises WorkspaceError for one that is another by now."""
        file = self._files.get(leaf.path)
        if file is None:
            raise WorkspaceError(f"'{shown_leaf(leaf)}' is gone from the build context: nothing was registered")
        try:
            for block in tree_read.blocks(file):
                self._progress.add(0, len(block))
                yield block
        except tree_read.MovedError:
            raise WorkspaceError(f"'{shown(file.path)}' changed while it was read: nothing was registered") from None
        except tree_read.UnreadableError:
            raise WorkspaceError(f"'{shown(file.path)}' cannot be read: nothing was registered") from None
        self._progress.add(1, 0)


def author() -> str:
    """Who registers: the user's name on this machine, empty where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def register(workspace: Workspace, offer: Offer, source: Source) -> Registration:
    """Registers what was offered. Raises WorkspaceError, for files that hold a credential RefusedError."""
    if not _is_known(workspace, offer):
        source.search(offer.leaves)
    return workspace.register(offer, source.read)


def _is_known(workspace: Workspace, offer: Offer) -> bool:
    """Whether the very content is registered under the name, so that no file has to be read."""
    try:
        found = workspace.get(Target(offer.name, offer.version))
    except NotFoundError:
        return False
    return found.content.digest == offer.content.digest


def shown_leaf(leaf: Leaf) -> str:
    """The path of a file of a build context, for people."""
    return leaf.path.decode("utf-8", "replace")
