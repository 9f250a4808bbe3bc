"""The border between core values and LSP's: positions are counted once, here."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types as lsp
from pygls import uris

from ..core.features.completion import Item, ItemKind, plain
from ..core.features.hints import Hint
from ..core.features.symbol import Symbol, SymbolKind
from ..core.model.environment import Definition
from ..core.text.diagnostic import Diagnostic, Edit, Related, Severity
from ..core.text.lines import Encoding
from ..core.text.source import Source
from ..core.text.span import Span
from ..host.host import normal

Explain = Callable[[str], str | None]  # what an item is about to its documentation
Pages = Callable[[str], str | None]  # a rule to the URI of its page

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_KINDS = {
    SymbolKind.ENVIRONMENT: lsp.SymbolKind.Module,
    SymbolKind.KEY: lsp.SymbolKind.Property,
    SymbolKind.LIST: lsp.SymbolKind.Array,
    SymbolKind.PACKAGE: lsp.SymbolKind.Package,
}


_ITEM_KINDS = {
    ItemKind.KEY: lsp.CompletionItemKind.Property,
    ItemKind.VALUE: lsp.CompletionItemKind.Value,
    ItemKind.IMAGE: lsp.CompletionItemKind.Module,
    ItemKind.PACKAGE: lsp.CompletionItemKind.Module,
    ItemKind.REFERENCE: lsp.CompletionItemKind.Reference,
    ItemKind.FILE: lsp.CompletionItemKind.File,
    ItemKind.FOLDER: lsp.CompletionItemKind.Folder,
    ItemKind.KEYWORD: lsp.CompletionItemKind.Keyword,
    ItemKind.RULE: lsp.CompletionItemKind.Constant,
    ItemKind.SNIPPET: lsp.CompletionItemKind.Snippet,
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


def to_workspace_symbol(definition: Definition, uri: str, encoding: Encoding) -> lsp.WorkspaceSymbol:
    """A definition somewhere in the folders, found without its file."""
    head = Source(definition.path, definition.head)
    _, end = head.lines.position(len(definition.head), encoding)
    _, start = head.lines.position(max(len(definition.head) - len(definition.name), 0), encoding)
    where = lsp.Range(lsp.Position(definition.line, start), lsp.Position(definition.line, end))
    name = f"{definition.name}:{definition.version}" if definition.version else definition.name
    folder = definition.path.rpartition("/")[0].rpartition("/")[2]
    return lsp.WorkspaceSymbol(lsp.Location(uri, where), name, lsp.SymbolKind.Module, container_name=folder or None)


def to_symbols(source: Source, found: Iterable[Symbol], encoding: Encoding) -> str:
    """An outline as the JSON text of an array, by hand for the same reason as diagnostics."""
    parts = []
    for each in found:
        span, selection = _range_text(source, each.span, encoding), _range_text(source, each.selection, encoding)
        detail = f',"detail":{_quoted(each.detail)}' if each.detail else ""
        children = f',"children":{to_symbols(source, each.children, encoding)}' if each.children else ""
        kind = _KINDS[each.kind].value
        text = f'"name":{_quoted(each.name or " ")},"kind":{kind},"range":{span},"selectionRange":{selection}'
        parts.append(f"{{{text}{detail}{children}}}")
    return f"[{','.join(parts)}]"


_quoted = json.JSONEncoder().encode


class ItemStyle(NamedTuple):
    """How completion items are told to a client. Without `resolves` their documentation has to come with them."""

    encoding: Encoding
    explain: Explain
    snippets: bool = False
    labels: bool = False
    modes: bool = False
    tags: bool = False
    resolves: bool = False

    @classmethod
    def of(cls, capabilities: lsp.ClientCapabilities, encoding: Encoding, explain: Explain) -> "ItemStyle":
        """The style of a client by its capabilities."""
        text = capabilities.text_document
        item = text.completion.completion_item if text and text.completion else None
        if item is None:
            return cls(encoding, explain)
        resolved = item.resolve_support.properties if item.resolve_support else ()
        return cls(
            encoding,
            explain,
            bool(item.snippet_support),
            bool(item.label_details_support),
            bool(item.insert_text_mode_support),
            bool(item.tag_support),
            "documentation" in resolved,
        )


def to_item(source: Source, item: Item, at: int, style: ItemStyle) -> lsp.CompletionItem:
    """A completion; `at` is its place in the order."""
    is_snippet = item.is_snippet and style.snippets
    text = item.text
    if not is_snippet:
        # Clients indent the lines of a snippet by themselves, those of a plain text hardly any does.
        lines = source.lines
        line = lines.line_text(lines.line_of(item.span.start))
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        text = (plain(text) if item.is_snippet else text).replace("\n", source.newline + margin)
    mode = lsp.InsertTextMode.AdjustIndentation if is_snippet else lsp.InsertTextMode.AsIs
    return lsp.CompletionItem(
        label=item.label,
        label_details=lsp.CompletionItemLabelDetails(description=item.detail) if item.detail and style.labels else None,
        kind=_ITEM_KINDS[item.kind],
        tags=[lsp.CompletionItemTag.Deprecated] if item.is_deprecated and style.tags else None,
        detail=item.detail or None,
        documentation=to_markup(style.explain(item.about)) if item.about and not style.resolves else None,
        sort_text=f"{at:04}",
        filter_text=item.filter if item.filter != item.label else None,
        insert_text_format=lsp.InsertTextFormat.Snippet if is_snippet else None,
        insert_text_mode=mode if style.modes and "\n" in text else None,
        text_edit=lsp.TextEdit(to_range(source, item.span, style.encoding), text),
        data=item.about or None,
    )


def to_hint(source: Source, hint: Hint, encoding: Encoding) -> lsp.InlayHint:
    """An inlay hint."""
    position = lsp.Position(*source.lines.position(hint.offset, encoding))
    return lsp.InlayHint(position, hint.text, tooltip=hint.tooltip, padding_left=True)


_END = 2**31  # what the protocol calls uinteger ends before it


def to_position(value: Mapping[str, Any]) -> lsp.Position | None:
    """A position in untyped JSON, None for what is none."""
    line, character = value.get("line"), value.get("character")
    is_one = all(isinstance(each, int) and 0 <= each < _END for each in (line, character))
    return lsp.Position(line, character) if is_one else None  # type: ignore[arg-type]


def to_plain(value: Any) -> Any:
    """Untyped JSON as dicts and lists: pygls hands it over as named tuples."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: to_plain(each) for key, each in value.items()}
    return [to_plain(each) for each in value] if isinstance(value, list | tuple) else value


