"""The pinned Python reaches its end of life within half a year.

## Why
After that it gets no security fixes, and packages stop publishing wheels for it. A definition that is built then fails
sooner or later, and a change of Python is better planned.
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
Unsafe: pinned packages may have no release for the newer Python, and the environment of a saved model belongs to the
Python that saved it.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_FIXED = {"", "=", "==", "~="}
_WINDOW = timedelta(days=180)


@rule("python-version-near-eol", on=MatchSpec, severity=Severity.INFO)
def check(spec: MatchSpec, ctx: Context) -> Iterator[Finding]:
    first = spec.first_version if spec.name == "python" else None
    if first is None or first[0] not in _FIXED:
        return
    minor = ".".join(first[1].split(".")[:2])
    release = ctx.facts.pythons.get(minor)
    if release is None or not ctx.facts.today <= release.end_of_life <= ctx.facts.today + _WINDOW:
        return
    number = re.search(r"\d+(?:\.\d+)*(?:\.\*)?", spec.version)
    alive = [each for each in ctx.facts.pythons.values() if each.end_of_life > ctx.facts.today + 2 * _WINDOW]
    fixes: tuple[Fix, ...] = ()
    if number and alive:
        newer = min(alive, key=lambda each: each.end_of_life).minor
        at = spec.version_span.start
        edit = Edit(Span(at + number.start(), at + number.end()), newer)
        fixes = (Fix(f"use Python {newer}", (edit,), safe=False),)
    ends = f"in {release.end_of_life:%Y-%m}" if release.month_only else f"on {release.end_of_life}"
    span = Span(spec.name_span.start, spec.version_span.end)
    yield Finding(span, f"Python {minor} reaches its end of life {ends}: then no more security fixes", fixes)
