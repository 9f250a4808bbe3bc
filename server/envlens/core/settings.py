"""The settings: one immutable table and one parser for every place they come from.

Policy: no option unless two real users need opposite answers. Names in files and clients are kebab-case.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .model.document import FileKind
from .text.diagnostic import Severity
from .text.spelling import nearest

DEFAULT_MAX_FILE_SIZE = 5_000_000


class Include(NamedTuple):
    """Files that are in scope beside those that a definition draws on; `kind` overrides `$schema` and shape."""

    pattern: str
    kind: FileKind | None = None


class Settings(NamedTuple):
    """What a user can choose. `levels` maps a rule to its severity, None for off; `max_file_size` is in bytes."""

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    levels: Mapping[str, Severity | None] = MappingProxyType({})
    include: tuple[Include, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    max_file_size: int = DEFAULT_MAX_FILE_SIZE

    def level(self, rule: str, default: Severity) -> Severity | None:
        """The severity of a rule's finding, None where the rule is off."""
        if rule in self.ignore or (self.select is not None and rule not in self.select):
            return None
        return self.levels.get(rule, default)


def parse(raw: Mapping[str, Any], known_rules: frozenset[str]) -> tuple[Settings, tuple[str, ...]]:
    """Settings from a table, and one sentence for each value that could not be used (its default stands)."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in raw.items():
        setting = SETTINGS.get(key)
        if setting is None:
            if key not in _CLIENT_KEYS:
                problems.append(f"there is no setting '{key}'{_did_you_mean(key, SETTINGS)}")
            continue
        try:
            values[setting.field] = setting.read(value, known_rules)
        except (ValueError, TypeError) as error:
            problems += [f"setting '{key}': {line}" for line in str(error).splitlines()]
    return Settings(**values), tuple(problems)


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
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError("\n".join(f"no rule is called '{name}'{_did_you_mean(name, known)}" for name in unknown))
    return frozenset(names)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    meant = nearest(word.replace("_", "-"), sorted(known), cutoff=0.75)
    return f"; did you mean '{meant}'?" if meant else ""


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("must be a list of strings")
    return value


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
    check_rules(list(value), known)
    levels: dict[str, Severity | None] = {}
    for name, word in value.items():
        severity = Severity.parse(word) if isinstance(word, str) else None
        if severity is None and word != "off":
            raise ValueError(f"'{name}' must be error, warning, info or off")
        levels[name] = severity
    return levels


def _include(value: Any, _known: frozenset[str]) -> tuple[Include, ...]:
    return tuple(parse_include(each) for each in _strings(value))


def _exclude(value: Any, _known: frozenset[str]) -> tuple[str, ...]:
    return tuple(_strings(value))


def _fail_on(value: Any, _known: frozenset[str]) -> Severity:
    severity = Severity.parse(value) if isinstance(value, str) else None
    if severity is None:
        raise ValueError("must be error, warning or info")
    return severity


def _size(value: Any, _known: frozenset[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError("must be a number of bytes")
    return value


class Setting(NamedTuple):
    """One setting: the field of `Settings`, its reader, and its line in the documentation."""

    field: str
    read: Callable[[Any, frozenset[str]], Any]
    meaning: str
    default: str


SETTINGS: dict[str, Setting] = {
    "select": Setting("select", _select, "only these rules", "all"),
    "ignore": Setting("ignore", _rules, "not these rules", "none"),
    "severity": Setting("levels", _levels, "table of rule = `error`, `warning`, `info` or `off`", "each rule's own"),
    "include": Setting(
        "include",
        _include,
        "patterns of files that are in scope too; `environment:` or `conda:` in front states the kind",
        "none",
    ),
    "exclude": Setting("exclude", _exclude, "patterns of files that are not checked", "none"),
    "fail-on": Setting("fail_on", _fail_on, "severity at which `envlens lint` exits 1", "`error`"),
    "max-file-size": Setting("max_file_size", _size, "bytes; larger files are not read", f"`{DEFAULT_MAX_FILE_SIZE}`"),
}