def to_markup(markdown: str | None) -> lsp.MarkupContent | None:
    """A Markdown text, None for none."""
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, markdown) if markdown else None


def to_diagnostics(
    source: Source, found: Iterable[Diagnostic], encoding: Encoding, pages: Pages, others: Mapping[str, Source]
) -> str:
    """Diagnostics as the JSON text of an array.

    By hand around the parts that repeat: objects, their unstructuring and their encoding cost ten times as much,
    which is most of an edit's time where a file has hundreds.
    """
    parts = []
    known: dict[tuple[Related, ...], str] = {(): ""}  # of a file that others use, each finding names them
    for each in found:
        related = known.get(each.related)
        if related is None:
            places = [_related(source, place, encoding, others) for place in each.related]
            related = f',"relatedInformation":{json.dumps([place for place in places if place])}'
            known[each.related] = related
        rest = _rest(each.rule, each.severity, each.message, pages(each.rule))
        parts.append(f'{{"range":{_range_text(source, each.span, encoding)},{rest}{related}}}')
    return f"[{','.join(parts)}]"


@lru_cache(maxsize=4096)
def _rest(rule: str, severity: Severity, message: str, page: str | None) -> str:
    data: dict[str, Any] = {"severity": _SEVERITIES[severity], "code": rule, "source": "envlens", "message": message}
    if page:
        data["codeDescription"] = {"href": page}
    return json.dumps(data)[1:-1]


def _related(source: Source, place: Related, encoding: Encoding, others: Mapping[str, Source]) -> dict[str, Any] | None:
    other = source if place.path == source.path else others.get(place.path)
    if other is None:
        return None
    where = {"uri": to_uri(place.path), "range": json.loads(_range_text(other, place.span, encoding))}
    return {"location": where, "message": place.message}


def _range_text(source: Source, span: Span, encoding: Encoding) -> str:
    line, column = source.lines.position(span.start, encoding)
    last, end = source.lines.position(span.end, encoding)
    return f'{{"start":{{"line":{line},"character":{column}}},"end":{{"line":{last},"character":{end}}}}}'
