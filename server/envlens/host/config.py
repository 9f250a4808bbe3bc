"""Finds and reads the project's settings: `envlens.toml`, or `[tool.envlens]` in `pyproject.toml`."""

import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from ..core.model.facts import FileState
from ..core.settings import Owner, Problem, Settings
from ..core.text.diagnostic import Diagnostic
from ..core.text.source import Source, decode
from . import disk
from .folders import DIRECT, MAX_PATH, Folders

NAMES = ("envlens.toml", "pyproject.toml")
_LIMIT = 1_000_000


class Mistakes(NamedTuple):
    """What is wrong in a settings file, and the text that it is wrong in."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]


class Project(NamedTuple):
    """The settings of a folder, the file they came from (None for none) and what could not be used, in words.

    `mistakes` are the problems as findings in the file; None where there are none, or no text to find them in.
    """

    settings: Settings
    raw: dict[str, Any]
    file: str | None
    problems: tuple[str, ...]
    mistakes: Mistakes | None = None

    @property
    def folder(self) -> str | None:
        """The folder from which its patterns count; None where no file says anything."""
        return os.path.dirname(self.file) if self.file else None


def load_file(path: str, folder: str | None = None) -> Project:
    """The settings that a project's file holds; a file that cannot be read gives the defaults and a problem.

    With `folder`, a link that leads out of it is not followed.
    """
    found = disk.read(path, [os.path.realpath(folder)] if folder else None, _LIMIT)
    if found.state is not FileState.PRESENT:
        return Project(Settings(), {}, path, (f"{path}: cannot be read ({found.state})",))
    from ..core.features import settings_file  # only here: most runs have no settings to read

    source = decode(path.replace(os.sep, "/"), found.data)
    said = settings_file.read(source)
    if not said.problems:
        return Project(said.settings, said.raw, path, ())
    return Project(
        said.settings, said.raw, path, _in_words(path, said.problems), Mistakes(source, settings_file.diagnose(source))
    )


class Own(NamedTuple):
    """The user's own settings, the file that they came from or would come from, and what could not be used."""

    settings: Settings
    file: str
    problems: tuple[str, ...] = ()


def load_own() -> Own:
    """The user's own settings file: `envlens.toml` in `ENVLENS_CONFIG_DIR`, else in the platform's folder for settings.

    It need not be there. What it says is the user's word, so a link may lead anywhere.
    """
    from platformdirs import user_config_dir

    folder = os.environ.get("ENVLENS_CONFIG_DIR") or user_config_dir("envlens", appauthor=False)
    path = os.path.join(folder, NAMES[0])
    found = disk.read(path, None, _LIMIT)
    if found.state is FileState.MISSING:
        return Own(Settings(), path)
    if found.state is not FileState.PRESENT:
        return Own(Settings(), path, (f"{path}: cannot be read ({found.state})",))
    from ..core.features import settings_file

    said = settings_file.read(decode(path.replace(os.sep, "/"), found.data), Owner.USER)
    return Own(said.settings, path, _in_words(path, said.problems))


def _in_words(path: str, problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(f"{path}: {each.message}" for each in problems)


def find(folder: str, known: dict[str, Project], folders: Folders = DIRECT) -> Project:
    """The settings that hold in a folder: the nearest file in it or above it, up to the top of the repository.

    The nearest file counts alone; what files above it say does not. `known` keeps what was found by folder, so that
    each file is read once.
    """

    def settled(current: str) -> Project | None:
        found = _in_folder(current, folders)
        is_top = _is_top(current) or folders.exists(os.path.join(current, ".git"))
        return found or (Project(Settings(), {}, None, ()) if is_top else None)

    return _climb(_possible(os.path.abspath(folder)), known, folders, settled)


_T = TypeVar("_T")


def _climb(start: str, known: dict[str, _T], folders: Folders, settled: Callable[[str], _T | None]) -> _T:
    """What the nearest folder settles, from `start` up to the top, which always does; kept for the folders between."""
    passed: list[str] = []
    current = start
    while current not in known:
        names = folders.names(current)
        # Nearly all folders: what they hold was read for other reasons, and nothing in it matters here.
        has_no_mark = bool(names) and _MARKS.isdisjoint(names or ()) and not _is_top(current)
        if has_no_mark or folders.is_folder(current):  # a path in a file can name thousands that are not there
            passed.append(current)
        found = None if has_no_mark else settled(current)
        if found is not None:
            known[current] = found
        else:
            current = os.path.dirname(current)
    known.update(dict.fromkeys(passed, known[current]))
    return known[current]


_MARKS = frozenset({".git", *NAMES})


def _is_top(folder: str) -> bool:
    return folder == os.path.dirname(folder)


def _possible(path: str) -> str:
    """The part of a path that can be there: any text in a file may be taken for one, with thousands of folders."""
    return path if len(path) <= MAX_PATH else path[:MAX_PATH].rpartition(os.sep)[0]


def _in_folder(folder: str, folders: Folders) -> Project | None:
    for name in NAMES:
        path = os.path.join(folder, name)
        if folders.is_file(path):
            project = load_file(path, folder)
            # A pyproject.toml that says nothing of envlens settles nothing.
            if name == "envlens.toml" or project.raw or project.problems:
                return project
    return None


def project_root(path: str, folders: Folders = DIRECT, known: dict[str, str] | None = None) -> str:
    """The folder that a command-line run may read in: the repository or project around `path`, else its own folder.

    `known` keeps what was found by folder, empty for nothing.
    """
    start = _possible(os.path.abspath(path))
    home = start if folders.is_folder(start) else os.path.dirname(start)

    def settled(current: str) -> str | None:
        has_mark = any(folders.exists(os.path.join(current, name)) for name in _MARKS)
        return current if has_mark else "" if _is_top(current) else None

    found = _climb(home, {} if known is None else known, folders, settled)
    working = os.getcwd()
    return found or (working if disk.is_inside(home, [working]) and working != os.sep else home)
