"""Matches paths against the `include` and `exclude` settings, written as .gitignore patterns."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from ..core.model.document import DEFAULT_CONDA_NAMES
from ..core.settings import Include, Settings
from .patterns import compile_patterns

# A pattern that begins so counts from the top of the file system: .gitignore has no such form.
FROM_THE_TOP = "//"


class Base(NamedTuple):
    """The settings that hold for a file, and the folder from which their patterns count."""

    path: str
    settings: Settings


# The settings of a folder, by its path.
Lookup = Callable[[str], Base]


def defaults(folder: str) -> Base:
    """The settings of a folder that says nothing."""
    return Base(folder, Settings())


def included(path: str, root: str, settings: Settings) -> Include | None:
    """The last `include` entry that matches a path."""
    for entry in reversed(settings.include):
        if _matches((entry.pattern,), path, root):
            return entry
    return None


def is_excluded(path: str, root: str, settings: Settings) -> bool:
    """Whether an `exclude` pattern matches a path."""
    return bool(settings.exclude) and _matches(settings.exclude, path, root)


def has_conda_name(path: str) -> bool:
    """Whether a file has one of the names that conda files are included by."""
    return path.rpartition("/")[2].lower() in DEFAULT_CONDA_NAMES


def _matches(patterns: tuple[str, ...], path: str, root: str) -> bool:
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    # A path outside the root can only be meant by its name.
    relative = relative if not relative.startswith("../") else path.lstrip("/")
    from_root, from_the_top = _specs(patterns)
    return bool(from_root.match_file(relative) or from_the_top.match_file(path.lstrip("/")))


@lru_cache(maxsize=64)
def _specs(patterns: tuple[str, ...]) -> tuple[Any, Any]:
    """The patterns that count from the settings' folder, and those that count from the top."""
    top = [each for each in patterns if each.startswith(FROM_THE_TOP)]
    rest = [each for each in patterns if not each.startswith(FROM_THE_TOP)]
    return compile_patterns(rest), compile_patterns(each[1:] for each in top)
