"""The settings: one immutable table and one parser for every place they come from.

Policy: no option unless two real users need opposite answers. Names in files and clients are kebab-case.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from .model.document import FileKind
from .model.options import DEFAULT as DEFAULT_OPTIONS
from .model.options import Options
from .text.diagnostic import Severity
from .text.spelling import nearest

DEFAULT_MAX_FILE_SIZE = 5_000_000


class Include(NamedTuple):
    """Files that are in scope beside those that a definition draws on; `kind` overrides `$schema` and shape."""

    pattern: str
    kind: FileKind | None = None


class Settings(NamedTuple):
    """What a user can choose. `levels` maps a rule to its severity, None for off; `max_file_size` is in bytes.

    `path_ignores` are patterns of files with the rules that say nothing in them.
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

    def level(self, rule: str, default: Severity) -> Severity | None:
        """The severity of a rule's finding, None where the rule is off."""
        if rule in self.ignore or (self.select is not None and rule not in self.select):
            return None
        return self.levels.get(rule, default)


class Problem(NamedTuple):
    """What is wrong with a table of settings, in words, and where: keys and list positions from the table down.

    `is_key` where the last key itself is wrong, not its value.
    """

    message: str
    at: tuple[str | int, ...] = ()
    is_key: bool = False


def parse(raw: Mapping[str, Any], known_rules: frozenset[str]) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from a table, and what is wrong with each value that could not be used (its default stands)."""
    values: dict[str, Any] = {}
    options: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in raw.items():
        setting = SETTINGS.get(key)
        if setting is None:
            if key not in _CLIENT_KEYS and len(problems) < _MAX_PROBLEMS:
                problems.append(
                    Problem(f"there is no setting '{key}'{_did_you_mean(key, SETTINGS)}", (key,), is_key=True)
                )
            continue
        try:
            place = options if setting.field in Options._fields else values
            place[setting.field] = setting.read(value, known_rules)
        except _WrongError as error:
            problems += [
                Problem(f"setting '{key}': {each.message}", (key, *each.at), each.is_key) for each in error.problems
            ]
        except (ValueError, TypeError) as error:
            problems.append(Problem(f"setting '{key}': {error}", (key,)))
    return Settings(**values, options=Options(**options)), tuple(problems)


class _WrongError(ValueError):
    """Several things are wrong with one value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(each.message for each in problems))
        self.problems = problems


# More of one kind helps nobody, and guessing what is meant takes its time.
_MAX_PROBLEMS = 100
# Settings of the editor clients that live under the same prefix and are not the server's.
_CLIENT_KEYS = {"server", "trace"}


def parse_include(text: str) -> Include:
    """`pattern`, or `kind:pattern` to state the kind. Raises ValueError for an empty pattern or an unknown kind."""
    kind, colon, pattern = text.partition(":")
    kinds = [each.value for each in FileKind]
    if colon and kind not in kinds:
        raise ValueError(f"'{kind}' is no kind of file: it must be {' or '.join(kinds)}")
    stated = FileKind(kind) if colon else None
    text = pattern if colon else text
    if not text:
        raise ValueError("an empty pattern includes nothing")
    return Include(text, stated)


def check_rules(names: list[str] | tuple[str, ...], known: frozenset[str]) -> frozenset[str]:
    """The names as a set. Raises ValueError, with a line for each that is no rule."""
    unknown = [at for at, name in enumerate(names) if name not in known]
    _refuse([Problem(no_such_rule(names[at], known), (at,)) for at in unknown[:_MAX_PROBLEMS]])
    return frozenset(names)


