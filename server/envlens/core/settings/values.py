"""What the values of settings are: a reader and a JSON schema for each kind of them."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..model.document import FileKind
from ..text.diagnostic import Severity
from ..text.spelling import nearest


class Include(NamedTuple):
    """Files that are in scope beside those that a definition draws on; `kind` overrides `$schema` and shape."""

    pattern: str
    kind: FileKind | None = None


class Problem(NamedTuple):
    """What is wrong with a table of settings, in words, and where: keys and list positions from the table down.

    `is_key` where the last key itself is wrong, not its value.
    """

    message: str
    at: tuple[str | int, ...] = ()
    is_key: bool = False


class WrongError(ValueError):
    """Several things are wrong with one value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(each.message for each in problems))
        self.problems = problems


# More of one kind helps nobody, and guessing what is meant takes its time.
MAX_PROBLEMS = 100


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
    _refuse([Problem(no_such_rule(names[at], known), (at,)) for at in unknown[:MAX_PROBLEMS]])
    return frozenset(names)


def no_such_rule(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is no rule."""
    return f"no rule is called '{name}'{did_you_mean(name, known)}"


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise WrongError(problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    meant = nearest(word.replace("_", "-"), sorted(known), cutoff=0.75)
    return f"; did you mean '{meant}'?" if meant else ""


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(_NOT_STRINGS)
    _refuse([Problem(_NOT_STRINGS, (at,)) for at, each in enumerate(value) if not isinstance(each, str)][:1])
    return value


_NOT_STRINGS = "must be a list of strings"


def rules(value: Any, known: frozenset[str]) -> frozenset[str]:
    return check_rules(_strings(value), known)


def chosen_rules(value: Any, known: frozenset[str]) -> frozenset[str]:
    chosen = rules(value, known)
    if not chosen:
        raise ValueError("an empty list would turn every rule off")
    return chosen


def levels(value: Any, known: frozenset[str]) -> dict[str, Severity | None]:
    if not isinstance(value, dict):
        raise TypeError("must be a table of rule = severity")
    names = [name for name in value if name not in known][:MAX_PROBLEMS]
    unknown = [Problem(no_such_rule(name, known), (name,), is_key=True) for name in names]
    found = {name: Severity.parse(word) if isinstance(word, str) else None for name, word in value.items()}
    wrong = [name for name, level in found.items() if level is None and value[name] != _OFF][:MAX_PROBLEMS]
    _refuse(unknown + [Problem(f"'{name}' must be error, warning, info or off", (name,)) for name in wrong])
    return found


_OFF = "off"
LEVELS = [each.label for each in sorted(Severity, reverse=True)]


def includes(value: Any, _known: frozenset[str]) -> tuple[Include, ...]:
    found: list[Include] = []
    problems: list[Problem] = []
    for at, each in enumerate(_strings(value)):
        try:
            found.append(parse_include(each))
        except ValueError as error:
            problems.append(Problem(str(error), (at,)))
    _refuse(problems)
    return tuple(found)


def texts(value: Any, _known: frozenset[str]) -> tuple[str, ...]:
    return tuple(_strings(value))


def path_ignores(value: Any, known: frozenset[str]) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise TypeError("must be a table of pattern = list of rules")
    found: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for pattern, names in value.items():
        try:
            found[pattern] = rules(names, known)
        except WrongError as error:
            problems += [each._replace(at=(pattern, *each.at)) for each in error.problems]
        except TypeError as error:
            problems.append(Problem(f"'{pattern}' {error}", (pattern,)))
    _refuse(problems)
    return found


def severity(value: Any, _known: frozenset[str]) -> Severity:
    found = Severity.parse(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be error, warning or info")
    return found


def size(value: Any, _known: frozenset[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError("must be a number of bytes")
    return value


def days(value: Any, _known: frozenset[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
        raise ValueError(f"must be a number of days from 0 to {_MOST_DAYS}")
    return value


_MOST_DAYS = 3650


def yes_or_no(value: Any, _known: frozenset[str]) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def path(value: Any, _known: frozenset[str]) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise TypeError("must be a path")
    if not _NOT_RELATIVE.match(value):
        raise ValueError("must be an absolute path, or one from '~': a relative one would hang on where one stands")
    return value


# Which of these is absolute on the machine at hand is for the host to say.
_NOT_RELATIVE = re.compile(r"~|/|\\\\|[A-Za-z]:[\\/]")

Shape = Callable[[list[str]], dict[str, Any]]  # the names of all rules to the JSON schema of a value


def rule_list(names: list[str], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": names}, **more}


def level_table(names: list[str]) -> dict[str, Any]:
    level = {"enum": [*LEVELS, _OFF]}
    return {"type": "object", "properties": dict.fromkeys(names, level), "additionalProperties": False, "default": {}}


def include_list(names: list[str]) -> dict[str, Any]:
    # A pattern with a colon must have a kind of file in front of it.
    pattern = f"^(({'|'.join(each.value for each in FileKind)}):.+|[^:]+)$"
    return {"type": "array", "items": {"type": "string", "pattern": pattern}, "default": []}


def text_list(_names: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "default": []}


def day_count(default: int, _names: list[str]) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": _MOST_DAYS, "default": default}
