"""definition and references: between jobs, environments, conda files, requirements files and Dockerfiles."""

from collections.abc import Iterator

from lsprotocol import types as lsp

from ...core.features import navigation
from ...core.features.navigation import Target
from ...core.model.document import Document
from ...core.text.source import Source
from ...core.text.span import Span
from ...host.reach import uses_of
from .. import convert
from ..server import Server


def definition(ls: Server, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Where what stands here is defined."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    offset = convert.to_offset(document.source, params.position, ls.encoding)
    found = navigation.target(ls.host.snapshot(document), document, offset)
    return list(_definitions(ls, document, found)) if found else []


def references(ls: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
    """All that uses what stands here; in a file that others draw on, all that draw on it."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    offset = convert.to_offset(document.source, params.position, ls.encoding)
    found = navigation.target(ls.host.snapshot(document), document, offset) or navigation.whole(document)
    if found is None:
        return []
    places = list(_uses(ls, document, found))
    if params.context.include_declaration:
        places = [*_definitions(ls, document, found), *places]
    return [place for at, place in enumerate(places) if place not in places[:at]]


def _definitions(ls: Server, document: Document, found: Target) -> Iterator[lsp.Location]:
    if found.path is not None:
        start = lsp.Position(0, 0)
        yield lsp.Location(ls.uri_of(found.path), lsp.Range(start, start))
    elif found.stage is not None:
        span = navigation.stage_name(document, found.stage)
        if span is not None:
            yield _location(ls, document.source, span)
    else:
        for each in navigation.meant(found, ls.host.definitions):
            source = ls.host.source_of(each.path)
            if source is not None:
                yield _location(ls, source, each.span)


def _uses(ls: Server, document: Document, found: Target) -> Iterator[lsp.Location]:
    if found.path is not None:
        for user, span in uses_of(ls.host, found.path):
            yield _location(ls, user.source, span)
    elif found.stage is not None:
        for span in navigation.uses_of_stage(document, found.stage):
            yield _location(ls, document.source, span)
    elif found.name is not None:
        for user in ls.host.referring(found.name):
            for span in navigation.uses_of_name(user, found.name):
                yield _location(ls, user.source, span)


def _location(ls: Server, source: Source, span: Span) -> lsp.Location:
    return lsp.Location(ls.uri_of(source.path), convert.to_range(source, span, ls.encoding))
