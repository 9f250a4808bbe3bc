"""What a completion is, and how it is written into the text."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from ...model.environment import Definition
from ...model.facts import Entry, Facts
from ...model.registered import Registered
from ...syntax.schema import Schema
from ...text.span import Span
from .context import Place


class ItemKind(StrEnum):
    """What an item stands for; a client shows it as an icon."""

    KEY = "key"
    VALUE = "value"
    IMAGE = "image"
    PACKAGE = "package"
    REFERENCE = "reference"
    FILE = "file"
    FOLDER = "folder"
    KEYWORD = "keyword"
    RULE = "rule"
    SNIPPET = "snippet"


class Item(NamedTuple):
    """One completion. The order of items is the order of their worth.

    `text` replaces `span`; with `is_snippet` it is in LSP's snippet syntax. Lines after the first are indented from
    the blanks that the cursor's line begins with. `filter` is what typed text is compared with. `about` is what
    `documentation` takes to explain the item later, empty where there is nothing to explain.
    """

    label: str
    kind: ItemKind
    text: str
    span: Span
    detail: str = ""
    filter: str = ""
    about: str = ""
    is_snippet: bool = False
    is_deprecated: bool = False


class Completions(NamedTuple):
    """What fits at a place; not `is_whole` where there is more than is listed, so that another letter finds more."""

    items: tuple[Item, ...] = ()
    is_whole: bool = True


# The entries of a folder, by its path; empty for what may not be looked at.
Entries = Callable[[str], tuple[Entry, ...]]


def no_entries(_: str) -> tuple[Entry, ...]:
    """The listing where nothing is known of the disk."""
    return ()


class World(NamedTuple):
    """What completions are made of beside the text.

    `definitions` are those of the folder, `registered` what the workspace has, by name.
    """

    facts: Facts
    schema: Schema
    definitions: tuple[Definition, ...] = ()
    entries: Entries = no_entries
    registered: Mapping[str, Registered] = MappingProxyType({})


def make(place: Place, label: str, kind: ItemKind, text: str | None = None, detail: str = "") -> Item:
    """An item that replaces what is typed at a place by `text`, the label where None."""
    text = label if text is None else text
    return Item(label, kind, place.before + text, place.span, detail, matching(place.prefix, label))


def matching(prefix: str, label: str) -> str:
    """What typed text is compared with: clients look at the beginning, people begin with the part that they know."""
    at = label.lower().find(prefix.lower()) if prefix else 0
    return f"{label[at:]} {label}" if at > 0 else label


def escaped(text: str) -> str:
    """A text as it stands in a snippet."""
    return re.sub(r"([$}\\])", r"\\\1", text)


def indented(lines: Iterable[str], by: int) -> str:
    """Lines as one text, all but the first moved to the right."""
    return ("\n" + " " * by).join(lines)


_PLACEHOLDER = re.compile(r"\\([$}\\])|\$\{\d+:((?:[^\\}]|\\.)*)\}|\$\d+|\$\{\d+\}")


def plain(snippet: str) -> str:
    """The text of a snippet for a client that knows none: placeholders stand as they are."""
    return _PLACEHOLDER.sub(lambda found: found[1] or re.sub(r"\\([$}\\])", r"\1", found[2] or ""), snippet)
