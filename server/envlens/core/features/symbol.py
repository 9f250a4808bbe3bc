"""A node of an outline."""

from enum import StrEnum
from typing import NamedTuple

from ..text.span import Span


class SymbolKind(StrEnum):
    """What a symbol is."""

    ENVIRONMENT = "environment"
    KEY = "key"
    LIST = "list"
    PACKAGE = "package"


class Symbol(NamedTuple):
    """A node of the outline; `selection` is the part to select, inside `span`."""

    name: str
    detail: str
    kind: SymbolKind
    span: Span
    selection: Span
    children: tuple["Symbol", ...] = ()
