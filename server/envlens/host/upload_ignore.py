"""Reads the ignore file by which azure-ai-ml uploads a folder: `.amlignore` at its top, else `.gitignore` there."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from ..core.hashing.ignore_file import RefusedError, State, parse
from ..core.model.context import UPLOAD_IGNORES
from ..core.model.facts import FileState
from . import disk

LIMIT = 1_000_000
"""Bytes that an ignore file may have."""


class Ignored(NamedTuple):
    """What is left out. `start` is None where nothing is, `problem` says why azure-ai-ml cannot tell."""

    base: str
    """The folder from which patterns count: the one in which the ignore file really lies."""
    start: State | None = None
    problem: str | None = None

    def below(self, folder: str) -> State | None:
        """What patterns say of what lies in a folder, by its real path: azure-ai-ml asks by that."""
        if self.start is None or folder == self.base:
            return self.start
        return self.start.after(os.path.relpath(folder, self.base).replace(os.sep, "/") + "/")


def read(root: str, roots: Sequence[str] | None) -> Ignored:
    """The ignore file of a folder. Never raises."""
    for name in UPLOAD_IGNORES:
        place = os.path.join(root, name)
        found = disk.read(place, roots, LIMIT)
        if found.state is FileState.MISSING:
            continue
        if found.state is not FileState.PRESENT:
            return Ignored(root, problem=f"'{name}' {found.state.obstacle}")
        try:
            # Opened as text, with any kind of line end: azure-ai-ml 1.35.2, read.
            return Ignored(os.path.dirname(os.path.realpath(place)), parse(found.data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            return Ignored(root, problem=f"'{name}' is not UTF-8: azure-ai-ml cannot read it")
        except RefusedError as refused:
            return Ignored(root, problem=f"azure-ai-ml cannot read '{name}' for {refused}")
    return Ignored(root)
