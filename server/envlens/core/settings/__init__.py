"""The settings: one immutable table and one parser for every place they come from. `values` reads single ones.

Policy: no option unless two real users need opposite answers. Names in files and clients are kebab-case.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from ..model.options import DEFAULT as DEFAULT_OPTIONS
from ..model.options import Options
from ..text.diagnostic import Severity
from . import values
from .values import MAX_PROBLEMS, Include, Problem, Shape, WrongError, check_rules, did_you_mean, parse_include

__all__ = [
    "SETTINGS",
    "Include",
    "Owner",
    "Problem",
    "Setting",
    "Settings",
    "check_rules",
    "json_schema",
    "parse",
    "parse_include",
    "without_user_only",
]

DEFAULT_MAX_FILE_SIZE = 5_000_000


class Owner(Enum):
    """Whose table of settings it is. A project's comes with a folder, so that anybody may have written it."""

    PROJECT = "project"
    USER = "user"
    CLIENT = "client"


class Settings(NamedTuple):
    """What a user can choose. `levels` maps a rule to its severity, None for off; `max_file_size` is in bytes.

    `path_ignores` are patterns of files with the rules that say nothing in them. `workspace` is the user's own: it
    never comes from a project.
    """

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    levels: Mapping[str, Severity | None] = MappingProxyType({})
    include: tuple[Include, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    inlay_hints: bool = False
    path_ignores: Mapping[str, frozenset[str]] = MappingProxyType({})
    options: Options = DEFAULT_OPTIONS
    workspace: str | None = None

    def level(self, rule: str, default: Severity) -> Severity | None:
        """The severity of a rule's finding, None where the rule is off."""
        if rule in self.ignore or (self.select is not None and rule not in self.select):
            return None
        return self.levels.get(rule, default)


def parse(
    raw: Mapping[str, Any], known_rules: frozenset[str], owner: Owner = Owner.PROJECT
) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from a table, and what is wrong with each value that could not be used (its default stands)."""
    found: dict[str, Any] = {}
    options: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in raw.items():
        setting = SETTINGS.get(key)
        if setting is None:
            if key not in _CLIENT_KEYS and len(problems) < MAX_PROBLEMS:
                allowed = [name for name, each in SETTINGS.items() if _refusal(name, each, owner) is None]
                meant = did_you_mean(key, allowed)
                problems.append(Problem(f"there is no setting '{key}'{meant}", (key,), is_key=True))
            continue
        refusal = _refusal(key, setting, owner)
        if refusal is not None:
            problems.append(Problem(refusal, (key,), is_key=True))
            continue
        try:
            place = options if setting.field in Options._fields else found
            place[setting.field] = setting.read(value, known_rules)
        except WrongError as error:
            problems += [
                Problem(f"setting '{key}': {each.message}", (key, *each.at), each.is_key) for each in error.problems
            ]
        except (ValueError, TypeError) as error:
            problems.append(Problem(f"setting '{key}': {error}", (key,)))
    return Settings(**found, options=Options(**options)), tuple(problems)


def without_user_only(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A project's table without what only the user may set: what is left may be put beside other tables."""
    return {key: value for key, value in raw.items() if key not in SETTINGS or not SETTINGS[key].is_user_only}


def _refusal(key: str, setting: "Setting", owner: Owner) -> str | None:
    if setting.is_user_only and owner is Owner.PROJECT:
        return f"setting '{key}' is the user's own: a project file cannot set it (docs/configuration.md: where)"
    if not setting.is_user_only and owner is Owner.USER:
        return f"setting '{key}' counts in project files only: move it there"
    return None


# Settings of the editor clients that live under the same prefix and are not the server's.
_CLIENT_KEYS = {"server", "trace"}


class Setting(NamedTuple):
    """One setting: the field of `Settings`, its reader, its line in the documentation, the JSON schema of its value.

    With `is_user_only`, what comes with a folder has no say: hosts that are contacted, commands, credentials, places.
    """

    field: str
    read: Callable[[Any, frozenset[str]], Any]
    meaning: str
    default: str
    shape: Shape
    is_user_only: bool = False


SETTINGS: dict[str, Setting] = {
    "select": Setting(
        "select", values.chosen_rules, "only these rules", "all", lambda names: values.rule_list(names, minItems=1)
    ),
    "ignore": Setting(
        "ignore", values.rules, "not these rules", "none", lambda names: values.rule_list(names, default=[])
    ),
    "severity": Setting(
        "levels",
        values.levels,
        "table of rule = `error`, `warning`, `info` or `off`",
        "each rule's own",
        values.level_table,
    ),
    "include": Setting(
        "include",
        values.includes,
        "patterns of files that are in scope too; a kind in front (`environment:`, `conda:`, `requirements:`, "
        "`dockerfile:`, `job:`, `v1:`) overrides what they look like",
        "none",
        values.include_list,
    ),
    "exclude": Setting(
        "exclude",
        values.texts,
        "patterns of files that are not checked",
        "none",
        values.text_list,
    ),
    "path-ignores": Setting(
        "path_ignores",
        values.path_ignores,
        "table of pattern = list of rules that say nothing in the files that it matches",
        "none",
        lambda names: {"type": "object", "additionalProperties": values.rule_list(names), "default": {}},
    ),
    "fail-on": Setting(
        "fail_on",
        values.severity,
        "severity at which `envlens lint` exits 1",
        "`error`",
        lambda _: {"enum": values.LEVELS, "default": Severity.ERROR.label},
    ),
    "max-file-size": Setting(
        "max_file_size",
        values.size,
        "bytes; larger files are not read",
        f"`{DEFAULT_MAX_FILE_SIZE}`",
        lambda _: {"type": "integer", "minimum": 1, "default": DEFAULT_MAX_FILE_SIZE},
    ),
    "end-of-life-horizon": Setting(
        "end_of_life_horizon",
        values.days,
        "days before the end of life of a Python at which `python-version-near-eol` speaks of it",
        f"`{DEFAULT_OPTIONS.end_of_life_horizon}`",
        partial(values.day_count, DEFAULT_OPTIONS.end_of_life_horizon),
    ),
    "stale-image-window": Setting(
        "stale_image_window",
        values.days,
        "days that the tag of an Azure ML base image may be old before `azureml-image-stale` speaks of it",
        f"`{DEFAULT_OPTIONS.stale_image_window}`",
        partial(values.day_count, DEFAULT_OPTIONS.stale_image_window),
    ),
    "insecure-hosts": Setting(
        "insecure_hosts",
        values.texts,
        "hosts for which `insecure-index` says nothing; they are never contacted",
        "none",
        values.text_list,
    ),
    "known-images": Setting(
        "known_images",
        values.texts,
        "patterns (`*`, `?`) of image repositories that exist, for `azureml-image-unknown`",
        "none",
        values.text_list,
    ),
    "inlay-hints": Setting(
        "inlay_hints",
        values.yes_or_no,
        "whether editors show the predicted hash behind the name of an environment, too",
        "`false`",
        lambda _: {"type": "boolean", "default": False},
    ),
    "workspace": Setting(
        "workspace",
        values.path,
        "the file of the embedded workspace, or the folder that `workspace.db` lies in; `~` is the user's home",
        "where the platform keeps user data",
        lambda _: {"type": "string"},
        is_user_only=True,
    ),
}


def json_schema(rules: Iterable[str]) -> dict[str, Any]:
    """The JSON schema of a project's `envlens.toml` or `[tool.envlens]`: draft 7, which editors' extensions know."""
    names = list(rules)
    properties = {
        name: {"description": f"{each.meaning} (default: {each.default})", **each.shape(names)}
        for name, each in SETTINGS.items()
        if not each.is_user_only
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "settings of envlens",
        "description": "envlens.toml, or the table [tool.envlens] of pyproject.toml",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
