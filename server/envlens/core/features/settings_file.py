"""Reads the text of a settings file, and says what is wrong in it as findings in that file."""

import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import rules
from ..rules.settings_invalid import SettingsMistake
from ..settings import Owner, Problem, Settings, parse, without_user_only
from ..syntax.toml_places import error_place, places, without_place
from ..text.diagnostic import Diagnostic, Finding
from ..text.source import Source
from ..text.span import Span
from .diagnose import shown

PYPROJECT = "pyproject.toml"
_RULE = "settings-invalid"


class SettingsFile(NamedTuple):
    """What a settings file says: the settings, the table that they were read from, and what could not be used.

    The table has nothing in it that a project may not set.
    `broken` is the place of what makes the text no TOML; then there is one problem and no table.
    """

    settings: Settings
    raw: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    broken: Span | None = None


def read(source: Source, owner: Owner = Owner.PROJECT) -> SettingsFile:
    """The settings in a text: the whole of it, or `[tool.envlens]` of a `pyproject.toml`. Never raises."""
    if source.problem:
        at = Span(source.problem_at, source.problem_at + 1)
        return SettingsFile(Settings(), {}, (Problem(f"not TOML: {source.problem}"),), at)
    try:
        table: object = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return SettingsFile(Settings(), {}, (Problem(f"not TOML: {_words(error)}"),), _error_span(source, error))
    for key in table_path(source.path):
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        return SettingsFile(Settings(), {}, (Problem("envlens settings must be a table"),))
    settings, problems = parse(table, frozenset(rules.RULES), owner)
    return SettingsFile(settings, without_user_only(table) if owner is Owner.PROJECT else table, problems)


def table_path(path: str) -> tuple[str, ...]:
    """Under which keys a file of that name has its settings."""
    return ("tool", "envlens") if path.rpartition("/")[2] == PYPROJECT else ()


def diagnose(source: Source) -> tuple[Diagnostic, ...]:
    """What is wrong in a project's settings file, in reading order."""
    file, rule = read(source), rules.load(_RULE)
    found = [
        Diagnostic(each.span, _RULE, rule.severity, shown(without_place(each.message)))
        for mistake in _mistakes(source, file)
        for each in rule.check(mistake, None)  # type: ignore[arg-type]  # there is no document
        if isinstance(each, Finding)
    ]
    return tuple(sorted(found, key=lambda each: each.span))


def _mistakes(source: Source, file: SettingsFile) -> Iterator[SettingsMistake]:
    if file.broken is not None:
        yield SettingsMistake(file.broken, file.problems[0].message)
    elif file.problems:
        found = places(source.text, table_path(source.path))
        for problem in file.problems:
            place = found.get(problem.at)
            span = (place.key if problem.is_key else place.value) if place else Span(0, 0)
            yield SettingsMistake(span, problem.message)


def _words(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _error_span(source: Source, error: Exception) -> Span:
    """From where the parser gave up to the end of that line."""
    place = error_place(str(error))
    lines = source.lines
    line = place[0] if place else lines.line_of(len(source.text.rstrip()))
    start = lines.offset(*place) if place else lines.line_start(line)
    return Span(start, max(start, lines.line_end(line)))
