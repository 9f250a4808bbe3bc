"""Completion, and what an item means once it is looked at."""

from lsprotocol import types as lsp

from ...core.features import completion as feature
from ...core.text.source import Source
from ...host import catalogue
from .. import convert
from ..server import Server

# A blank and a colon end a key; the others go on with a path, a list, a reference, a version.
OPTIONS = lsp.CompletionOptions(trigger_characters=[" ", ":", "-", "/", "@", "="], resolve_provider=True)


def completion(ls: Server, params: lsp.CompletionParams) -> lsp.CompletionList | None:
    """What fits at the cursor, in files that are ours and in those that are just begun."""
    path = convert.to_path(params.text_document.uri)
    text = ls.texts.get(path)
    if text is None or ls.host.is_excluded(path):
        return None
    # The kind that a file had is enough; only one never read has to be parsed first.
    document = ls.host.document(path) or ls.document(params.text_document.uri)
    source = document.source if document and document.source.text == text.text else Source(path, text.text)
    offset = convert.to_offset(source, params.position, ls.encoding)
    found = feature.complete(_world(ls), path, text.text, document.kind if document else None, offset)
    style = convert.ItemStyle.of(ls.client_capabilities, ls.encoding, _explain(ls))
    items = [convert.to_item(source, item, at, style) for at, item in enumerate(found.items)]
    return lsp.CompletionList(is_incomplete=not found.is_whole, items=items)


def resolve(ls: Server, item: lsp.CompletionItem) -> lsp.CompletionItem:
    """The item with its documentation."""
    if isinstance(item.data, str) and item.documentation is None:
        item.documentation = convert.to_markup(_explain(ls)(item.data))
    return item


def _world(ls: Server) -> feature.World:
    host = ls.host
    return feature.World(
        host.facts, catalogue.environment_schema(), host.definitions, host.entries, host.registered.all
    )


def _explain(ls: Server) -> convert.Explain:
    world = _world(ls)
    return lambda about: feature.documentation(world, about)
