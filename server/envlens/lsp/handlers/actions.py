"""The entries of a menu that work with registered environments: where the name of a definition stands."""

from collections.abc import Iterable

from lsprotocol import types as lsp

from ...core.features import lens as places
from ...core.features import registration
from ...core.features.registration import Deed
from ...core.model.document import Document, FileKind
from ...core.text.span import Span
from .. import asking, convert, lenses
from ..forecasts import Forecast
from ..server import Server

_KINDS = {
    Deed.REGISTER: "envlens.register",
    Deed.COMPARE: "envlens.compare",
    Deed.OPEN: "envlens.open",
    Deed.HISTORY: "envlens.open",
}
WORKSPACE_KINDS = tuple(dict.fromkeys(_KINDS.values()))
"""Kinds of our own: they mend nothing, and a client that asks for quick fixes does not want them."""

_DEFINING = frozenset({FileKind.ENVIRONMENT, FileKind.JOB})


def workspace_actions(
    ls: Server, document: Document, params: lsp.CodeActionParams, kinds: Iterable[str]
) -> list[lsp.CodeAction]:
    """What can be done with the definitions on the lines in question."""
    wanted = set(kinds)
    if not wanted or document.kind not in _DEFINING or not ls.registrations.is_known:
        return []
    asking.look(ls, document)
    found = ls.forecasts.of(document)
    span = convert.to_span(document.source, params.range, ls.encoding)
    uri = params.text_document.uri
    made = []
    for place in places.places(document, found.predictions):
        if not _touches(found, place.span, span):
            continue
        stands = lenses.stands_in_workspace(ls, found, place.keys)
        for each in registration.actions(stands) if stands is not None else ():
            if _KINDS[each.deed] in wanted:
                arguments = lenses.arguments({"uri": uri, "at": list(place.keys)}, each)
                command = lsp.Command(title=each.title, command=lenses.COMMANDS[each.deed], arguments=[arguments])
                made.append(lsp.CodeAction(title=each.title, kind=_KINDS[each.deed], command=command))
    return made


def _touches(found: Forecast, place: Span, span: Span) -> bool:
    """Whether a selection touches the line that a definition's lines stand above."""
    lines = found.document.source.lines
    line = lines.line_of(place.start)
    return lines.line_of(span.start) <= line <= lines.line_of(span.end)
