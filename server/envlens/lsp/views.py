"""What a client shows of predicted hashes, and has to ask for again when something became known."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from . import lenses

if TYPE_CHECKING:
    from .server import Server

_DELAY = 0.15
_MAX_PAGES = 50

About = tuple[tuple[str, ...], str]
"""A line above the definition that some keys lead to, and what of it it is about."""
Said = dict[About, str | None]
"""What lines say; None where the client has not asked for it."""

Keep = Callable[[Coroutine[Any, Any, Any]], None]


class Views:
    """See the module. A client that never asked for a kind is never bothered with it."""

    def __init__(self, ls: "Server", keep: Keep) -> None:
        self._ls = ls
        self._keep = keep
        self.has_hints = False
        self._lenses: dict[str, Said] = {}
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

    def shows_lenses(self, path: str, shown: set[About]) -> None:
        """Takes note of which lenses a file has; what they say is not asked for yet."""
        said = self._lenses.setdefault(path, {})
        said |= {about: None for about in shown if about not in said}

    def took_lens(self, path: str, about: About, title: str) -> None:
        """Takes note of what a lens says."""
        self._lenses.setdefault(path, {})[about] = title

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
        return any(self._is_outdated(path, said) for path, said in self._lenses.items())

    def _is_outdated(self, path: str, said: Said) -> bool:
        """Whether other lines stand in a file now; those of which nobody asked what they say may say anything."""
        document = self._ls.host.document(path)
        if document is None or not said:
            return False
        found = self._ls.forecasts.of(document)
        # What came or went with the text the client asks for by itself.
        both = {keys for keys, _ in said} & {each.place.keys for each in found.predictions}
        lines = (line for line in lenses.lines(self._ls, found, path) if line.keys in both)
        now = {(line.keys, line.about): line.title for line in lines}
        if {about for about in said if about[0] in both} != now.keys():
            return True
        return any(said[about] not in {None, title} for about, title in now.items())
