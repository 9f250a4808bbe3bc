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

from collections.abc import Iterator

from ..model import python_pins, python_release
from ..model.conda import CondaSpec
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, rule


@rule("incompatible-python-version", on=CondaSpec, severity=Severity.ERROR)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    pinned = python_release.the_one(spec)
    if pinned is None:
        return
    python, minor = pinned
    related = (Related(ctx.document.path, python.scalar.span, "the Python"),)
    for each in python_pins.excluding(spec, minor, ctx.facts):
        shown, wanted = each.place.text.strip(), each.support.wanted
        if not each.is_pip:
            message = (
                f"'{shown}' is for Python {_words(wanted)} on PyPI: conda will hardly have it for Python 3.{minor}"
            )
            yield Finding(each.place.span, message, (), Severity.WARNING, related)
        elif not python_pins.admits(wanted, minor):
            message = f"'{shown}' is for Python {_words(wanted)}: pip finds none for Python 3.{minor}"
            yield Finding(each.place.span, message, related=related)
        else:
            message = f"'{shown}' has files for Python {_words(each.support.found)} only: pip finds none for 3.{minor}"
            yield Finding(each.place.span, message, related=related)


def _words(minors: tuple[int | None, int | None]) -> str:
    low, high = minors
    if low is None:
        return f"up to 3.{high}"
    if high is None:
        return f"3.{low} and newer"
    return f"3.{low}" if low == high else f"3.{low} to 3.{high}"
