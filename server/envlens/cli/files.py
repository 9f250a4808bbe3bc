"""Chooses the files of a lint run from the paths on the command line, and loads them."""

import os
from collections.abc import Iterator

from ..core.model.document import Document, FileKind
from ..core.model.facts import FileState
from ..host import disk
from ..host.host import Host, normal

NOT_OURS = "is no environment definition, and nothing says that it belongs to one"


class Chosen:
    """The documents of a run in order with the paths to show, what was skipped, and what was named in vain.

    `data` are the bytes of standard input, where that is what is checked.
    """

    def __init__(self) -> None:
        self.documents: list[tuple[str, Document]] = []
        self.notes: list[str] = []
        self.unusable: list[str] = []
        self.data = b""


def choose(host: Host, paths: list[str]) -> Chosen:
    """Loads named files and the files of named folders. Two passes: definitions decide which conda files are ours."""
    chosen = Chosen()
    candidates: dict[str, tuple[str, bool]] = {}
    for given in paths:
        if os.path.isdir(given):
            for found in disk.walk(given, disk.ignored_above(given), host.is_included):
                candidates.setdefault(normal(found), (_shown(found, given), False))
        elif not os.path.exists(given):
            is_link = os.path.islink(given)
            chosen.unusable.append(f"{given} {'is a link to nothing' if is_link else 'does not exist'}")
        else:
            candidates[normal(given)] = (given.replace(os.sep, "/"), True)
            host.name(normal(given))
    documents: dict[str, Document | None] = {}
    for path, (shown, named) in candidates.items():
        if host.is_excluded(path):
            if named:
                chosen.notes.append(f"{shown}: skipped, an exclude pattern matches it")
            continue
        documents[path] = host.load(path)
    folders = [(normal(given), given) for given in paths if os.path.isdir(given)]
    for path, shown in _drawn_on(host, documents, folders):
        candidates.setdefault(path, (shown, False))
        documents[path] = host.load(path)
    for path, (shown, named) in candidates.items():
        if path not in documents:
            continue
        document = documents[path]
        if document is None or document.kind is FileKind.CONDA:
            document = host.load(path)
        if document is not None:
            chosen.documents.append((shown, document))
            continue
        state = host.read_state(path)
        if state is FileState.UNREADABLE:
            (chosen.unusable if named else chosen.notes).append(f"{shown}: cannot be read")
        elif named:
            chosen.notes.append(f"{shown}: skipped, {state.obstacle or NOT_OURS}")
    return chosen


def _drawn_on(
    host: Host, documents: dict[str, Document | None], folders: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """The Dockerfiles and requirements files below the folders that the definitions draw on, and what these do."""
    pending = list(documents)
    seen = set(pending)
    while pending:
        for path, use in host.drawn_by(pending.pop()).items():
            if use.kind is None or path in seen or host.is_excluded(path):
                continue
            seen.add(path)
            folder = next(((root, given) for root, given in folders if disk.is_inside(path, [root])), None)
            if folder is None or disk.state(path, host.roots) is not FileState.PRESENT:
                continue
            pending.append(path)
            yield path, _shown(os.path.join(folder[1], os.path.relpath(path, folder[0])), folder[1])


def _shown(found: str, given: str) -> str:
    shown = os.path.normpath(found) if given in {".", "./"} else found
    return shown.replace(os.sep, "/")
