"""The outline of a file: an environment with its keys, a conda file with its packages, a Dockerfile with its stages."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..model.conda import CondaSpec
from ..model.document import Document
from ..model.environment import Definition
from ..syntax.nodes import Mapping, Node, Scalar, find, follow, key_text
from ..syntax.requirements import Requirement
from ..syntax.urls import redacted
from ..text.span import Span
from . import dockerfile_places
from .symbol import Symbol, SymbolKind

if TYPE_CHECKING:
    from ..syntax.requirements_file import RequirementsFile


def symbols(document: Document) -> list[Symbol]:
    """The outline of a document."""
    if document.requirements is not None:
        return list(_requirements(document.requirements))
    if document.dockerfile is not None:
        return dockerfile_places.outline(document.dockerfile)
    root = document.root
    if not isinstance(root, Mapping) or not root.pairs:
        return []
    keys = _keys(root, document)
    if document.environment is None:
        return list(keys)
    pair = find(root, "name")
    name = _text(pair.value) if pair else ""
    version = _text(found.value) if (found := find(root, "version")) else ""
    selection = pair.value.span if pair and name else root.pairs[0].key.span
    return [
        Symbol(name or "environment", version, SymbolKind.ENVIRONMENT, _cover(root.span, selection), selection, keys)
    ]


def search(definitions: Iterable[Definition], query: str) -> list[Definition]:
    """The definitions whose names hold the letters of `query` in this order, those that begin with it first."""
    wanted = query.lower().strip()
    found: list[tuple[int, Definition]] = []
    for each in definitions:
        name = each.name.lower()
        if name.startswith(wanted):
            found.append((0, each))
        elif wanted in name:
            found.append((1, each))
        elif _holds_letters(name, wanted):
            found.append((2, each))
    return [each for _, each in sorted(found)[:_MAX_FOUND]]


_MAX_FOUND = 500


def _holds_letters(name: str, wanted: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in wanted)


def _requirements(found: "RequirementsFile") -> Iterator[Symbol]:
    """One symbol a line: a package, or an option with its value."""
    for line in found.lines:
        entry = line.requirement
        if entry is not None:
            yield _package(entry, line.span)
        elif line.options:
            option = line.options[0]
            yield Symbol(option.name, redacted(option.value or ""), SymbolKind.KEY, line.span, line.span)


def _package(entry: Requirement, span: Span) -> Symbol:
    name = entry.name or redacted(entry.text.strip())[:_MAX_NAME]
    detail = "".join(each.operator + each.version for each in entry.specifiers)
    return Symbol(name, detail, SymbolKind.PACKAGE, span, span)


_MAX_NAME = 120


def _keys(mapping: Mapping, document: Document) -> tuple[Symbol, ...]:
    found = []
    for pair in mapping.pairs:
        key = key_text(pair)
        if not key:
            continue
        value = follow(pair.value)
        children: tuple[Symbol, ...] = ()
        spec = next((each for each in document.specs if each.node is mapping), None) if key == "dependencies" else None
        if spec is not None:
            children = _packages(spec)
        elif isinstance(value, Mapping) and value is pair.value:
            children = _keys(value, document)
        kind = SymbolKind.LIST if children else SymbolKind.KEY
        found.append(Symbol(key, _text(pair.value), kind, pair.span, pair.key.span, children))
    return tuple(found)


def _packages(spec: CondaSpec) -> tuple[Symbol, ...]:
    conda = [
        Symbol(each.spec.name, each.spec.version, SymbolKind.PACKAGE, each.scalar.span, each.scalar.span)
        for each in spec.entries
        if each.spec
    ]
    for block in spec.pip_blocks:
        children = tuple(
            _package(item.requirement, item.scalar.span) for item in block.entries if item.requirement.text.strip()
        )
        end = max((each.span.end for each in children), default=block.item.end)
        conda.append(
            Symbol("pip", "", SymbolKind.LIST, Span(block.item.start, max(end, block.item.end)), block.item, children)
        )
    return tuple(sorted(conda, key=lambda each: each.span))


def _text(node: Node) -> str:
    value = follow(node)
    return value.text.strip()[:120] if isinstance(value, Scalar) else ""


def _cover(outer: Span, inner: Span) -> Span:
    return Span(min(outer.start, inner.start), max(outer.end, inner.end))
