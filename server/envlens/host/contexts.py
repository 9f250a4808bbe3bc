"""Looks at a build context: what the paths of a Dockerfile lead to, and what ignore files leave out."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from ..core.model.context import UPLOAD_IGNORES, BuildContext, Looked
from ..core.model.facts import FileState
from ..core.text.spelling import nearest
from . import disk
from .folders import Kind
from .patterns import DockerIgnore, compile_patterns, docker_patterns

_IGNORE_LIMIT = 1_000_000
_MAX_WALKED = 2_000
_MAX_LISTED = 500
_DOCKER = ".dockerignore"
_IGNORES = (*UPLOAD_IGNORES, _DOCKER)


def look(
    root: str,
    roots: Sequence[str] | None,
    wanted: Iterable[str],
    guesses: Iterable[str] = (),
    dockerfile: str | None = None,
) -> BuildContext | None:
    """What lies at the paths of a context, which may hold wildcards. None where the folder may not be looked at.

    For `guesses` nobody asks what else could be meant. `dockerfile` is the path of the Dockerfile, which may have an
    ignore file of its own.
    """
    if roots and not isinstance(roots, disk.Roots):
        roots = disk.Roots(roots)  # for this look: many paths lie in few folders
    if disk.state(root, roots) is not FileState.DIRECTORY:
        return None
    names = disk.listing(root, roots) or {}
    ignores = {
        name: text for name in _IGNORES if name in names and (text := _text(f"{root}/{name}", roots)) is not None
    }
    upload_name = next((name for name in UPLOAD_IGNORES if name in ignores), None)
    # BuildKit takes the Dockerfile's own ignore file, the classic builder does not: then neither is sure.
    has_own = dockerfile is not None and disk.state(f"{dockerfile}{_DOCKER}", roots) is not FileState.MISSING
    folder = _Folder(
        root,
        roots,
        upload_name,
        _compiled(ignores[upload_name]) if upload_name else None,
        docker_patterns(ignores[_DOCKER]) if _DOCKER in ignores and not has_own else None,
    )
    looked = {path: _look(folder, path, False) for path in islice(dict.fromkeys(guesses), _MAX_LISTED)}
    looked |= {path: _look(folder, path, True) for path in islice(dict.fromkeys(wanted), _MAX_LISTED)}
    return BuildContext(root, looked, folder.upload_name, _is_empty(folder))


def takes(root: str, path: str, roots: Sequence[str] | None) -> bool:
    """Whether a file below a build context is uploaded with it; what is not sure is taken for yes."""
    names = disk.listing(root, roots) or {}
    name = next((each for each in UPLOAD_IGNORES if each in names), None)
    text = _text(f"{root}/{name}", roots) if name is not None else None
    return text is None or not _is_ignored(_compiled(text), path[len(root.rstrip("/")) + 1 :], False)


class _Folder(NamedTuple):
    """A context and its ignore files, compiled."""

    root: str
    roots: Sequence[str] | None
    upload_name: str | None
    upload: "_Ignored | None"
    docker: DockerIgnore | None


def _look(folder: _Folder, written: str, is_meant: bool) -> Looked:
    relative = os.path.normpath(written.lstrip("/") or ".").replace(os.sep, "/")
    if relative == ".." or relative.startswith("../"):
        return Looked(FileState.OUTSIDE)
    matches = _glob(folder, relative) if _has_magic(relative) else [relative]
    if not matches:
        return Looked(FileState.MISSING)
    verdicts = [_state(folder, each) for each in matches]
    visible = [each for each in verdicts if each.hidden_by is None and each.state in _THERE]
    if visible or len(verdicts) > 1:
        return visible[0] if visible else verdicts[0]
    found = verdicts[0]
    if found.state is not FileState.MISSING or not is_meant:
        return found
    return found._replace(nearby=_nearby(folder, relative))


_THERE = (FileState.PRESENT, FileState.DIRECTORY, FileState.TOO_LARGE)


def _state(folder: _Folder, relative: str) -> Looked:
    state = disk.state(f"{folder.root}/{relative}", folder.roots)
    if state not in _THERE or relative == ".":
        return Looked(state)
    is_folder = state is FileState.DIRECTORY
    if folder.upload is not None and _is_ignored(folder.upload, relative, is_folder):
        return Looked(state, folder.upload_name)
    # A folder that is left out can hold files that are taken in again.
    if folder.docker is not None and not (is_folder and folder.docker.takes_in) and folder.docker.covers(relative):
        return Looked(state, _DOCKER)
    return Looked(state)


def _is_ignored(ignored: "_Ignored", relative: str, is_folder: bool) -> bool:
    """Whether azure-ai-ml leaves a path out: a folder that is ignored hides all below it.

    Where a pattern takes something in again, only what is sure counts.
    """
    if ignored.patterns.match_file(relative):
        return True
    if ignored.takes_in:
        return False
    if is_folder and ignored.patterns.match_file(f"{relative}/"):
        return True
    parents = relative.split("/")[:-1]
    return any(ignored.patterns.match_file("/".join(parents[:depth]) + "/") for depth in range(1, len(parents) + 1))


class _Ignored(NamedTuple):
    patterns: Any
    takes_in: bool


def _text(path: str, roots: Sequence[str] | None) -> str | None:
    found = disk.read(path, roots, _IGNORE_LIMIT)
    return found.data.decode("utf-8-sig", "replace") if found.state is FileState.PRESENT else None


@lru_cache(maxsize=64)
def _compiled(text: str) -> _Ignored:
    # The SDK strips each line on both sides (azure-ai-ml 1.35.2, run).
    lines = [line.strip() for line in text.splitlines()]
    return _Ignored(compile_patterns(lines), any(line.startswith("!") for line in lines))


def _has_magic(path: str) -> bool:
    return any(char in path for char in "*?[")


def _glob(folder: _Folder, pattern: str) -> list[str]:
    """The paths of the context that a COPY pattern matches: one component at a time, as Go's filepath.Match does."""
    from fnmatch import fnmatchcase

    found = [""]
    for part in pattern.split("/"):
        if not _has_magic(part):
            found = [f"{base}{part}/" for base in found if disk.is_there(f"{folder.root}/{base}{part}", folder.roots)]
            continue
        listed = []
        for base in found[:_MAX_LISTED]:
            listed += [f"{base}{name}/" for name in _listing(folder, base) or () if fnmatchcase(name, part)]
        found = listed
    return [each.rstrip("/") for each in found[:_MAX_LISTED]]


