"""Opens the workspace that a command works with, and says in one line what it cannot do."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from ...core.model.reference import PREFIX
from ...core.text.spelling import nearest
from ...core.workspace.port import NotFoundError, Version, Workspace, WorkspaceError
from ...core.workspace.target import Target, parse
from ..errors import UsageError
from ..places import place_of


@contextmanager
def opened(args: argparse.Namespace, otherwise: str = "") -> Iterator[Workspace]:
    """The workspace of a run. What it cannot do is a UsageError; `otherwise` stands before what is not found."""
    workspace: Workspace = args.open_workspace(place_of(args).path)
    try:
        yield workspace
    except NotFoundError as error:
        raise UsageError(f"{otherwise}; {error}" if otherwise else str(error)) from error
    except WorkspaceError as error:
        raise UsageError(str(error)) from error
    finally:
        workspace.close()


def target(text: str) -> Target:
    """What an argument names. Raises UsageError."""
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def version(workspace: Workspace, text: str) -> Version:
    """The version that an argument names, the latest where it names none. Raises UsageError and WorkspaceError."""
    if os.path.isfile(text) or ("/" in text and not text.startswith(PREFIX)) or text.endswith((".yml", ".yaml")):
        lies = "is a file, and not registered" if os.path.isfile(text) else "does not exist"
        raise UsageError(f"{text} {lies}: what is registered is called NAME, NAME:VERSION or NAME@latest")
    wanted = target(text)
    try:
        return workspace.get(wanted)
    except NotFoundError as error:
        raise NotFoundError(f"{error}{_meant(workspace, wanted)}") from error


def _meant(workspace: Workspace, wanted: Target) -> str:
    """What could be meant by a name that is not there."""
    names = [each.name for each in workspace.changes(0).environments]
    meant = nearest(wanted.name, names, cutoff=0.75) if wanted.name not in names else None
    return f"; did you mean '{meant}'?" if meant else ""
