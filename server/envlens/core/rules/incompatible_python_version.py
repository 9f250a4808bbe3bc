"""A package is pinned to a version that is not for the pinned Python.

## Why
Each release on PyPI says which Python it is for (`Requires-Python`), and pip passes over those that are for another
one: of an exact pin nothing is left, and the build fails. The same happens where a release has only wheels, none of
them for that Python, and no source. conda's builds can differ from PyPI's, so in its own part this is a warning. Only
packages and releases of the catalogue are judged, and nothing where pip's list names an index.
Source: pip 26.3, run; metadata of the package index, 2026-11; Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - scipy==1.10.1
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - scipy==1.14.1
```

## Fix safety
There is no fix: whether Python or the package gives way is yours to choose.
"""

from collections.abc import Iterator, Mapping

from ..model import python_release
from ..model.conda import CondaSpec
from ..model.facts import PythonSupport
from ..syntax.conda_verdict import problem
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, rule

# Options that bring other files of the same releases; those of a file that is included are not known.
_INDEXES = ("-i", "-f", "-r", "--i", "--e", "--f", "--r", "--no-index", "--pypi-url")
# What conda has under that name is for any Python.
_NOT_CONDAS = {"dataclasses"}
_FULL = 3  # numbers of a version: `=1.21.6` is one release, `=1.21` a series


@rule("incompatible-python-version", on=CondaSpec, severity=Severity.ERROR)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    pinned = python_release.the_one(spec)
    if pinned is None or pinned[0].spec is None:
        return
    python, minor = pinned
    table = ctx.facts.python_support()
    related = (Related(ctx.document.path, python.scalar.span, "the Python"),)
    for entry in spec.entries:
        if entry.spec is None or entry.spec.name in _NOT_CONDAS or entry.spec.name not in table:
            continue
        release = _of_conda(entry.spec)
        support = _support(table, entry.spec.name, release) if release else None
        if support is not None and not _admits(support.wanted, minor) and not problem(entry.scalar.text):
            whose = f"'{entry.scalar.text.strip()}' is for Python {_words(support.wanted)} on PyPI"
            message = f"{whose}: conda will hardly have it for Python 3.{minor}"
            yield Finding(entry.scalar.span, message, (), Severity.WARNING, related)
    for block in spec.pip_blocks[-1:]:  # of several, conda takes the last
        if any(entry.requirement.text.lstrip().startswith(_INDEXES) for entry in block.entries):
            return
        for item in block.entries:
            release = _of_pip(item.requirement)
            support = _support(table, item.requirement.name, release) if release else None
            if support is None or _admits(support.found, minor):
                continue
            shown = item.requirement.text.strip()
            if not _admits(support.wanted, minor):
                message = f"'{shown}' is for Python {_words(support.wanted)}: pip finds none for Python 3.{minor}"
            else:
                message = f"'{shown}' has files for Python {_words(support.found)} only: pip finds none for 3.{minor}"
            yield Finding(item.scalar.span, message, related=related)


def _of_conda(spec: MatchSpec) -> str | None:
    """The release that an entry means, None for a series or a range."""
    first = spec.first_version
    if first is None or first[0] not in {"", "=", "=="} or "*" in spec.version:
        return None
    return first[1] if first[0] != "=" or first[1].count(".") + 1 >= _FULL else None


def _of_pip(requirement: Requirement) -> str | None:
    """The release that a line means; none behind a condition, which may be meant for another Python."""
    if requirement.kind is not LineKind.REQUIREMENT or requirement.rest or requirement.marker:
        return None
    if len(requirement.specifiers) != 1 or requirement.specifiers[0].operator not in {"==", "==="}:
        return None
    return requirement.specifiers[0].version


def _support(table: Mapping[str, tuple[PythonSupport, ...]], name: str, release: str) -> PythonSupport | None:
    for row in table.get(name, ()):
        if release in row.releases or f"{release}.0" in row.releases or release.removesuffix(".0") in row.releases:
            return row
    return None


def _admits(minors: tuple[int | None, int | None], minor: int) -> bool:
    low, high = minors
    return (low is None or low <= minor) and (high is None or minor <= high)


def _words(minors: tuple[int | None, int | None]) -> str:
    low, high = minors
    if low is None:
        return f"up to 3.{high}"
    if high is None:
        return f"3.{low} and newer"
    return f"3.{low}" if low == high else f"3.{low} to 3.{high}"
