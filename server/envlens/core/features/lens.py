"""The line above each environment: the image that it is predicted to be, and whether an edit makes it another one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..hashing.earlier import Earlier
from ..hashing.prediction import SHORT, Formula, Kind, Prediction, short_name
from ..model.document import Document, FileKind
from ..syntax.nodes import Mapping, find
from ..text.span import Span
from .markdown import line
from .standing import standing, words

_MAX_REASON = 90


class Place(NamedTuple):
    """Where a line stands: above the span, for the definition that the keys lead to."""

    keys: tuple[str, ...]
    span: Span


def places(document: Document, found: Iterable[Prediction]) -> list[Place]:
    """Where the lines of a document stand."""
    return [Place(each.place.keys, place(document, each)) for each in found if is_shown(each)]


def is_shown(found: Prediction) -> bool:
    """Whether something is said of it: of a conda file alone only its key."""
    return found.kind is not Kind.CONDA_FILE or found.conda_key is not None


def place(document: Document, found: Prediction) -> Span:
    """What a definition's line stands above: its name, else its first key; in a job the key that it stands under."""
    root = document.root
    if document.kind is FileKind.ENVIRONMENT and isinstance(root, Mapping):
        name = find(root, "name")
        if name is not None:
            return name.key.span
    return found.place.span


def around(document: Document, found: Sequence[Prediction], offset: int) -> Prediction | None:
    """The definition in whose lines an offset lies; where there is one only, that."""
    if len(found) == 1:
        return found[0]
    lines = document.source.lines
    for at, each in enumerate(document.environments[: len(found)]):
        if lines.line_of(found[at].place.span.start) <= lines.line_of(offset) <= lines.line_of(each.node.span.end):
            return found[at]
    return None


def short(found: Prediction) -> str | None:
    """What it is called in a word: `azureml_3f2c9a…`, of our own digests `envlens 3f2c9a…`; None for no hash."""
    if found.kind is Kind.CONDA_FILE:
        return f"conda key azureml_{found.conda_key[:SHORT]}…" if found.conda_key else None
    return short_name(found.formula, found.fingerprint)


COMPUTING = "computing the hash of the build context…"


def headline(found: Prediction) -> str:
    """What it is called, or why it has no hash."""
    named = short(found)
    if named is not None:
        return named
    if found.is_pending:
        return COMPUTING
    reason = found.unavailable or "nothing is known of it"
    if len(reason) > _MAX_REASON:
        reason = reason.partition(": ")[0]
    return f"no predicted hash: {line(reason, _MAX_REASON)}"


def title(found: Prediction, all_of_file: Sequence[Prediction], earlier: Earlier | None) -> str:
    """The text of the line."""
    parts = [headline(found)]
    stands = standing(found, all_of_file, earlier)
    named = short(found) is not None
    if stands is not None:
        parts.append(words(found, stands) if named or found.counted is not None else "")
    elif named:
        parts.append("predicted")
    if named and found.formula is not Formula.ENVLENS and found.doubts:
        parts.append("unconfirmed")
    return " · ".join(filter(None, parts))
