"""Finds in the folders which definitions draw on which files, those files' own included. For a thread."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..core.model.document import Document, Draw, FileKind, build, classify, kind_by_name, parse_yaml
from ..core.text.source import decode, decode_requirements
from . import disk
from .graph import Graph
from .names import NOTHING, Named, named

# A definition, a Dockerfile, a requirements file and what it includes.
_MAX_DEPTH = 8
_YAML_KINDS = frozenset({FileKind.ENVIRONMENT, FileKind.JOB})


class Found(NamedTuple):
    """What a file that was met draws on, and the names in it."""

    path: str
    kind: FileKind
    draws: tuple[Draw, ...]
    named: Named = NOTHING


def scan(folders: Iterable[str], limit: int) -> list[Found]:
    """The definitions in the folders and the files that they draw on, nearest first. Every YAML file is read once."""
    roots = list(folders)
    graph = Graph()
    found: list[Found] = []

    def take(document: Document | None) -> None:
        drawn = document.draws if document else ()
        names = named(document)
        if document and (drawn or names != NOTHING):
            graph.replace(document.path, document.kind, drawn)
            found.append(Found(document.path, document.kind, drawn, names))

    for folder in roots:
        for path in disk.walk(folder, disk.ignored_above(folder)):
            take(_definition(path, folder, limit))
    pending = [each.path for each in found]
    seen = set(pending)
    for _ in range(_MAX_DEPTH):
        pending = [path for user in pending for path in graph.drawn_by(user) if path not in seen]
        seen.update(pending)
        for path in pending:
            kind = graph.kind_of(path)
            data = disk.read(path, roots, limit).data if kind in _FOLLOWED else b""
            read = decode_requirements if kind is FileKind.REQUIREMENTS else decode
            take(build(read(path, data), kind, None) if kind and data else None)
    return found


_FOLLOWED = frozenset({FileKind.DOCKERFILE, FileKind.REQUIREMENTS})
# What a file must hold to draw on another, to refer to one, or to be a definition.
_SIGNS = (b"conda_file", b"build", b"file:", b"azureml:")
_IMAGE = re.compile(rb"^[\"']?image[\"']?\s*:", re.MULTILINE)


def _definition(path: str, folder: str, limit: int) -> Document | None:
    """The definition that a file is, if it can draw on others or be referred to."""
    data = disk.read(path, [folder], limit).data
    source = decode(disk.normal(path), data)
    if kind_by_name(path) is FileKind.V1:
        return build(source, FileKind.V1, None) if data else None
    if not any(sign in data for sign in _SIGNS) and not _IMAGE.search(data):
        return None
    tree = parse_yaml(source)
    kind = classify(tree)
    return build(source, kind, None, tree) if kind in _YAML_KINDS else None
