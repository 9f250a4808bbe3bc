"""The commands that open a page about a definition, and the text of such pages."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types as lsp

from ...core.features import comparison, hash_page
from ...core.features import lens as lenses
from ...core.features import pages as rule_pages
from ...core.hashing.prediction import Prediction
from ...core.rules import RULES
from .. import convert
from ..asking import forecast_soon
from ..forecasts import Forecast
from ..pages import Page, PageKind, address, parse
from ..server import Server

_PATIENCE = 2.0


async def show_hash(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.showHash`: everything that is predicted of a definition."""
    return await _show(ls, PageKind.HASH, arguments)


async def compare(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.compare`: what makes it another image than at HEAD."""
    return await _show(ls, PageKind.COMPARE, arguments)


async def document(ls: Server, params: Any) -> dict[str, Any]:
    """The request `envlens/document` {uri}: the text of a virtual document, null for one that is not known."""
    return {"text": await _text(ls, str(getattr(params, "uri", "")))}


async def text_document_content(ls: Server, params: lsp.TextDocumentContentParams) -> lsp.TextDocumentContentResult:
    """The same for clients that know virtual documents."""
    return lsp.TextDocumentContentResult(await _text(ls, params.uri) or "There is nothing at this address any more.\n")


async def _show(ls: Server, kind: PageKind, arguments: tuple[Any, ...]) -> dict[str, Any]:
    given = convert.to_plain(arguments[0]) if arguments else None
    uri = given.get("uri") if isinstance(given, Mapping) else None
    found = await forecast_soon(ls, uri, _PATIENCE, again=True) if isinstance(uri, str) else None
    meant = _meant(ls, found, given.get("at")) if found is not None and isinstance(given, Mapping) else None
    if found is None or meant is None:
        return {"uri": None, "text": None, "problem": "no environment stands there"}
    page = address(kind, found.document.path, meant.place.keys)
    text = _page(kind, found, meant)
    if ls.views.shows_documents:
        ls.keep(ls.window_show_document_async(lsp.ShowDocumentParams(page, take_focus=True)))
    else:
        title = text.partition("\n")[0].removeprefix("# ")
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, title))
    return {"uri": page, "text": text, "problem": None}


def _meant(ls: Server, found: Forecast, at: Any) -> Prediction | None:
    """The definition at some keys, or at a position; without either the only one."""
    if isinstance(at, list):
        return found.at([str(key) for key in at])
    if isinstance(at, Mapping):
        position = convert.to_position(at)
        offset = convert.to_offset(found.document.source, position, ls.encoding) if position else -1
        return lenses.around(found.document, found.predictions, offset)
    return found.predictions[0] if len(found.predictions) == 1 else None


async def _text(ls: Server, uri: str) -> str | None:
    page = parse(uri)
    if page is None:
        return None
    if page.kind is PageKind.RULE:
        return rule_pages.page(page.path) if page.path in RULES else None
    found = await forecast_soon(ls, _source(ls, page), _PATIENCE)
    meant = found.at(page.keys) if found is not None else None
    if found is None or meant is None:
        return None
    ls.views.took_page(uri)
    return _page(page.kind, found, meant)


def _source(ls: Server, page: Page) -> str:
    """The URI of the file that a page is about: whether a slash stands in front of its path is not told."""
    return ls.uri_of(page.path if page.path in ls.texts else f"/{page.path}")


def _page(kind: PageKind, found: Forecast, meant: Prediction) -> str:
    if kind is PageKind.COMPARE:
        return comparison.page(found.document, meant, found.predictions, found.earlier)
    return hash_page.page(found.snapshot, found.document, meant, found.predictions)
