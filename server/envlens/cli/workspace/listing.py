"""`envlens list`, `envlens versions` and `envlens show`: what is registered."""

import argparse
import shutil
import sys

from ...core.workspace.port import Container, Version
from ..errors import UsageError
from ..render import table, version_text
from ..render.style import of_stdout
from ..report import say
from . import opening
from .opening import opened


def run_list(args: argparse.Namespace) -> int:
    """Lists environments."""
    if args.limit < 1:
        raise UsageError("--limit takes a number from 1")
    found: list[Container] = []
    with opened(args) as workspace:
        after = args.after
        while True:
            page = workspace.containers(archived=args.archived, after=after, limit=args.limit + 1)
            found += page[: args.limit]
            after = found[-1].name if found else ""
            has_more = len(page) > args.limit
            if not has_more or not args.all:
                break
        is_hidden = not found and bool(workspace.containers(archived=True, limit=1))
    hint = "all is archived: envlens list --archived" if is_hidden else "nothing is registered: envlens register FILE"
    if args.format == "json":
        from ..render.workspace_json import listed

        sys.stdout.write(listed(found, after if has_more else None))
        return 0
    if not found:
        say(f"there is nothing behind '{args.after}'" if args.after else hint)
        return 0
    head = ["name", "latest", "versions", "kind", "image", "made (UTC)"]
    if any(each.latest.description for each in found):
        head.append("description")
    rows = [_container(each)[: len(head)] for each in found]
    sys.stdout.write(table.render(head, rows, of_stdout(), _columns()))
    if has_more:
        say(f"there are more: envlens list --after {after}, or --all")
    return 0


def _container(each: Container) -> tuple[str, ...]:
    latest = each.latest
    state = "archived" if each.is_archived or latest.is_archived else latest.version
    return (
        each.name,
        state,
        str(each.versions),
        latest.forecast.kind,
        version_text.short(latest.forecast),
        latest.minute,
        latest.description or "",
    )


def run_versions(args: argparse.Namespace) -> int:
    """Lists the versions of an environment, the newest first."""
    target = opening.target(args.name)
    if target.version is not None or target.is_latest:
        raise UsageError(f"versions takes a NAME; envlens show {args.name} shows one version")
    with opened(args) as workspace:
        found = workspace.versions(target.name, archived=args.archived)
    if args.format == "json":
        from ..render.workspace_json import versions

        sys.stdout.write(versions(target.name, found))
        return 0
    if not found:
        say(f"every version of '{target.name}' is archived: envlens versions {target.name} --archived")
        return 0
    head = ("version", "kind", "image", "made (UTC)", "by", "state")
    sys.stdout.write(table.render(head, [_version(each) for each in found], of_stdout(), _columns()))
    return 0


def _version(each: Version) -> tuple[str, ...]:
    state = "archived" if each.is_archived else ""
    image = version_text.short(each.forecast)
    return each.version, each.forecast.kind, image, each.minute, each.author, state


def run_show(args: argparse.Namespace) -> int:
    """Shows one version."""
    with opened(args) as workspace:
        found = opening.version(workspace, args.reference)
        leaves = workspace.leaves(found) if args.format == "json" else ()
    if args.format == "json":
        from ..render.workspace_json import shown

        sys.stdout.write(shown(found, leaves))
        return 0
    sys.stdout.write("".join(f"{line}\n" for line in version_text.page(found, of_stdout())))
    return 0


def _columns() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
