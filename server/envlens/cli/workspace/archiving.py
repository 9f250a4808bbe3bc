"""`envlens archive` and `envlens restore`: takes versions and environments out of lists, and puts them back."""

import argparse
import sys

from ...core.workspace.port import Workspace
from ...core.workspace.target import Target
from ..render.json_report import to_text
from . import opening
from .opening import opened


def run(args: argparse.Namespace) -> int:
    """Runs either command."""
    is_archive = args.command == "archive"
    with opened(args) as workspace:
        target = _exact(workspace, opening.target(args.reference))
        changed = (workspace.archive if is_archive else workspace.restore)(target)
    if args.format == "json":
        told = {"name": target.name, "version": target.version, "archived": is_archive, "changed": changed}
        sys.stdout.write(to_text(told))
        return 0
    what = f"{target}" if target.version is not None else f"{target.name}, with all of its versions,"
    done = "archived" if is_archive else "restored"
    already = "was archived already" if is_archive else "was not archived"
    sys.stdout.write(f"{done} {what.rstrip(',')}\n" if changed else f"{what} {already}\n")
    return 0


def _exact(workspace: Workspace, target: Target) -> Target:
    """The label `latest` as the version that it means."""
    return workspace.get(target).target if target.is_latest else target
