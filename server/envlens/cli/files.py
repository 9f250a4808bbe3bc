"""Chooses the files of a lint run from the paths on the command line, and loads them."""

import os

from ..core.model.facts import FileState
from ..host import disk
from ..host.host import Host, normal
from .judging import Run
from .render.result import FileResult

NOT_OURS = "is no environment definition, and nothing says that it belongs to one"


class Chosen:
    """The files of a run in order with what was found in them, what was skipped, and what was named in vain.

    `data` are the bytes of standard input, where that is what is checked.
    """

    def __init__(self) -> None:
        self.files: list[FileResult] = []
        self.notes: list[str] = []
        self.unusable: list[str] = []
        self.data = b""


def choose(host: Host, paths: list[str], run: Run) -> Chosen:
    """Judges named files, the files of named folders, and what these draw on there."""
    chosen = Chosen()
    candidates: dict[str, tuple[str, bool]] = {}
    for given in paths:
        if os.path.isdir(given):
            for found in disk.walk(given, disk.ignored_above(given), host.is_included, host.folders):
                candidates.setdefault(normal(found), (_shown(found, given), False))
        elif not os.path.exists(given):
            is_link = os.path.islink(given)
            chosen.unusable.append(f"{given} {'is a link to nothing' if is_link else 'does not exist'}")
        else:
            candidates[normal(given)] = (given.replace(os.sep, "/"), True)
            host.name(normal(given))
    excluded = [path for path in candidates if host.is_excluded(path)]
    for path in excluded:
        shown, named = candidates.pop(path)
        if named:
            chosen.notes.append(f"{shown}: skipped, an exclude pattern matches it")
    folders = {normal(given): given for given in paths if os.path.isdir(given)}
    for judged in run.judge(list(candidates), list(folders)):
        path = judged.path
        shown, named = candidates.get(path) or (_below(path, folders), False)
        if judged.source is not None:
            fail_on = host.settings_for(path).fail_on
            chosen.files.append(FileResult(shown, judged.source, *judged.judgement, fail_on=fail_on))
            continue
        state = host.read_state(path)
        if state is FileState.UNREADABLE:
            (chosen.unusable if named else chosen.notes).append(f"{shown}: cannot be read")
        elif named:
            chosen.notes.append(f"{shown}: skipped, {state.obstacle or NOT_OURS}")
    return chosen


def _below(path: str, folders: dict[str, str]) -> str:
    """The path of a file below one of the folders, as the user would write it."""
    root = next(each for each in folders if disk.is_inside(path, [each]))
    return _shown(os.path.join(folders[root], path[len(root) :].lstrip("/")), folders[root])


def _shown(found: str, given: str) -> str:
    shown = os.path.normpath(found) if given in {".", "./"} else found
    return shown.replace(os.sep, "/")
