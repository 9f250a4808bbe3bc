"""References to what is registered in the workspace, however much that is."""

import re
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from ...model.reference import PREFIX
from ...model.registered import Registered, RegisteredVersion
from .item import World

# So many names at most are offered at once, of more those that hold what is typed.
_MOST_NAMES = 100
# So many versions of each: the newest. Once a name is typed, all of its versions are offered.
_MOST_VERSIONS = 3
_MOST_OF_ONE = 300
_NAMED = re.compile(rf"{PREFIX}([^:@]+)[:@]")


class Offer(NamedTuple):
    """References in the order of their worth, those to what is archived, and whether that is all there is."""

    current: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    is_whole: bool = True


def registered(world: World, typed: str) -> Offer:
    """What is offered of the workspace where `typed` stands before the cursor."""
    found = _NAMED.match(typed)
    meant = found[1] if found else ""
    names, is_whole = sorted(world.registered), True
    if len(names) > _MOST_NAMES:
        names, is_whole = [meant] if meant in world.registered else _near(names, typed), False
    current: list[str] = []
    archived: list[str] = []
    for name in names:
        each = world.registered[name]
        most = _MOST_OF_ONE if name == meant else _MOST_VERSIONS
        shown = list(islice((version for version in reversed(each.versions) if not _is_hidden(each, version)), most))
        current += [f"{PREFIX}{name}:{version.version}" for version in shown]
        current += [f"{PREFIX}{name}@latest"] if shown else []
        hidden = [version for version in reversed(each.versions) if _is_hidden(each, version)] if name == meant else []
        archived += [f"{PREFIX}{name}:{version.version}" for version in hidden[:most]]
        is_whole &= len(shown) + len(hidden[:most]) == len(each.versions)
    return Offer(tuple(current), tuple(archived), is_whole)


def _is_hidden(environment: Registered, version: RegisteredVersion) -> bool:
    return environment.is_archived or version.is_archived


def _near(names: list[str], typed: str) -> list[str]:
    """The names that hold what is typed, those that begin with it first."""
    part = "" if PREFIX.startswith(typed) else typed.removeprefix(PREFIX).lower()
    ranked = ((not folded.startswith(part), name) for name in names if part in (folded := name.lower()))
    return [name for _, name in nsmallest(_MOST_NAMES, ranked)]