def _listing(folder: _Folder, below: str) -> dict[str, Kind] | None:
    return disk.listing(f"{folder.root}/{below}".rstrip("/") or "/", folder.roots)


def _nearby(folder: _Folder, relative: str) -> tuple[str, ...]:
    """A path with the same last part but for its case or a slip, in the folder where it should be."""
    head, _, name = relative.rpartition("/")
    names = list(_listing(folder, head) or ())[:_MAX_LISTED]
    meant = next((each for each in names if each.lower() == name.lower()), None) or nearest(name, names, cutoff=0.75)
    return (f"{head}/{meant}" if head else meant,) if meant else ()


def _is_empty(folder: _Folder) -> bool | None:
    """Whether no file would be uploaded; None where the folder is too large to say."""
    upload = folder.upload
    seen = 0
    pending = [""]
    while pending:
        base = pending.pop()
        entries = _listing(folder, base)
        if entries is None:
            return None
        for name, kind in entries.items():
            seen += 1
            if seen > _MAX_WALKED:
                return None
            relative = f"{base}{name}"
            if kind is Kind.FOLDER:
                if upload is None or not _is_ignored(upload, relative, True):
                    pending.append(f"{relative}/")
            elif upload is None or not _is_ignored(upload, relative, False):
                return False
    return True
