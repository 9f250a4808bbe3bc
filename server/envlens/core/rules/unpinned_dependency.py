"""A package has no version constraint.

## Why
The build chooses, mostly the newest version that fits everything else, and the image keeps it: later jobs with the same
definition reuse that image, while the same list built elsewhere, or on another day, can get another version.
Source: Azure ML, What are environments; Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=2.1.3
```

## Fix safety
There is no fix: the right version is not in the text.
"""

from collections.abc import Iterator

from ..syntax.matchspec import MatchSpec
from ..syntax.pins import Pin
from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("unpinned-dependency", on=(MatchSpec, Requirement), severity=Severity.WARNING)
def check(entry: MatchSpec | Requirement, ctx: Context) -> Iterator[Finding]:
    if entry.pin is not Pin.NONE:
        return
    if isinstance(entry, Requirement):
        if entry.kind is not LineKind.REQUIREMENT or entry.rest:
            return
    elif entry.name in {"pip", "*"}:
        return  # pip-not-pinned says it
    name = entry.text[entry.name_span.start : entry.name_span.end]
    yield Finding(entry.name_span, f"'{name}' has no version: the build chooses one")
