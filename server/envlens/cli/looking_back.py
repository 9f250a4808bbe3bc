"""What `lint --against git:REVISION` compares files with: what stood in them there."""

from ..core.hashing.earlier import Earlier, EarlierOf
from ..core.index import predictions
from ..core.model.document import Document
from ..host import revision
from ..host.host import Host
from ..host.revision import Digests, GitError, Means, Revision
from .errors import UsageError

PREFIX = "git:"


def earlier_of(host: Host, against: str) -> EarlierOf:
    """What looks up files at a revision. Raises UsageError for what is none, then or when it is asked."""
    if not against.startswith(PREFIX):
        raise UsageError(f"--against takes git:REVISION, not '{against}'")
    name = against.removeprefix(PREFIX)
    digests: Digests = {}
    revisions: dict[str, Revision | None] = {}

    def look(document: Document) -> Earlier | None:
        path = document.path
        if document.kind not in predictions.KINDS:
            return None
        folder = path.rpartition("/")[0]
        if folder not in revisions:
            revisions[folder] = find(path, name)
        found = revisions[folder]
        if found is None:
            return None
        means = Means(host.facts, host.settings_for(path).max_file_size, digests)
        return revision.earlier(found, path, document.kind, means)

    return look


def find(path: str, name: str) -> Revision | None:
    """The revision of a name in the repository around a path. Raises UsageError where there is no such revision."""
    try:
        return revision.find(path, name)
    except GitError as error:
        raise UsageError(f"{PREFIX}{name}: {error.reason}") from error