def no_such_rule(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is no rule."""
    return f"no rule is called '{name}'{_did_you_mean(name, known)}"


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise _WrongError(problems)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    meant = nearest(word.replace("_", "-"), sorted(known), cutoff=0.75)
    return f"; did you mean '{meant}'?" if meant else ""


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(_NOT_STRINGS)
    _refuse([Problem(_NOT_STRINGS, (at,)) for at, each in enumerate(value) if not isinstance(each, str)][:1])
    return value


_NOT_STRINGS = "must be a list of strings"


def _rules(value: Any, known: frozenset[str]) -> frozenset[str]:
    return check_rules(_strings(value), known)


def _select(value: Any, known: frozenset[str]) -> frozenset[str]:
    chosen = _rules(value, known)
    if not chosen:
        raise ValueError("an empty list would turn every rule off")
    return chosen


def _levels(value: Any, known: frozenset[str]) -> dict[str, Severity | None]:
    if not isinstance(value, dict):
        raise TypeError("must be a table of rule = severity")
    names = [name for name in value if name not in known][:_MAX_PROBLEMS]
    unknown = [Problem(no_such_rule(name, known), (name,), is_key=True) for name in names]
    levels = {name: Severity.parse(word) if isinstance(word, str) else None for name, word in value.items()}
    wrong = [name for name, level in levels.items() if level is None and value[name] != _OFF][:_MAX_PROBLEMS]
    _refuse(unknown + [Problem(f"'{name}' must be error, warning, info or off", (name,)) for name in wrong])
    return levels


_OFF = "off"
_WORDS = [each.label for each in sorted(Severity, reverse=True)]


def _include(value: Any, _known: frozenset[str]) -> tuple[Include, ...]:
    found: list[Include] = []
    problems: list[Problem] = []
    for at, each in enumerate(_strings(value)):
        try:
            found.append(parse_include(each))
        except ValueError as error:
            problems.append(Problem(str(error), (at,)))
    _refuse(problems)
    return tuple(found)


def _texts(value: Any, _known: frozenset[str]) -> tuple[str, ...]:
    return tuple(_strings(value))


def _path_ignores(value: Any, known: frozenset[str]) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise TypeError("must be a table of pattern = list of rules")
    found: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for pattern, names in value.items():
        try:
            found[pattern] = _rules(names, known)
        except _WrongError as error:
            problems += [each._replace(at=(pattern, *each.at)) for each in error.problems]
        except TypeError as error:
            problems.append(Problem(f"'{pattern}' {error}", (pattern,)))
    _refuse(problems)
    return found


def _fail_on(value: Any, _known: frozenset[str]) -> Severity:
    severity = Severity.parse(value) if isinstance(value, str) else None
    if severity is None:
        raise ValueError("must be error, warning or info")
    return severity


def _size(value: Any, _known: frozenset[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError("must be a number of bytes")
    return value


def _days(value: Any, _known: frozenset[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
        raise ValueError(f"must be a number of days from 0 to {_MOST_DAYS}")
    return value


_MOST_DAYS = 3650


def _yes_or_no(value: Any, _known: frozenset[str]) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


Shape = Callable[[list[str]], dict[str, Any]]  # the names of all rules to the JSON schema of a value


def _rule_list(names: list[str], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": names}, **more}


def _level_table(names: list[str]) -> dict[str, Any]:
    level = {"enum": [*_WORDS, _OFF]}
    return {"type": "object", "properties": dict.fromkeys(names, level), "additionalProperties": False, "default": {}}


def _include_list(names: list[str]) -> dict[str, Any]:
    # A pattern with a colon must have a kind of file in front of it.
    pattern = f"^(({'|'.join(each.value for each in FileKind)}):.+|[^:]+)$"
    return {"type": "array", "items": {"type": "string", "pattern": pattern}, "default": []}


def _text_list(_names: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "default": []}


def _day_count(default: int, _names: list[str]) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": _MOST_DAYS, "default": default}


class Setting(NamedTuple):
    """One setting: the field of `Settings`, its reader, its line in the documentation, the JSON schema of its value."""

    field: str
    read: Callable[[Any, frozenset[str]], Any]
    meaning: str
    default: str
    shape: Shape


SETTINGS: dict[str, Setting] = {
    "select": Setting("select", _select, "only these rules", "all", lambda names: _rule_list(names, minItems=1)),
    "ignore": Setting("ignore", _rules, "not these rules", "none", lambda names: _rule_list(names, default=[])),
    "severity": Setting(
        "levels", _levels, "table of rule = `error`, `warning`, `info` or `off`", "each rule's own", _level_table
    ),
    "include": Setting(
        "include",
        _include,
        "patterns of files that are in scope too; a kind in front (`environment:`, `conda:`, `requirements:`, "
        "`dockerfile:`, `job:`, `v1:`) overrides what they look like",
        "none",
        _include_list,
    ),
    "exclude": Setting(
        "exclude",
        _texts,
        "patterns of files that are not checked",
        "none",
        _text_list,
    ),
    "path-ignores": Setting(
        "path_ignores",
        _path_ignores,
        "table of pattern = list of rules that say nothing in the files that it matches",
        "none",
        lambda names: {"type": "object", "additionalProperties": _rule_list(names), "default": {}},
    ),
    "fail-on": Setting(
        "fail_on",
        _fail_on,
        "severity at which `envlens lint` exits 1",
        "`error`",
        lambda _: {"enum": _WORDS, "default": Severity.ERROR.label},
    ),
    "max-file-size": Setting(
        "max_file_size",
        _size,
        "bytes; larger files are not read",
        f"`{DEFAULT_MAX_FILE_SIZE}`",
        lambda _: {"type": "integer", "minimum": 1, "default": DEFAULT_MAX_FILE_SIZE},
    ),
    "end-of-life-horizon": Setting(
        "end_of_life_horizon",
        _days,
        "days before the end of life of a Python at which `python-version-near-eol` speaks of it",
        f"`{DEFAULT_OPTIONS.end_of_life_horizon}`",
        partial(_day_count, DEFAULT_OPTIONS.end_of_life_horizon),
    ),
    "stale-image-window": Setting(
        "stale_image_window",
        _days,
        "days that the tag of an Azure ML base image may be old before `azureml-image-stale` speaks of it",
        f"`{DEFAULT_OPTIONS.stale_image_window}`",
        partial(_day_count, DEFAULT_OPTIONS.stale_image_window),
    ),
    "insecure-hosts": Setting(
        "insecure_hosts",
        _texts,
        "hosts for which `insecure-index` says nothing; they are never contacted",
        "none",
        _text_list,
    ),
    "known-images": Setting(
        "known_images",
        _texts,
        "patterns (`*`, `?`) of image repositories that exist, for `azureml-image-unknown`",
        "none",
        _text_list,
    ),
    "inlay-hints": Setting(
        "inlay_hints",
        _yes_or_no,
        "whether editors show the predicted hash behind the name of an environment, too",
        "`false`",
        lambda _: {"type": "boolean", "default": False},
    ),
}


def json_schema(rules: Iterable[str]) -> dict[str, Any]:
    """The JSON schema of `envlens.toml` and of `[tool.envlens]`: draft 7, which editors' TOML extensions know."""
    names = list(rules)
    properties = {
        name: {"description": f"{each.meaning} (default: {each.default})", **each.shape(names)}
        for name, each in SETTINGS.items()
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "settings of envlens",
        "description": "envlens.toml, or the table [tool.envlens] of pyproject.toml",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
