"""The pinned Python soon reaches its end of life.

## Why
After that it gets no security fixes, and packages stop publishing wheels for it. A definition that is built then fails
sooner or later, and a change of Python is better planned. This is said half a year before, or as many days as the
setting `end-of-life-horizon` says.
Source: Azure ML, Troubleshoot environment issues; python.org release cycle. `--as-of` sets the day.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.11
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
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("python-version-near-eol", on=CondaSpec, severity=Severity.INFO)
def check(value: CondaSpec, ctx: Context) -> Iterator[Finding]:
    today = ctx.facts.today
    window = timedelta(days=ctx.options.end_of_life_horizon)
    for spec, place in python_release.pythons(value):
        release = python_release.pinned(spec, ctx.facts)
        if release is not None and today <= release.end_of_life <= today + window:
            fixes = python_release.raised(spec, place, value, ctx.facts, 2 * window)
            ends = python_release.when(release)
            message = f"Python {release.minor} reaches its end of life {ends}: then no more security fixes"
            yield Finding(place.span_of(*python_release.whole(spec)), message, fixes)
