"""The predictions of a document of the host, with the build contexts that they need."""

from collections.abc import Iterable, Mapping

from ..core.hashing.prediction import Prediction
from ..core.hashing.tree import Tree
from ..core.index import predictions
from ..core.index.snapshot import Snapshot
from ..core.model.document import Document
from .host import Host
from .reach import reachable

_MAX_SEARCHED = 200


def snapshot(host: Host, document: Document, trees: Mapping[str, Tree]) -> Snapshot:
    """The world of a document with its build contexts, and the texts in them that a credential may stand in."""
    searched = {folder: tuple(_texts(host, document, folder)) for folder in predictions.folders(document)}
    return host.snapshot(document)._replace(trees=trees, searched=searched)


def predict(
    host: Host, document: Document, trees: Mapping[str, Tree], release: str | None = None
) -> tuple[Prediction, ...]:
    """The predictions of a document's definitions; see `core.index.predictions`."""
    return predictions.predict(snapshot(host, document, trees), document, release)


def _texts(host: Host, document: Document, folder: str) -> Iterable[str]:
    """The files in a build context that its Dockerfiles draw on: where rules find credentials."""
    prefix = f"{folder.rstrip('/')}/"
    drawn = [path for path in host.graph.drawn_by(document.path) if path.startswith(prefix)]
    for at, path in enumerate((*drawn, *reachable(host, drawn, [folder]))):
        found = host.load(path) if at < _MAX_SEARCHED else None
        if found is not None:
            yield found.source.text
