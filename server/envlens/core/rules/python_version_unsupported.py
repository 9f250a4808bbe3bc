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
Unsafe: pinned packages may have no release for the newer Python (so for 8 of 14 files looked at, see
`docs/calibration.md`), and the environment of a saved model belongs to the Python that saved it.
"""

from collections.abc import Iterator
from datetime import timedelta

from ..model import python_release
from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_HORIZON = timedelta(days=180)


@rule("python-version-unsupported", on=MatchSpec, severity=Severity.WARNING)
def check(spec: MatchSpec, ctx: Context) -> Iterator[Finding]:
    release = python_release.pinned(spec, ctx.facts)
    if release is None or release.end_of_life >= ctx.facts.today:
        return
    fixes = python_release.raised(spec, ctx.facts, _HORIZON)
    ended = python_release.when(release)
    message = f"Python {release.minor} reached its end of life {ended}: no more security fixes"
    yield Finding(python_release.whole(spec), message, fixes)
