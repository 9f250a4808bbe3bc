"""The commands that open a page about a definition, and the text of such pages."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types as lsp

from ...core.features import comparison, hash_page, registered_pages
from ...core.features import pages as rule_pages
from ...core.hashing.difference import Change
from ...core.hashing.earlier import Earlier
from ...core.hashing.prediction import Prediction
from ...core.hashing.tree import Leaf
from ...core.rules import RULES
from ...core.workspace import difference
from ...core.workspace.port import Version, Workspace, WorkspaceError
from ...core.workspace.target import Target, name_problem, version_problem
from .. import convert
from ..asking import forecast_soon, meant
from ..forecasts import Forecast
from ..pages import Page, PageKind, address, of_history, of_registered, parse
from ..server import Server

_PATIENCE = 2.0


async def show_hash(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.showHash`: everything that is predicted of a definition."""
    return await _show(ls, PageKind.HASH, arguments)


async def compare(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.compare`: what makes it another image than at HEAD, or than the registered `version`."""
    return await _show(ls, PageKind.COMPARE, arguments)


async def open_registered(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.openRegistered` {name, version}, or {uri, at, version}: a registered version."""
    name, given = await _named(ls, arguments)
    version = given.get("version")
    if name is None or not isinstance(version, str):
        return _nothing(ls, "no environment stands there")
    return await _show_page(ls, Page(PageKind.REGISTERED, name, version=version))


async def show_history(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.showHistory` {name}, or {uri, at}: what changed from version to version."""
    name, _ = await _named(ls, arguments)
    return (
        _nothing(ls, "no environment stands there")
        if name is None
        else await _show_page(ls, Page(PageKind.HISTORY, name))
    )


async def document(ls: Server, params: Any) -> dict[str, Any]:
    """The request `envlens/document` {uri}: the text of a virtual document, null for one that is not known."""
    return {"text": await _text(ls, str(getattr(params, "uri", "")))}


async def text_document_content(ls: Server, params: lsp.TextDocumentContentParams) -> lsp.TextDocumentContentResult:
    """The same for clients that know virtual documents."""
    return lsp.TextDocumentContentResult(await _text(ls, params.uri) or "There is nothing at this address any more.\n")


async def _show(ls: Server, kind: PageKind, arguments: tuple[Any, ...]) -> dict[str, Any]:
    given = _given(arguments)
    uri, version = given.get("uri"), given.get("version")
    found = await forecast_soon(ls, uri, _PATIENCE, again=True) if isinstance(uri, str) else None
    prediction = meant(ls, found, given) if found is not None else None
    if found is None or prediction is None:
        return _nothing(ls, "no environment stands there")
    version = version if kind is PageKind.COMPARE and isinstance(version, str) else None
    page = Page(kind, found.document.path, prediction.place.keys, version)
    try:
        text = await _page(ls, page, found, prediction)
    except WorkspaceError as error:
        return _nothing(ls, str(error))
    return _shown(ls, address(kind, page.path, page.keys, version), text)


async def _show_page(ls: Server, page: Page) -> dict[str, Any]:
    try:
        text = await _of_workspace(ls, page)
    except WorkspaceError as error:
        return _nothing(ls, str(error))
    is_version = page.kind is PageKind.REGISTERED
    return _shown(ls, of_registered(page.path, page.version or "") if is_version else of_history(page.path), text)


def _shown(ls: Server, uri: str, text: str) -> dict[str, Any]:
    if ls.views.shows_documents:
        ls.keep(ls.window_show_document_async(lsp.ShowDocumentParams(uri, take_focus=True)))
    else:
        title = text.partition("\n")[0].removeprefix("# ")
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, title))
    return {"uri": uri, "text": text, "problem": None}


def _nothing(ls: Server, problem: str) -> dict[str, Any]:
    """Says why no page opens: editors show nothing of what a command returns."""
    ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, problem))
    return {"uri": None, "text": None, "problem": problem}


def _given(arguments: tuple[Any, ...]) -> Mapping[str, Any]:
    given = convert.to_plain(arguments[0]) if arguments else None
    return given if isinstance(given, Mapping) else {}


async def _named(ls: Server, arguments: tuple[Any, ...]) -> tuple[str | None, Mapping[str, Any]]:
    """The name that a command is about: given, or that of a definition."""
    given = _given(arguments)
    name, uri = given.get("name"), given.get("uri")
    if isinstance(name, str):
        return name, given
    found = await forecast_soon(ls, uri) if isinstance(uri, str) else None
    prediction = meant(ls, found, given) if found is not None else None
    return (prediction.place.name if prediction is not None else None), given


async def _text(ls: Server, uri: str) -> str | None:
    page = parse(uri)
    if page is None:
        return None
    if page.kind is PageKind.RULE:
        return rule_pages.page(page.path) if page.path in RULES else None
    try:
        if page.kind in {PageKind.REGISTERED, PageKind.HISTORY}:
            text = await _of_workspace(ls, page)
        else:
            found = await forecast_soon(ls, _source(ls, page), _PATIENCE)
            prediction = found.at(page.keys) if found is not None else None
            if found is None or prediction is None:
                return None
            text = await _page(ls, page, found, prediction)
    except WorkspaceError as error:
        return f"# {error}\n"
    ls.views.took_page(uri)
    return text


def _source(ls: Server, page: Page) -> str:
    """The URI of the file that a page is about: whether a slash stands in front of its path is not told."""
    return ls.uri_of(page.path if page.path in ls.texts else f"/{page.path}")


async def _page(ls: Server, page: Page, found: Forecast, prediction: Prediction) -> str:
    """The text of a page about a definition. Raises WorkspaceError."""
    if page.kind is PageKind.HASH:
        return hash_page.page(found.snapshot, found.document, prediction, found.predictions)
    if page.version is None:
        return comparison.page(found.document, prediction, found.predictions, found.earlier)
    offered, version = found.offer(page.keys), page.version
    name = prediction.place.name or ""

    def look(workspace: Workspace) -> tuple[Version, tuple[Leaf, ...]]:
        known = workspace.get(_target(name, version))
        return known, workspace.leaves(known)

    known, leaves = await ls.registrations.ask(look)
    before = difference.side(known, leaves)
    others: tuple[Change, ...] = ()
    if offered is not None and offered.offer is not None:
        ours = difference.side_of(offered.offer.content, prediction, offered.offer.leaves)
        others = difference.compare(before, ours).others
    past = Earlier(f"version {known.version}", None, (before.prediction._replace(place=prediction.place),))
    return comparison.page(found.document, prediction, found.predictions, past, others)


async def _of_workspace(ls: Server, page: Page) -> str:
    """The text of a page about what is registered. Raises WorkspaceError."""

    def look(workspace: Workspace) -> str:
        if page.kind is PageKind.HISTORY:
            found = workspace.versions(page.path, archived=True)[:_MOST_STEPS]
            return registered_pages.history(page.path, difference.steps(found, workspace.leaves))
        known = workspace.get(_target(page.path, page.version))
        return registered_pages.version(known, workspace.leaves(known))

    return await ls.registrations.ask(look)


_MOST_STEPS = 100


def _target(name: str, version: str | None) -> Target:
    """Raises WorkspaceError for what names nothing: an address may hold anything."""
    problem = name_problem(name) or (version_problem(version) if version is not None else None)
    if problem is not None:
        raise WorkspaceError(f"'{name}': {problem}")
    return Target(name, version)
