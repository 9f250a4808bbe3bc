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
Unsafe: an old Python may need an older pip than the one inserted. It is a floor, as Azure ML advises, and no exact pin.
"""

from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..syntax.pins import Pin
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule


@rule("pip-not-pinned", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    entries = list(spec.specs_of("pip"))
    if any(entry.pin is not Pin.NONE for entry, _ in entries):
        return  # conda takes all entries together
    for entry, scalar in entries:
        end = entry.name_span.end
        edit = Edit(scalar.span_of(end, len(entry.text.rstrip())), ">=24.0")
        fixes = (Fix("require 'pip>=24.0'", (edit,), safe=False),) if scalar.inner is not None else ()
        message = "'pip' has no version: the build takes the newest one that fits"
        yield Finding(scalar.span_of(*entry.name_span), message, fixes)
