"""pip has no version constraint.

## Why
pip's resolver changes between versions: the same list can resolve, take hours or fail.
Source: Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip>=24.0
```

## Fix safety
Unsafe: an old Python may need an older pip than the one inserted.
"""

from collections.abc import Iterator

from ..syntax.matchspec import MatchSpec
from ..syntax.pins import Pin
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("pip-not-pinned", on=MatchSpec, severity=Severity.WARNING)
def check(spec: MatchSpec, ctx: Context) -> Iterator[Finding]:
    if spec.name != "pip" or spec.pin is not Pin.NONE:
        return
    end = spec.name_span.end
    fixes = (Fix("require 'pip>=24.0'", (Edit(Span(end, len(spec.text.rstrip())), ">=24.0"),), safe=False),)
    yield Finding(
        spec.name_span, "'pip' has no version: the resolver is whatever is newest on the day of the build", fixes
    )
