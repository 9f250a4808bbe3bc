"""Where the embedded workspace lies: the user's choice, never a project's."""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from . import config

FILE = "workspace.db"
VARIABLE = "ENVLENS_WORKSPACE"


class Place(NamedTuple):
    """The file of the workspace, be it there or not, and who chose it, in words."""

    path: str
    source: str


class Chosen(NamedTuple):
    """What a setting says, and where it stands, in words."""

    value: str
    source: str


class PlaceError(ValueError):
    """What was chosen cannot be a place; the text says why."""


def workspace_place(
    option: str | None, setting: Callable[[], Chosen | None], environment: Mapping[str, str] = os.environ
) -> Place:
    """The place of the workspace: `--workspace`, else `ENVLENS_WORKSPACE`, else a setting, else the platform's.

    `setting` is asked only where nothing else says it. A folder means `workspace.db` in it. Raises PlaceError.
    """
    if option is not None:
        # It is said here and now, so that it may count from here.
        return _place(os.path.abspath(os.path.expanduser(option)) if option else "", option, "--workspace")
    named = environment.get(VARIABLE)
    chosen = Chosen(named, VARIABLE) if named else setting()
    if chosen is not None:
        return _place(os.path.expanduser(chosen.value), chosen.value, chosen.source)
    from platformdirs import user_data_dir

    return Place(os.path.join(user_data_dir("envlens", appauthor=False), FILE), "default")


def own_choice() -> Chosen | None:
    """What the user's own settings file says. Raises PlaceError for one that is wrong: its word is not known then."""
    own = config.load_own()
    if own.problems:
        raise PlaceError("\n".join(own.problems))
    value = own.settings.workspace
    return Chosen(value, f"setting 'workspace' in {own.file}") if value is not None else None


def _place(path: str, said: str, source: str) -> Place:
    if not said:
        raise PlaceError(f"{source} names no file")
    if not os.path.isabs(path):
        raise PlaceError(f"{source}: '{said}' is no absolute path")
    is_folder = said.endswith(_SEPARATORS) or os.path.isdir(path)
    return Place(os.path.join(os.path.abspath(path), FILE) if is_folder else os.path.abspath(path), source)


_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))
