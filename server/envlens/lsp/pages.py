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
    REGISTERED = "registered"
    HISTORY = "history"


class Page(NamedTuple):
    """What an address leads to: a definition by the keys in a file, or by its name in `path` something else.

    That is a rule, or an environment. `version` is the registered one that is shown or compared with, None for HEAD.
    """

    kind: PageKind
    path: str
    keys: tuple[str, ...] = ()
    version: str | None = None


_HASH, _SINCE_HEAD, _SINCE = "hash", "since-HEAD", "since-version-"
# A key may hold what parts keys, so that is written as JSON pointers write it.
_ESCAPES = (("~", "~0"), ("/", "~1"))


def address(kind: PageKind, path: str, keys: Sequence[str], version: str | None = None) -> str:
    """The URI of a page about a definition in a file.

    Its last part is for people: editors show it as the title, and know Markdown by it.
    """
    name = path.rpartition("/")[2]
    ending = _HASH if kind is PageKind.HASH else _SINCE_HEAD if version is None else f"{_SINCE}{version}"
    where = quote(f"/{path.lstrip('/')}/{name}-{ending}.md")
    pointer = "/".join(map(_escaped, keys))
    return f"{SCHEME}:/{kind}{where}{f'?{quote(pointer)}' if keys else ''}"


def of_registered(name: str, version: str) -> str:
    """The URI of the page of a registered version."""
    return f"{SCHEME}:/{PageKind.REGISTERED}/{quote(name)}/{quote(version)}/{quote(f'{name}-{version}')}.md"


def of_history(name: str) -> str:
    """The URI of the history of an environment."""
    return f"{SCHEME}:/{PageKind.HISTORY}/{quote(name)}/{quote(name)}-history.md"


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
    path, _, title = path.rpartition("/")
    if kind is PageKind.HISTORY:
        return Page(kind, path)
    if kind is PageKind.REGISTERED:
        name, _, version = path.partition("/")
        return Page(kind, name, version=version)
    keys = tuple(map(_read, pointer.split("/"))) if pointer else ()
    _, since, version = title.removesuffix(".md").rpartition(f"-{_SINCE}")
    return Page(kind, path, keys, version if since else None)


def _escaped(key: str) -> str:
    for char, code in _ESCAPES:
        key = key.replace(char, code)
    return key


def _read(key: str) -> str:
    for char, code in reversed(_ESCAPES):
        key = key.replace(code, char)
    return key
