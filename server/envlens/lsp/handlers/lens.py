"""textDocument/codeLens, codeLens/resolve and textDocument/inlayHint: the predicted hash where definitions stand."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types as lsp

from ...core.features import hints as hint_feature
from ...core.features import lens as lenses
from ...core.features.standing import standing
from ...core.hashing.prediction import Prediction
from .. import convert
from ..asking import forecast, forecast_soon
from ..forecasts import Forecast
from ..server import Server

LENS_OPTIONS = lsp.CodeLensOptions(resolve_provider=True)


async def code_lens(ls: Server, params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
    """A line above each definition; its text comes with it only for a client that cannot ask for it."""
    uri = params.text_document.uri
    ls.views.begin_lenses(convert.to_path(uri))
    found = forecast(ls, uri) if ls.views.resolves_lenses else await forecast_soon(ls, uri)
    if found is None or ls.host.is_excluded(found.document.path):
        return None
    source, made = found.document.source, []
    for place in lenses.places(found.document, found.predictions):
        where = convert.to_range(source, place.span, ls.encoding)
        lens = lsp.CodeLens(where, data={"uri": uri, "at": list(place.keys)})
        made.append(lens if ls.views.resolves_lenses else _told(ls, lens, uri, found, found.at(place.keys)))
    return made


async def resolve(ls: Server, lens: lsp.CodeLens) -> lsp.CodeLens:
    """The line with its text and what a click does."""
    data = convert.to_plain(lens.data)
    uri, at = (data.get("uri"), data.get("at")) if isinstance(data, Mapping) else (None, None)
    found = await forecast_soon(ls, uri) if isinstance(uri, str) else None
    keys = [str(key) for key in at] if isinstance(at, list | tuple) else []
    return _told(ls, lens, str(uri), found, found.at(keys) if found else None)


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


def _told(ls: Server, lens: lsp.CodeLens, uri: str, found: Forecast | None, meant: Prediction | None) -> lsp.CodeLens:
    if found is None or meant is None:  # the text is another by now, and the client will ask again
        lens.command = lsp.Command(title="…", command="")
        return lens
    title = lenses.title(meant, found.predictions, found.earlier)
    ls.views.took_lens(found.document.path, meant.place.keys, title)
    stands = standing(meant, found.predictions, found.earlier)
    arguments: list[Any] = [{"uri": uri, "at": list(meant.place.keys)}]
    command = "envlens.compare" if stands is not None and stands.is_other else "envlens.showHash"
    lens.command = lsp.Command(title=title, command=command, arguments=arguments)
    return lens
