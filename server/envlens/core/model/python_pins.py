"""Which pinned packages of a conda specification exclude a Python, by the table of what releases ask for."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..syntax.conda_verdict import problem
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Scalar
from ..syntax.requirements import LineKind, Requirement
from .conda import CondaSpec
from .facts import Facts, PythonSupport

# Options that bring other files of the same releases; those of a file that is included are not known.
_INDEXES = ("-i", "-f", "-r", "--i", "--e", "--f", "--r", "--no-index", "--pypi-url")
# What conda has under that name is for any Python.
_NOT_CONDAS = {"dataclasses"}
_FULL = 3  # numbers of a version: `=1.21.6` is one release, `=1.21` a series


class Excluding(NamedTuple):
    """An entry that is not for a Python; `is_pip` says whether it stands in a list for pip."""

    place: Scalar
    support: PythonSupport
    is_pip: bool


def excluding(spec: CondaSpec, minor: int, facts: Facts) -> Iterator[Excluding]:
    """The entries of a specification that are not for Python 3.`minor`, as far as the table tells."""
    table = facts.python_support()
    for name in [name for name in spec.by_name if name in table and name not in _NOT_CONDAS]:
        for entry, scalar in spec.specs_of(name):
            release = _of_conda(entry)
            support = _support(table, name, release) if release else None
            if support is not None and not admits(support.wanted, minor) and not problem(scalar.text):
                yield Excluding(scalar, support, is_pip=False)
    for block in spec.pip_blocks[-1:]:  # of several, conda takes the last
        if any(entry.requirement.text.lstrip().startswith(_INDEXES) for entry in block.entries):
            return
        for item in block.entries:
            if item.requirement.name not in table:
                continue
            release = _of_pip(item.requirement)
            support = _support(table, item.requirement.name, release) if release else None
            if support is not None and not admits(support.found, minor):
                yield Excluding(item.scalar, support, is_pip=True)


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


def admits(minors: tuple[int | None, int | None], minor: int) -> bool:
    """Whether Python 3.`minor` lies between two minors; None is open."""
    low, high = minors
    return (low is None or low <= minor) and (high is None or minor <= high)
