"""The addresses of virtual documents: `envlens:/compare/<path>/<what>.md?<keys>`, the same for the same place.

Nothing is stored under an address: an editor may ask for one again after a restart.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote, unquote

SCHEME = "envlens"


class PageKind(StrEnum):
    """What a virtual document shows; the values are the first word of its path."""

    HASH = "hash"
    COMPARE = "compare"
    RULE = "rule"


class Page(NamedTuple):
    """What an address leads to: a definition by the keys in a file, or a rule by its name in `path`."""

    kind: PageKind
    path: str
    keys: tuple[str, ...] = ()


_ENDINGS = {PageKind.HASH: "hash", PageKind.COMPARE: "since-HEAD"}
# A key may hold what parts keys, so that is written as JSON pointers write it.
_ESCAPES = (("~", "~0"), ("/", "~1"))


def address(kind: PageKind, path: str, keys: Sequence[str]) -> str:
    """The URI of a page. Its last part is for people: editors show it as the title, and know Markdown by it."""
    name = path.rpartition("/")[2]
    where = quote(f"/{path.lstrip('/')}/{name}-{_ENDINGS[kind]}.md")
    pointer = "/".join(map(_escaped, keys))
    return f"{SCHEME}:/{kind}{where}{f'?{quote(pointer)}' if keys else ''}"


def parse(uri: str) -> Page | None:
    """What an address leads to; None for one that is none of ours. Clients may write what they were given anew."""
    scheme, _, rest = uri.partition(":")
    where, _, pointer = rest.partition("#")[0].partition("?")
    where, pointer = unquote(where), unquote(pointer)
    head, _, path = where.lstrip("/").partition("/")
    if scheme != SCHEME or head not in set(PageKind) or not path:
        return None
    kind = PageKind(head)
    if kind is PageKind.RULE:
        return Page(kind, path.removesuffix(".md"))
    path, _, _ = path.rpartition("/")
    keys = tuple(map(_read, pointer.split("/"))) if pointer else ()
    return Page(kind, path, keys)


def _escaped(key: str) -> str:
    for char, code in _ESCAPES:
        key = key.replace(char, code)
    return key


def _read(key: str) -> str:
    for char, code in reversed(_ESCAPES):
        key = key.replace(code, char)
    return key
