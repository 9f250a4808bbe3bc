"""`--show-settings`: the settings that hold for a path, and where each comes from."""

import argparse
import os
from collections.abc import Iterator
from typing import Any

from ..core.settings import SETTINGS
from ..host.host import normal
from .places import place_of
from .projects import Projects, shown_path
from .render.json_report import to_text
from .render.text import printable

_OPTIONS = {"select": "select", "ignore": "ignore", "include": "include", "exclude": "exclude", "fail-on": "fail_on"}


def render(projects: Projects, paths: list[str], args: argparse.Namespace) -> str:
    """The settings of each path, as text or JSON, with the workspace, which is the same for all."""
    workspace = _workspace(args)
    tables = [_table(projects, path, args) for path in paths]
    if args.format == "json":
        for table in tables:
            table["settings"]["workspace"] = workspace
        return to_text(tables)
    parts = [*map(_lines, tables), _workspace_lines(workspace)]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def _workspace(args: argparse.Namespace) -> dict[str, Any]:
    """Where the workspace lies, who says so, and the journal that its file there has or would have."""
    place = place_of(args)
    found: dict[str, Any] = {"value": place.path, "from": [] if place.source == "default" else [place.source]}
    name, reason = args.journal_for(place.path)
    found["journal"] = {"name": name, "reason": reason}
    return found


def _workspace_lines(workspace: dict[str, Any]) -> Iterator[str]:
    # Not a row of the tables: a path would make them wide.
    yield f"workspace: {printable(workspace['value'])}"
    yield f"  from     {printable(' and '.join(workspace['from']) or 'default')}"
    yield f"  journal  {workspace['journal']['name']}: {printable(workspace['journal']['reason'])}"


def _table(projects: Projects, path: str, args: argparse.Namespace) -> dict[str, Any]:
    absolute = normal(path)
    folder = absolute if os.path.isdir(absolute) else os.path.dirname(absolute)
    settings, project = projects.of(folder).settings, projects.project(folder)
    file = shown_path(project.file) if project.file else None
    entries: dict[str, Any] = {}
    for name, each in SETTINGS.items():
        if each.is_user_only:
            continue  # no file of a folder says anything about it
        sources = [file] if file and name in project.raw else []
        option = _OPTIONS.get(name)
        if option and getattr(args, option) is not None:
            # A list of the command line is added to the file's; the others take its place.
            sources = [*(sources if name in {"ignore", "include", "exclude"} else []), f"--{name}"]
        holder = settings.options if each.field in settings.options._fields else settings
        entries[name] = {"value": _plain(name, getattr(holder, each.field)), "from": sources}
    return {"path": path.replace(os.sep, "/"), "file": file, "settings": entries}


def _plain(name: str, value: Any) -> Any:
    """A value as a settings file has it."""
    if name == "severity":
        return {rule: level.label if level else "off" for rule, level in sorted(value.items())}
    if name == "path-ignores":
        return {pattern: sorted(rules) for pattern, rules in value.items()}
    if name == "include":
        return [f"{each.kind.value}:{each.pattern}" if each.kind else each.pattern for each in value]
    if name == "fail-on":
        return value.label
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def _lines(table: dict[str, Any]) -> Iterator[str]:
    yield f"settings for {printable(table['path'])}: {printable(table['file'] or 'no settings file')}"
    rows = [
        (name, _words(name, entry["value"]), " and ".join(entry["from"]) or "default")
        for name, entry in table["settings"].items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, value, source in rows:
        yield f"  {name:{widths[0]}}  {printable(value):{widths[1]}}  {printable(source)}"


def _words(name: str, value: Any) -> str:
    if name == "path-ignores":
        return "; ".join(f"{pattern}: {', '.join(rules)}" for pattern, rules in value.items()) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{rule} = {level}" for rule, level in value.items()) or "each rule's own"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return "all" if value is None else str(value)
