"""Where the workspace of a run of the command line lies."""

import argparse

from ..host.place import Place, PlaceError, own_choice, workspace_place
from .errors import UsageError


def place_of(args: argparse.Namespace) -> Place:
    """The place of the workspace. The user's settings file is read only here, and only where nothing else says it."""
    try:
        return workspace_place(args.workspace, own_choice)
    except PlaceError as error:
        raise UsageError(str(error)) from error
