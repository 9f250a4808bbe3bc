"""A package is held only to a range, not to one version or series.

## Why
`>=1.26` is a constraint, and the build on another day can still bring another version. `~=1.4`, `==1.*` and conda's
`=1.26` hold a package to one series and are left alone.
Source: Azure ML, What are environments.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy>=1.26
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=1.26
```

## Fix safety
There is no fix: the right version is not in the text.
"""

from collections.abc import Iterator

from ..model.document import FileKind
from ..syntax.conda_verdict import problem
from ..syntax.matchspec import MatchSpec
from ..syntax.pins import Pin
from ..syntax.requirements import Requirement
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_OPERATORS = {"==", "===", "!=", "<=", ">=", "<", ">", "~="}


@rule("not-exactly-pinned", on=(MatchSpec, Requirement, RequirementsFile), severity=Severity.INFO)
def check(value: MatchSpec | Requirement | RequirementsFile, ctx: Context) -> Iterator[Finding]:
    if not isinstance(value, RequirementsFile):
        if ctx.document.kind is not FileKind.REQUIREMENTS:  # there, it depends on what the file is for
            yield from _entry(value)
    elif not ctx.is_constraints_file and not (ctx.document.path.endswith(".in") and not ctx.users):
        for line in value.lines:
            if line.requirement is not None and line.wrong is None:
                for finding in _entry(line.requirement, "pip"):
                    yield finding._replace(span=line.joined.span_of(*finding.span))


def _entry(entry: MatchSpec | Requirement, chooser: str = "the build") -> Iterator[Finding]:
    if entry.pin is not Pin.RANGE or entry.name in {"pip", "python"}:
        return
    if isinstance(entry, Requirement):
        if entry.rest or any(each.operator not in _OPERATORS or not each.version for each in entry.specifiers):
            return
        span = entry.constraint_span
    elif problem(entry.text):
        return  # conda-bad-spec says it
    else:
        span = entry.version_span
    name = entry.text[entry.name_span.start : entry.name_span.end]
    constraint = entry.text[span.start : span.end]
    yield Finding(span, f"'{constraint}' admits more than one version of '{name}': {chooser} chooses")
