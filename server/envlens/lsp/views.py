"""What a client shows of predicted hashes, and has to ask for again when something became known."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from ..core.features import lens as lenses

if TYPE_CHECKING:
    from .server import Server

_DELAY = 0.15
_MAX_PAGES = 50

Keep = Callable[[Coroutine[Any, Any, Any]], None]


class Views:
    """See the module. A client that never asked for a kind is never bothered with it."""

    def __init__(self, ls: "Server", keep: Keep) -> None:
        self._ls = ls
        self._keep = keep
        self.has_hints = False
        self._lenses: dict[str, dict[tuple[str, ...], str]] = {}  # what they said, by file and definition
        self._pages: dict[str, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._pages_only = True

    @property
    def resolves_lenses(self) -> bool:
        """Whether lenses may come without their text, which the client asks for when it shows them."""
        text = self._ls.client_capabilities.text_document
        support = text.code_lens.resolve_support if text and text.code_lens else None
        return support is not None and "command" in support.properties

    @property
    def shows_documents(self) -> bool:
        """Whether the client opens a document when it is told to."""
        window = self._ls.client_capabilities.window
        return bool(window and window.show_document and window.show_document.support)

    @property
    def asks_for_pages(self) -> bool:
        """Whether the client can be told that a server has the text of documents."""
        workspace = self._ls.client_capabilities.workspace
        content = workspace.text_document_content if workspace else None
        return bool(content and content.dynamic_registration)

    def begin_lenses(self, path: str) -> None:
        """Takes note that a file's lenses are asked for; what they said before is shown no more."""
        self._lenses[path] = {}

    def took_lens(self, path: str, keys: tuple[str, ...], title: str) -> None:
        """Takes note of what a lens says."""
        self._lenses.setdefault(path, {})[keys] = title

    def forget(self, path: str) -> None:
        """Lets a file go."""
        self._lenses.pop(path, None)

    def took_page(self, uri: str) -> None:
        """Takes note that a page may be shown."""
        self._pages.pop(uri, None)
        self._pages[uri] = None
        while len(self._pages) > _MAX_PAGES:
            del self._pages[next(iter(self._pages))]

    def outdated(self, *, pages_only: bool = False) -> None:
        """Has the client ask again, once for all that becomes known within a moment.

        `pages_only`: a file was edited, whose lines the client asks for by itself.
        """
        self._pages_only &= pages_only
        if pages_only and not self._pages:
            return
        if self._timer is None and (self._lenses or self.has_hints or self._pages):
            self._timer = asyncio.get_running_loop().call_later(_DELAY, self._refresh)

    def _refresh(self) -> None:
        self._timer = None
        pages_only, self._pages_only = self._pages_only, True
        workspace = self._ls.client_capabilities.workspace
        if workspace is None:
            return
        can_refresh = bool(workspace.code_lens and workspace.code_lens.refresh_support)
        if can_refresh and not pages_only and self._says_something_else():
            self._keep(self._ls.workspace_code_lens_refresh_async(None))
        if self.has_hints and not pages_only and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self._keep(self._ls.workspace_inlay_hint_refresh_async(None))
        for uri in self._pages if workspace.text_document_content else ():
            params = lsp.TextDocumentContentRefreshParams(uri)
            self._keep(self._ls.workspace_text_document_content_refresh_async(params))

    def _says_something_else(self) -> bool:
        """Whether a lens would say something else now. One that is asked for again cannot be clicked meanwhile."""
        return any(self._titles(path, said) != said for path, said in self._lenses.items())

    def _titles(self, path: str, said: dict[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
        """What the lenses of a file say now; what is gone with the text is left as it was."""
        document = self._ls.host.document(path)
        if document is None or not said:
            return said
        found = self._ls.forecasts.of(document)
        meant = {keys: each for keys in said if (each := found.at(keys)) is not None}
        return said | {keys: lenses.title(each, found.predictions, found.earlier) for keys, each in meant.items()}
