"""The settings of a run: each file's project, with what the command line says on top."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date

from ..core.model.registered import Registered
from ..core.rules import RULES
from ..core.settings import Include, Settings, check_rules, parse_include
from ..core.text.diagnostic import Severity
from ..host import catalogue, config, disk, scope
from ..host.folders import FoldersOnce
from ..host.host import Base, Host, normal
from ..host.registered import RegisteredNames
from .errors import UsageError
from .report import say


class Projects:
    """Looks up settings by folder. `problems` are what the files met so far say wrongly, `mistakes` where, by file."""

    def __init__(self, args: argparse.Namespace) -> None:
        # Beside those of the run: what holds in a folder is found in all folders above it.
        self.folders = FoldersOnce()
        self.problems: dict[str, None] = {}
        self.mistakes: dict[str, config.Mistakes] = {}
        self._args = args
        self._given = config.load_file(args.config) if args.config is not None else None
        self._known: dict[str, config.Project] = {}
        self._tops: dict[str, str] = {}
        self._bases: dict[str, Base] = {}
        self.of(os.getcwd())  # wrong options are said whatever files there are

    def of(self, folder: str) -> Base:
        """The settings in a folder: of `--config`, else of the nearest settings file in it or above it."""
        project = self.project(folder)
        path = normal(
            os.getcwd() if self._given else project.folder or config.project_root(folder, self.folders, self._tops)
        )
        if path not in self._bases:
            self.problems.update(dict.fromkeys(project.problems))
            if project.file and project.mistakes:
                self.mistakes[normal(project.file)] = project.mistakes
            self._bases[path] = Base(path, _merged(project.settings, self._args))
        return self._bases[path]

    def registered(self) -> Iterable[Registered]:
        """What the workspace has; nothing where it cannot be read, which is said: what is not known is not wrong."""
        from ..core.workspace.port import WorkspaceError
        from .places import place_of

        try:
            path = place_of(self._args).path
            found: Iterable[Registered] = ()
            if os.path.exists(path):  # to most runs there is none, and opening one takes time
                found = self._args.open_workspace(path).changes(0).environments
        except (WorkspaceError, UsageError) as error:
            if self._args.command == "lint":  # the others say themselves what they could not do
                say(f"references were not looked up in the workspace: {error}")
            return ()
        return found

    def project(self, folder: str) -> config.Project:
        """What the settings file says that holds in a folder."""
        return self._given or config.find(folder, self._known, self.folders)


def roots_of(paths: Iterable[str], stdin_filename: str | None = None) -> list[str]:
    """The folders that may be read: the project of each path. A folder that is named may be a link itself."""
    named = [stdin_filename or "." if path == "-" else path for path in paths]
    starts = [os.path.realpath(path) if os.path.isdir(path) else path for path in named]
    return sorted({normal(os.path.realpath(config.project_root(start))) for start in starts})


def open_host(roots: Sequence[str], projects: Projects, today: date | None) -> Host:
    """The host of a run of the command line, which looks at each folder once."""
    facts = catalogue.load_facts(today or date.today())
    host = Host(facts, _rule_failed, disk.Roots(roots, FoldersOnce(projects.folders)), projects.of)
    host.says_effects = True
    host.registered = RegisteredNames(projects.registered)
    return host


def _rule_failed(rule: str, error: Exception) -> None:
    if os.environ.get("ENVLENS_STRICT"):
        raise error
    # The type only: an error's text may quote the file, and the file may hold a secret.
    print(f"envlens: rule '{rule}' failed with {type(error).__name__}", file=sys.stderr)


def shown_path(path: str) -> str:
    """A path as people want to see it: from the working folder, where it lies below."""
    relative = os.path.relpath(path).replace(os.sep, "/")
    return path if relative.startswith("../") else relative


def _merged(settings: Settings, args: argparse.Namespace) -> Settings:
    known = frozenset(RULES)
    try:
        if args.select is not None:
            settings = settings._replace(select=check_rules(_names(args.select, "--select"), known))
        if args.ignore is not None:
            settings = settings._replace(ignore=settings.ignore | check_rules(_names(args.ignore, "--ignore"), known))
        included = tuple(map(parse_include, args.include or ()))
    except ValueError as error:
        raise UsageError(str(error)) from error
    included = tuple(Include(_from_here(each.pattern), each.kind) for each in included)
    excluded = tuple(_from_here(each) for each in args.exclude or ())
    return settings._replace(
        include=(*settings.include, *included),
        exclude=(*settings.exclude, *excluded),
        fail_on=(Severity.parse(args.fail_on) if args.fail_on else None) or settings.fail_on,
    )


def _names(values: list[str], option: str) -> list[str]:
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if not names:
        raise UsageError(f"{option} needs the name of a rule; see envlens rules")
    return names


def _from_here(pattern: str) -> str:
    """A pattern of the command line, which counts from the working folder; without a slash it holds at every depth."""
    if "/" not in pattern.rstrip("/"):
        return pattern
    here = normal(os.getcwd()).lstrip("/")
    return f"{scope.FROM_THE_TOP}{here}/{pattern.removeprefix('./').lstrip('/')}"
