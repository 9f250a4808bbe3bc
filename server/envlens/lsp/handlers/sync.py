"""didOpen, didChange, didClose: the text of open files."""

from lsprotocol import types as lsp

from .. import convert
from ..server import Server
from ..texts import OpenText, apply_changes


def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    """Takes a file's text."""
    item = params.text_document
    _take(ls, OpenText(item.uri, convert.to_path(item.uri), item.version, item.text))


def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    """Changes a file's text; parsing waits until the messages at hand are read."""
    path = convert.to_path(params.text_document.uri)
    old = ls.texts.get(path)
    if old is None:
        return
    text = apply_changes(old.text, params.content_changes, ls.encoding)
    _take(ls, OpenText(old.uri, path, params.text_document.version, text))


def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    """Lets a file go: its findings vanish, and the text on disk counts for those that draw on it."""
    path = convert.to_path(params.text_document.uri)
    text = ls.texts.pop(path, None)
    if text is not None:
        ls.clear(text)
        ls.forget_pending(path)
        ls.forecasts.forget(path)
        ls.views.forget(path)
        ls.watches.want(ls.forecasts.folders)
        ls.mark(ls.host.close(path))


def _take(ls: Server, text: OpenText) -> None:
    ls.texts[text.path] = text
    ls.mark_changed(text.path)
