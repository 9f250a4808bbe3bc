"""`envlens diff` and `envlens history`: what changed, and whether it made another image."""

import argparse
import os
import sys
from typing import NamedTuple

from ...core.workspace import difference
from ...core.workspace.difference import Side
from ...core.workspace.port import Workspace
from ..errors import UsageError
from ..render import version_text
from ..render.style import of_stdout
from . import defined, opening
from .opening import opened


class Named(NamedTuple):
    """A side, and what it is called."""

    label: str
    side: Side


def run_diff(args: argparse.Namespace) -> int:
    """Compares two versions or definitions. 0 for the same image, 1 for another, 2 where that cannot be told."""
    with opened(args) as workspace:
        before, after = (_named(workspace, each, args) for each in (args.before, args.after))
    found = difference.compare(before.side, after.side)
    if args.format == "json":
        from ..render.workspace_json import compared

        sys.stdout.write(compared(before.label, after.label, found))
    else:
        style = of_stdout()
        sys.stdout.write(f"{style.paint(after.label, bold=True)} ")
        sys.stdout.write("".join(f"{line}\n" for line in version_text.changes(found, before.label, style)))
    return 2 if found.image.is_same is None else int(not found.image.is_same)


def _named(workspace: Workspace, text: str, args: argparse.Namespace) -> Named:
    if not os.path.isfile(text):
        found = opening.version(workspace, text)
        return Named(str(found.target), difference.side(found, workspace.leaves(found)))
    (each, *others) = defined.read([text], args).found
    if others:
        raise UsageError(f"{text} holds {len(others) + 1} definitions: envlens hash {text} --against compares each")
    offer = each.offered.offer
    if offer is None:
        raise UsageError(f"{each.defined.title}: {each.offered.problem}")
    return Named(each.defined.title, difference.side_of(offer.content, each.defined.prediction, offer.leaves))


def run_history(args: argparse.Namespace) -> int:
    """Shows the versions of an environment, each with what changed from the one made before it."""
    target = opening.target(args.name)
    if target.version is not None or target.is_latest:
        raise UsageError(f"history takes a NAME; envlens diff compares two versions of '{target.name}'")
    with opened(args) as workspace:
        found = difference.steps(workspace.versions(target.name, archived=True), workspace.leaves)
    if args.format == "json":
        from ..render.workspace_json import history

        sys.stdout.write(history(target.name, found))
        return 0
    style = of_stdout()
    for each in found:
        sys.stdout.write("".join(f"{line}\n" for line in version_text.step(each.version, each.comparison, style)))
    return 0
