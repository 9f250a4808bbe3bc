"""Says why conda cannot read a dependency. A short copy of what its `MatchSpec` does, because conda is no library.

Source: conda, `models/match_spec.py` and `models/version.py` (source of 2026-08, run beside this on 60,000 generated
texts). Where only some versions of conda or its solvers refuse a text, nothing is said.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from ..text.span import Span

# No dependency is longer; what is costs time.
_MAX_LENGTH = 1_000
_BRACKETS = re.compile(r".*(\[.*\])", re.DOTALL)
_PARENTHESES = re.compile(r".*(\(.*\))", re.DOTALL)
_KEY_VALUE = re.compile(r"([a-zA-Z0-9_-]+?)=([\"']?)([^'\"]*?)(\2)(?:[, ]|$)")
_NAME_VERSION = re.compile(r"([^ =<>!~]+)?([><!=~ ].+)?")
_VERSION_BUILD = re.compile(r"((?:.+?)[^><!,|]?)(?:(?<![=!|,<>~])(?:[ =])([^-=,|<>~]+?))?$")
_RELATION = re.compile(r"(=|==|!=|<=|>=|<|>|~=)(?![=<>!~])(\S+)$")
_FIELDS = frozenset(
    {
        *("channel", "subdir", "name", "version", "build", "build_number", "track_features", "features", "url", "md5"),
        *("sha256", "license", "license_family", "fn", "when", "extras", "flags", "optional", "target"),
    }
)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]")
_VERSION = re.compile(r"[*.+!_0-9a-z]+")
_TOKENS = re.compile(r"\s*\^[^$]*[$]|\s*[()|,]|[^()|,]+")
# How people miswrite a Python version, so that conda takes it for the name of a package.
MISWRITTEN_PYTHON = re.compile(r"\s*python(?:[-@:_]\d|\d+\.\d)", re.IGNORECASE)


class Problem(NamedTuple):
    """Why conda stops at a dependency. The span counts from the text's start."""

    span: Span
    message: str


@lru_cache(maxsize=4096)
def problem(text: str) -> Problem | None:
    """What is wrong with a dependency, None for one that conda reads."""
    if len(text) > _MAX_LENGTH or text.endswith("@"):
        return None
    spec = text.partition("#")[0].partition(" if ")[0]
    if (
        re.search(r"\.(tar\.bz2|conda)$", spec)
        or "^" in spec
        or spec.count("(") > 1
        or 0 <= spec.find(")") < spec.find("(")
    ):
        return None  # a file, or what nobody writes
    found = _BRACKETS.match(spec)
    keys: set[str] = set()
    if found:
        for each in _KEY_VALUE.finditer(found[1][1:-1]):
            if not each[3]:
                return Problem(Span(*found.span(1)), f"'{each[1]}' has no value in '{found[1]}'")
            keys.add(each[1])
            if each[1] not in _FIELDS:
                return Problem(Span(*found.span(1)), f"conda knows nothing called '{each[1]}' of a package")
            if each[1] == "version" and _version_problem(each[3], None):
                return Problem(Span(*found.span(1)), f"'{each[3]}' is no version to conda")
        spec = spec.replace(found[1], "")
    found = _PARENTHESES.match(spec)
    if found:
        spec = spec.replace(found[1], "")
    spec = spec.rsplit(":", 2)[-1]
    return _rest_problem(text, spec, is_overridden="version" in keys)


def _rest_problem(text: str, spec: str, *, is_overridden: bool) -> Problem | None:
    """What is wrong behind channel, brackets and parentheses."""
    match = _NAME_VERSION.match(spec)
    name, rest = match.groups() if match else (None, None)
    whole = Span(len(text) - len(text.lstrip()), max(len(text.rstrip()), 1))
    if name is None:
        return Problem(whole, "no package name stands here")
    wrong = "" if "*" in name else "".join(dict.fromkeys(_NOT_IN_NAMES.findall(name.lower())))
    if wrong or name.startswith("-"):
        place = _place(text, name) or whole
        why = f"may not hold '{wrong}'" if wrong else "may not begin with '-'"
        return Problem(place, f"'{name}' is no package name, which {why}")
    rest = (rest or "").strip()
    if not rest:
        return None
    place = _place(text, rest) or whole
    if is_overridden:
        return None  # what stands in brackets counts, and the version outside is not looked at
    if "[" in rest:
        return Problem(place, "conda takes one pair of brackets only")
    parts = _VERSION_BUILD.search(rest)
    version, build = (parts[1], parts[2]) if parts else (rest, None)
    reason = _version_problem(version.replace(" ", ""), build.strip() if build else build)
    return Problem(place, reason) if reason else None


def _place(text: str, part: str) -> Span | None:
    at = text.rfind(part)
    return Span(at, at + len(part)) if at >= 0 else None


def _version_problem(version: str, build: str | None) -> str | None:
    """What is wrong with a constraint, before which conda takes some `=` away."""
    if version not in {"=", "=="} and version.startswith("="):
        bare = version.lstrip("=")
        if version.startswith("==") and build is None:
            version = bare
        elif not any(char in bare for char in "=,|"):
            version = f"{bare}*" if build is None and not bare.endswith("*") else bare
    if not re.search(r"[()|,^$]", version):
        return _term_problem(version)
    output = 0
    stack: list[str] = []
    for token in _TOKENS.findall(f"({version})"):
        item = token.strip()
        if item in {"|", ",", ")"}:
            # How many operators this one closes, by their precedence; each joins two terms.
            while stack and stack[-1] not in {"|": "(", ",": "|(", ")": "("}[item]:
                if output < 2:
                    return f"a version is missing beside '{stack[-1]}'"
                stack.pop()
                output -= 1
            if item != ")":
                stack.append(item)
            elif not stack:
                return "a ')' closes nothing"
            else:
                stack.pop()
        elif item == "(":
            stack.append("(")
        else:
            why = _term_problem(item)
            if why:
                return why
            output += 1
    if stack:
        return "a '(' is never closed"
    return None if output else "no version stands here"


def _term_problem(term: str) -> str | None:
    term = term.strip()
    if not term:
        return "no version stands here"
    if term[0] == "^" or term[-1] == "$":
        return None if term[0] == "^" and term[-1] == "$" else f"'{term}' is no version to conda"
    if term[0] in "=<>!~":
        found = _RELATION.match(term)
        if found is None:
            return f"'{term}' is no operator with a version"
        operator, version = found.groups()
        if version.endswith(".*"):
            if operator == "~=":
                return f"'~=' takes no '*': '{term}'"
            version = version[:-2]
        return _order_problem(version)
    if term == "*" or "*" in term.rstrip("*"):
        return None
    if term[-1] == "*":
        return _order_problem(term.rstrip("*").rstrip("."))
    return None if "@" in term else _order_problem(term)


def _order_problem(written: str) -> str | None:
    version = written.strip().lower()
    if not _VERSION.fullmatch(version) and "-" in version and "_" not in version:
        version = version.replace("-", "_")
    refused = f"'{written}' is no version to conda"
    if not _VERSION.fullmatch(version):
        return refused
    epoch, mark, rest = version.rpartition("!")
    if mark and not epoch.isdigit():
        return refused
    release, plus, local = rest.partition("+")
    if not release or "+" in local:
        return refused
    parts = release.removesuffix("_").replace("_", ".").split(".")
    if release.endswith("_"):
        parts[-1] += "_"
    if plus:
        parts += local.replace("_", ".").split(".")
    return None if all(parts) else refused
