"""Paths of files and folders, as a definition writes them: relative to its own folder, with slashes."""

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from ...index.snapshot import resolve
from ...syntax.changes import as_scalar
from .context import Place
from .item import Item, ItemKind, World, make

YAML = (".yml", ".yaml")


class Wanted(NamedTuple):
    """Which paths are asked for: in `file`, with one of `endings` (any where empty).

    `below` is the folder that they count from, as written in `file`; `scheme` stands before each.
    """

    file: str
    endings: tuple[str, ...] = ()
    below: str = "."
    scheme: str = ""
    in_yaml: bool = True


def files(world: World, place: Place, wanted: Wanted) -> Iterator[Item]:
    """The files and folders in the folder that is typed so far."""
    file, scheme, in_yaml = wanted.file, wanted.scheme, wanted.in_yaml
    typed = place.prefix.removeprefix(scheme)
    if typed.startswith(("/", "~")) or ":" in typed or "\\" in typed:
        return  # not relative to anything here
    folder = typed[: typed.rfind("/") + 1]
    target = resolve(file, posixpath.join(wanted.below, folder))
    for entry in sorted(world.entries(target), key=lambda each: (each.is_folder, each.name.lower())):
        path = scheme + folder + entry.name
        if not entry.name.isprintable():
            continue  # no text could name it
        if entry.name.startswith(".") and not typed[len(folder) :].startswith("."):
            continue
        if entry.is_folder:
            yield make(place, f"{path}/", ItemKind.FOLDER, _written(place, f"{path}/", in_yaml))
        elif entry.name.lower().endswith(wanted.endings or "") and posixpath.join(target, entry.name) != file:
            yield make(place, path, ItemKind.FILE, _written(place, path, in_yaml))


def folders(world: World, place: Place, file: str) -> Iterator[Item]:
    """The folders below the one that is typed so far, and first this one."""
    if not place.prefix:
        yield make(place, ".", ItemKind.FOLDER, detail="this folder")
    for item in files(world, place, Wanted(file)):
        if item.kind is ItemKind.FOLDER:
            yield item


def _written(place: Place, path: str, in_yaml: bool) -> str:
    return as_scalar(path) if in_yaml and not place.quote else path
