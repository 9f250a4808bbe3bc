"""Chooses the files of a lint run from the paths on the command line, and loads them."""

import os

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
    folders = {normal(given): given for given in paths if os.path.isdir(given)}
    for path in host.reachable(list(documents), list(folders)):
        root = next(each for each in folders if disk.is_inside(path, [each]))
        shown = os.path.join(folders[root], os.path.relpath(path, root))
        candidates.setdefault(path, (_shown(shown, folders[root]), False))
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


def _shown(found: str, given: str) -> str:
    shown = os.path.normpath(found) if given in {".", "./"} else found
    return shown.replace(os.sep, "/")
