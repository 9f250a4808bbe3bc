"""Decides whether a file is ours and of what kind: by settings, by what draws on it, by its name and its content.

The `include` and `exclude` settings are written as .gitignore patterns.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from ..core.model.document import DEFAULT_CONDA_NAMES, FileKind, classify, is_somebody_elses, kind_by_name
from ..core.settings import Include, Settings
from ..core.syntax.yaml_tree import YamlTree
from ..core.text.source import Source
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


class Claim(NamedTuple):
    """What is said of a file beside its content.

    `stated` is the kind that an `include` entry gives it, `drawn` what a file that draws on it takes it for, `before`
    the kind that it had.
    """

    path: str
    stated: FileKind | None
    is_included: bool
    drawn: FileKind | None
    is_named: bool
    before: FileKind | None

    @property
    def is_said(self) -> bool:
        """Whether somebody says that it is ours: one that draws on it, the command line, or its name."""
        return self.drawn is not None or self.is_named or has_conda_name(self.path)


def known_kind(claim: Claim) -> FileKind | None:
    """The kind of a file that settings, other files or its name decide; None where its content does."""
    if claim.stated is not None:
        return claim.stated
    if claim.drawn is not None and not claim.drawn.is_yaml:
        return claim.drawn
    by_name = kind_by_name(claim.path)
    return by_name if by_name is FileKind.V1 or claim.is_included or claim.is_named else None


def shown_kind(claim: Claim, source: Source, tree: YamlTree) -> FileKind | None:
    """The kind of a YAML file whose content decides; None for somebody else's.

    A conda file is ours only where something says so; half-typed, a file keeps the kind that it had.
    """
    ours = claim.is_included or claim.is_said
    is_others = is_somebody_elses(tree)
    kind = classify(tree) or (None if is_others else claim.before)
    if kind is FileKind.CONDA and not ours:
        return None
    if kind is None and claim.drawn is not None:
        return claim.drawn
    # What cannot be read has no shape: where the file is ours by name, that is said.
    is_broken = source.problem is not None or (not tree.is_whole and not is_others)
    return FileKind.CONDA if kind is None and is_broken and ours else kind


def included(path: str, root: str, settings: Settings) -> Include | None:
    """The last `include` entry that matches a path."""
    for entry in reversed(settings.include):
        if _matches((entry.pattern,), path, root):
            return entry
    return None


def is_excluded(path: str, root: str, settings: Settings) -> bool:
    """Whether an `exclude` pattern matches a path."""
    return bool(settings.exclude) and _matches(settings.exclude, path, root)


def settings_in(path: str, base: Base) -> Settings:
    """The settings that hold in one file: with the rules left out that `path-ignores` turns off there."""
    root, settings = base
    if not settings.path_ignores:
        return settings
    off = [names for pattern, names in settings.path_ignores.items() if _matches((pattern,), path, root)]
    return settings._replace(ignore=settings.ignore.union(*off)) if off else settings


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
