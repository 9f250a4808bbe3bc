"""textDocument/codeLens, codeLens/resolve and textDocument/inlayHint: the predicted hash where definitions stand."""

from collections.abc import Mapping

from lsprotocol import types as lsp

from ...core.features import hints as hint_feature
from ...core.features import lens as places
from .. import convert, lenses
from ..asking import forecast, forecast_soon
from ..forecasts import Forecast
from ..server import Server

LENS_OPTIONS = lsp.CodeLensOptions(resolve_provider=True)


async def code_lens(ls: Server, params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
    """The lines above each definition; their texts come with them only for a client that cannot ask for them."""
    uri = params.text_document.uri
    ls.views.begin_lenses(convert.to_path(uri))
    found = forecast(ls, uri) if ls.views.resolves_lenses else await forecast_soon(ls, uri)
    if found is None or ls.host.is_excluded(found.document.path):
        return None
    source, made = found.document.source, []
    lines = list(lenses.lines(ls, found, uri))
    for line in lines:
        where = convert.to_range(source, line.span, ls.encoding)
        lens = lsp.CodeLens(where, data={"uri": uri, "at": list(line.keys), "about": line.about})
        made.append(lens if ls.views.resolves_lenses else _told(ls, lens, found, line))
    ls.views.shows_lenses(found.document.path, {(line.keys, line.about) for line in lines})
    return made


async def resolve(ls: Server, lens: lsp.CodeLens) -> lsp.CodeLens:
    """The line with its text and what a click does."""
    data = convert.to_plain(lens.data)
    uri, at, about = (data.get(key) if isinstance(data, Mapping) else None for key in ("uri", "at", "about"))
    found = await forecast_soon(ls, uri) if isinstance(uri, str) else None
    keys = tuple(str(key) for key in at) if isinstance(at, list | tuple) else ()
    if found is not None:
        for place in places.places(found.document, found.predictions):
            for line in lenses.lines_at(ls, found, str(uri), place) if place.keys == keys else ():
                if line.about == about:
                    return _told(ls, lens, found, line)
    lens.command = lsp.Command(title="…", command="")  # the text is another by now, and the client will ask again
    return lens


def inlay_hint(ls: Server, params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
    """The short name behind a definition's key, where the setting wants it."""
    uri = params.text_document.uri
    ls.views.has_hints = True
    is_wanted = ls.host.settings_for(convert.to_path(uri)).inlay_hints
    found = forecast(ls, uri) if is_wanted else None
    if found is None or ls.host.is_excluded(found.document.path):
        return None
    source = found.document.source
    span = convert.to_span(source, params.range, ls.encoding)
    made = hint_feature.hints(found.document, found.predictions, span)
    return [convert.to_hint(source, each, ls.encoding) for each in made]


def _told(ls: Server, lens: lsp.CodeLens, found: Forecast, line: lenses.Line) -> lsp.CodeLens:
    ls.views.took_lens(found.document.path, (line.keys, line.about), line.title)
    lens.command = lsp.Command(title=line.title, command=line.command, arguments=[line.arguments])
    return lens
