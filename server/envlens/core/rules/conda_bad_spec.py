"""A conda dependency is none that conda can read.

## Why
conda stops at the first entry that is no match spec, before it looks for any package. It has no extras, no markers and
no options as pip has them, and takes at most one blank on each side of an operator.
Source: conda's `MatchSpec` (source of 2026-08), run; Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy  >=  1.26
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy >=1.26
```

## Fix safety
Safe where blanks, a comma or an operator without a version is too much. What has no place in a conda entry is yours to
move.
"""

import re
from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..syntax import conda_verdict
from ..syntax.conda_verdict import MISWRITTEN_PYTHON, problem
from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_EXTRAS = re.compile(r"[A-Za-z0-9_.-]\s*(\[[A-Za-z0-9_.,\s-]+\])")
_BLANKS = re.compile(r"\s*([=<>!~,|]+)\s*")


@rule("conda-bad-spec", on=(MatchSpec, CondaSpec), severity=Severity.ERROR)
def check(value: MatchSpec | CondaSpec, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, MatchSpec):
        yield from _judged(value.text)
        return
    for entry in value.entries:
        if entry.spec is None:
            for found in _judged(entry.scalar.text):
                yield found._replace(span=entry.scalar.span, fixes=())


def _judged(text: str) -> Iterator[Finding]:
    if not text.strip() or "{" in text or "\n" in text or MISWRITTEN_PYTHON.match(text):
        return
    found = problem(text)
    if found is None:
        extras = _EXTRAS.search(text)
        if extras:
            message = f"conda has no extras: '{extras[1]}' is dropped, and newer solvers refuse it"
            yield Finding(Span(*extras.span(1)), message, severity=Severity.WARNING)
        return
    hint = ""
    if ";" in text:
        hint = "; conditions belong to pip's entries"
    elif text.lstrip().startswith("-"):
        hint = "; options of pip belong into its list"
    elif "://" in text or text.startswith((".", "/", "git+")):
        hint = "; addresses and folders belong into pip's list"
    message = f"conda cannot read '{text.strip()}': {found.message}{hint}"
    yield Finding(found.span, message, _fixes(text))


def _fixes(text: str) -> tuple[Fix, ...]:
    """The text without what is too much, where conda reads it then."""
    close = _BLANKS.sub(r"\1", text).strip()
    bare = close.rstrip("=,|")
    start = len(text) - len(text.lstrip())
    whole = Span(start, start + len(text.strip()))
    for new, title in ((close, "delete the blanks"), (bare, f"write '{bare}'")):
        if new and new != text.strip() and conda_verdict.problem(new) is None:
            return (Fix(title, (Edit(whole, new),)),)
    return ()
