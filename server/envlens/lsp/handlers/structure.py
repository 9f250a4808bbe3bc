"""Folding, selection ranges and workspace symbols: what is asked about the shape of files."""

from lsprotocol import types as lsp

from ...core.features import folding, selection, symbols
from .. import convert
from ..server import Server


def folding_range(ls: Server, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
    """The folds of a file of ours; None for another, so that the client folds it in its own way."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    found = folding.folds(document.source.text, document.kind)
    text = ls.client_capabilities.text_document
    limit = text.folding_range.range_limit if text and text.folding_range else None
    if limit is not None and len(found) > limit:
        found = sorted(sorted(found, key=lambda fold: fold.start - fold.end)[:limit])
    comment = lsp.FoldingRangeKind.Comment
    return [lsp.FoldingRange(each.start, each.end, kind=comment if each.is_comment else None) for each in found]


def selection_range(ls: Server, params: lsp.SelectionRangeParams) -> list[lsp.SelectionRange] | None:
    """For each position what to select, from the word outwards."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    found = []
    for position in params.positions:
        outer: lsp.SelectionRange | None = None
        offset = convert.to_offset(document.source, position, ls.encoding)
        for span in reversed(selection.selection(document, offset)):
            outer = lsp.SelectionRange(convert.to_range(document.source, span, ls.encoding), outer)
        if outer is not None:
            found.append(outer)
    return found


def workspace_symbol(ls: Server, params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
    """The definitions of the folders by their names."""
    ls.settle()
    return [
        convert.to_workspace_symbol(each, ls.uri_of(each.path), ls.encoding)
        for each in symbols.search(ls.host.definitions, params.query)
    ]
