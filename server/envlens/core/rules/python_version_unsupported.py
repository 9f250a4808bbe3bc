"""The pinned Python is past its end of life.

## Why
It gets no security fixes, and packages stop publishing wheels for it, so that builds begin to fail.
Source: Azure ML, Troubleshoot environment issues; python.org release cycle. `--as-of` sets the day.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.8
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
```

## Fix safety
Unsafe: packages may have no release for the newer Python, and the environment of a saved model belongs to the Python
that saved it. A Python that a pinned package is known to exclude is not offered.
"""

from collections.abc import Iterator
from datetime import timedelta

from ..model import python_release
from ..model.conda import CondaSpec
from ..model.dockerfile import Dockerfile
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_HORIZON = timedelta(days=180)


@rule("python-version-unsupported", on=(CondaSpec, Dockerfile), severity=Severity.WARNING)
def check(value: CondaSpec | Dockerfile, ctx: Context) -> Iterator[Finding]:
    for spec, place in python_release.pythons(value):
        release = python_release.pinned(spec, ctx.facts)
        if release is not None and release.end_of_life < ctx.facts.today:
            fixes = python_release.raised(spec, place, value, ctx.facts, _HORIZON)
            ended = python_release.when(release)
            message = f"Python {release.minor} reached its end of life {ended}: no more security fixes"
            yield Finding(place.span_of(*python_release.whole(spec)), message, fixes)
