"""Says why an environment marker (`python_version < "3.9" and sys_platform == "linux"`) is none that pip can read.

The grammar is that of PEP 508 as `packaging` 21.3 and 26 read it; a test compares. Own code, because `packaging` is no
dependency, says no place, and gives up on long lines.
"""

import re
from typing import NamedTuple

from ..text.span import Span

# The last three only from packaging 24.2 on; the names with dots are old ones that are still read.
_NAMES = frozenset(
    {
        "python_version",
        "python_full_version",
        "os_name",
        "sys_platform",
        "platform_release",
        "platform_system",
        "platform_version",
        "platform_machine",
        "platform_python_implementation",
        "implementation_name",
        "implementation_version",
        "extra",
        "os.name",
        "sys.platform",
        "platform.version",
        "platform.machine",
        "platform.python_implementation",
        "python_implementation",
        "extras",
        "dependency_groups",
    }
)
_TOKEN = re.compile(
    r"[ \t]*(?:(?P<string>'[^']*'|\"[^\"]*\")|(?P<op>===|==|~=|!=|<=|>=|<|>)|(?P<bracket>[()])"
    r"|(?P<word>[A-Za-z_][\w.]*))"
)


class Problem(NamedTuple):
    """Where a marker ends to be one, and what would belong there. The span counts from the marker's start."""

    span: Span
    wanted: str


def problem(text: str) -> Problem | None:
    """What is wrong with a marker, None for one that can be read. Linear in its length."""
    depth, at, state = 0, 0, "value"
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at, end)
        kind, word = (found.lastgroup, found[found.lastgroup or 0]) if found else (None, "")
        start = found.start(found.lastgroup or 0) if found else at + _blanks(text, at)
        place = Span(start, found.end() if found else end)
        if state == "value" and kind == "bracket" and word == "(":
            depth += 1
        elif state in {"value", "right"}:
            if kind != "string" and word not in _NAMES:
                return Problem(place, "a name such as python_version, or a quoted text")
            state = "operator" if state == "value" else "joint"
        elif state == "operator":
            if word == "not":
                state = "in"
            elif kind == "op" or word == "in":
                state = "right"
            else:
                return Problem(place, "an operator such as '<' or 'in'")
        elif state == "in":
            if word != "in":
                return Problem(place, "'in'")
            state = "right"
        elif word in {"and", "or"}:
            state = "value"
        elif word == ")" and depth:
            depth -= 1
        else:
            return Problem(place, "'and' or 'or'")
        at = found.end() if found else end
    if state != "joint":
        return Problem(Span(end, end), "more")
    return Problem(Span(end, end), "')'") if depth else None


def _blanks(text: str, at: int) -> int:
    return len(text[at:]) - len(text[at:].lstrip())
