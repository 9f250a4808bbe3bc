"""The border between core values and LSP's: positions are counted once, here."""

from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls import uris

from ..core.features.symbols import Symbol, SymbolKind
from ..core.text.diagnostic import Diagnostic, Edit, Severity
from ..core.text.lines import Encoding
from ..core.text.source import Source
from ..core.text.span import Span
from ..host.host import normal

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_KINDS = {
    SymbolKind.ENVIRONMENT: lsp.SymbolKind.Module,
    SymbolKind.KEY: lsp.SymbolKind.Property,
    SymbolKind.LIST: lsp.SymbolKind.Array,
    SymbolKind.PACKAGE: lsp.SymbolKind.Package,
}


def to_path(uri: str) -> str:
    """The path of a `file:` URI; another URI (`untitled:…`) stands for itself."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return normal(path) if path else uri


def to_uri(path: str) -> str:
    """The URI of a path."""
    if not Path(path).is_absolute():
        return path
    return uris.from_fs_path(path) or path


def to_range(source: Source, span: Span, encoding: Encoding) -> lsp.Range:
    """A span as LSP's lines and columns."""
    start, end = source.lines.position(span.start, encoding), source.lines.position(span.end, encoding)
    return lsp.Range(lsp.Position(*start), lsp.Position(*end))


def to_offset(source: Source, position: lsp.Position, encoding: Encoding) -> int:
    """An LSP position as an offset in code points."""
    return source.lines.offset(position.line, position.character, encoding)


def to_span(source: Source, where: lsp.Range, encoding: Encoding) -> Span:
    """An LSP range as a span."""
    return Span(to_offset(source, where.start, encoding), to_offset(source, where.end, encoding))


def to_edits(
    source: Source, edits: tuple[Edit, ...], encoding: Encoding
) -> list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit]:
    """Edits of the source's own file."""
    return [lsp.TextEdit(to_range(source, edit.span, encoding), edit.text) for edit in edits]


def to_symbol(source: Source, symbol: Symbol, encoding: Encoding) -> lsp.DocumentSymbol:
    """A node of the outline, with its children."""
    return lsp.DocumentSymbol(
        name=symbol.name or " ",
        kind=_KINDS[symbol.kind],
        range=to_range(source, symbol.span, encoding),
        selection_range=to_range(source, symbol.selection, encoding),
        detail=symbol.detail,
        children=[to_symbol(source, child, encoding) for child in symbol.children],
    )


def to_diagnostic(
    source: Source, each: Diagnostic, encoding: Encoding, page: str | None, others: dict[str, Source]
) -> dict[str, Any]:
    """A diagnostic as plain data: attrs objects cost four times as much where a file has hundreds."""
    data: dict[str, Any] = {
        "range": _plain_range(source, each.span, encoding),
        "severity": _SEVERITIES[each.severity],
        "code": each.rule,
        "source": "envlens",
        "message": each.message,
    }
    if page:
        data["codeDescription"] = {"href": page}
    related = [
        {
            "location": {"uri": to_uri(place.path), "range": _plain_range(other, place.span, encoding)},
            "message": place.message,
        }
        for place in each.related
        if (other := source if place.path == source.path else others.get(place.path))
    ]
    if related:
        data["relatedInformation"] = related
    return data


def _plain_range(source: Source, span: Span, encoding: Encoding) -> dict[str, dict[str, int]]:
    start, end = source.lines.position(span.start, encoding), source.lines.position(span.end, encoding)
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }
