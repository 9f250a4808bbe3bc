"""Who uses a file, through as many files as it takes: definitions by its path, jobs by a definition's path or name."""

from collections.abc import Callable, Iterator, Sequence

from ..core.model.document import Document, FileKind
from ..core.model.job import HolderKind
from ..core.model.reference import Form
from ..core.rules._rule import MOST_USES, Use
from ..core.syntax.nodes import follow
from ..core.text.span import Span
from .graph import Graph
from .names import Names

_MAX_BELOW = 500
_USERS = frozenset({FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1})


def above(path: str, graph: Graph, names: Names, roots: Sequence[str]) -> tuple[str, ...]:
    """The files that use a file, the nearest first, at most `MOST_USES`."""
    found: dict[str, None] = {}
    pending = [path]
    while pending and len(found) < MOST_USES:
        each = pending.pop(0)
        definition = names.of(each).definition
        by_name = names.referring(definition.name, roots) if definition else []
        fresh = [user for user in (*sorted(graph.users(each)), *by_name) if user not in found and user != path]
        found.update(dict.fromkeys(fresh))
        pending += fresh
    return tuple(found)[:MOST_USES]


def uses(
    path: str, users: Sequence[str], graph: Graph, names: Names, load: Callable[[str], Document | None]
) -> Iterator[Use]:
    """Where definitions and jobs among `users` use a file, directly or through others of them: once a file."""
    chain = {path, *users}
    defined = {each.definition.name: each.definition.version for each in map(names.of, chain) if each.definition}
    for user in users:
        document = load(user)
        if document is None or document.kind not in _USERS:
            continue
        span = next(_places(document, chain - {user}, defined, graph), None)
        if span is not None:
            name = names.of(user).definition
            yield Use(user, span, _holder_at(document, span), name.name if name else "")


def _places(document: Document, chain: set[str], defined: dict[str, str], graph: Graph) -> Iterator[Span]:
    for draw in document.draws:
        if draw.kind is not None and graph.target(document.path, draw) in chain:
            yield draw.span
    for each in document.references:
        if each.form is Form.SHORT and _may_be(each.version, defined.get(each.name)):
            yield each.span_of(0, len(each.text))


def _may_be(asked: str | None, defined: str | None) -> bool:
    """Whether a reference to a version can mean a definition; one without a version becomes any."""
    return defined is not None and (not asked or not defined or asked == defined)


def below(path: str, graph: Graph, names: Names, roots: Sequence[str]) -> set[str]:
    """The files that a file uses, directly or through others."""
    found: set[str] = set()
    pending = [path]
    while pending and len(found) < _MAX_BELOW:
        each = pending.pop()
        referred = {definition.path for name in names.of(each).refers for definition in names.called(name, roots)}
        fresh = (referred | graph.drawn_by(each).keys()) - found
        found |= fresh
        pending += fresh
    return found


def _holder_at(document: Document, span: Span) -> HolderKind | None:
    for holder in document.holders:
        value = follow(holder.pair.value) if holder.pair else None
        if value is not None and value.span.start <= span.start and span.end <= value.span.end:
            return holder.kind
    return None
