"""Finds and reads the project's settings: `envlens.toml`, or `[tool.envlens]` in `pyproject.toml`."""

import os
from typing import Any, NamedTuple

from ..core.model.facts import FileState
from ..core.rules import RULES
from ..core.settings import Settings, parse
from . import disk

_NAMES = ("envlens.toml", "pyproject.toml")
_LIMIT = 1_000_000


class Project(NamedTuple):
    """The settings of a folder, the file they came from (None for none) and what could not be used, in words."""

    settings: Settings
    raw: dict[str, Any]
    file: str | None
    problems: tuple[str, ...]

    @property
    def folder(self) -> str | None:
        """The folder from which its patterns count; None where no file says anything."""
        return os.path.dirname(self.file) if self.file else None


def load_file(path: str, folder: str | None = None) -> Project:
    """The settings that one file holds; a file that cannot be read gives the defaults and a problem.

    With `folder`, a link that leads out of it is not followed.
    """
    found = disk.read(path, [os.path.realpath(folder)] if folder else None, _LIMIT)
    if found.state is not FileState.PRESENT:
        return Project(Settings(), {}, path, (f"{path}: cannot be read ({found.state})",))
    import tomllib  # only here: most runs have no settings to read

    try:
        table = tomllib.loads(found.data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        return Project(Settings(), {}, path, (f"{path}: not TOML: {error}",))
    if os.path.basename(path) == "pyproject.toml":
        tool = table.get("tool")
        table = tool.get("envlens", {}) if isinstance(tool, dict) else {}
    return from_table(table, path)


def from_table(table: object, file: str | None) -> Project:
    """The settings that a table holds."""
    if not isinstance(table, dict):
        return Project(Settings(), {}, file, (f"{file}: envlens settings must be a table",))
    settings, problems = parse(table, frozenset(RULES))
    where = f"{file}: " if file else ""
    return Project(settings, table, file, tuple(where + problem for problem in problems))


def find(folder: str, known: dict[str, Project]) -> Project:
    """The settings that hold in a folder: the nearest file in it or above it, up to the top of the repository.

    The nearest file counts alone; what files above it say does not. `known` keeps what was found by folder, so that
    each file is read once.
    """
    passed: list[str] = []
    current = os.path.abspath(folder)
    while current not in known:
        if os.path.isdir(current):  # a path in a file can name thousands of folders that are not there
            passed.append(current)
        found = _in_folder(current)
        parent = os.path.dirname(current)
        if found or parent == current or os.path.exists(os.path.join(current, ".git")):
            known[current] = found or Project(Settings(), {}, None, ())
        else:
            current = parent
    for each in passed:
        known[each] = known[current]
    return known[current]


def _in_folder(folder: str) -> Project | None:
    for name in _NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            project = load_file(path, folder)
            # A pyproject.toml that says nothing of envlens settles nothing.
            if name == "envlens.toml" or project.raw or project.problems:
                return project
    return None


def project_root(path: str) -> str:
    """The folder that a command-line run may read in: the repository or project around `path`, else its own folder."""
    start = os.path.abspath(path)
    current = start if os.path.isdir(start) else os.path.dirname(start)
    home = current
    while True:
        if any(os.path.exists(os.path.join(current, name)) for name in (".git", *_NAMES)):
            return current
        parent = os.path.dirname(current)
        if parent == current:
            working = os.getcwd()
            return working if disk.is_inside(home, [working]) and working != os.sep else home
        current = parent
