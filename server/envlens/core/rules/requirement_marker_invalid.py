"""The condition of a requirement is none that pip can read.

## Why
Behind the `;` stands an environment marker: names such as `python_version` compared with quoted texts. pip stops at one
that it cannot read, with the whole list, whether or not the condition would hold.
Source: pip 23.2.1 and 26.3, run; PEP 508.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - tomli==2.0.1; python_version < 3.11
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - tomli==2.0.1; python_version < "3.11"
```

## Fix safety
Safe: puts quotes round a bare version, where nothing else can be meant.
"""

import re
from collections.abc import Iterator

from ..model.document import FileKind
from ..syntax import markers
from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_BARE = re.compile(r"\d+(\.\d+)*(?![\w.*])")


@rule("requirement-marker-invalid", on=Requirement, severity=Severity.ERROR)
def check(requirement: Requirement, ctx: Context) -> Iterator[Finding]:
    marker = requirement.text[requirement.marker_span.start : requirement.marker_span.end]
    if requirement.kind is not LineKind.REQUIREMENT or not requirement.marker or "$" in marker or "{" in marker:
        return
    found = markers.problem(marker)
    if found is None:
        return
    span = found.span.shift(requirement.marker_span.start)
    written = requirement.text[span.start : span.end]
    what = f"'{written}' where {found.wanted} belongs" if written else f"{found.wanted} is missing at the end"
    yield Finding(
        span,
        f"pip cannot read the condition '{marker.strip()}': {what}",
        _fixes(requirement, span.start, ctx.document.kind),
    )


def _fixes(requirement: Requirement, at: int, kind: FileKind) -> tuple[Fix, ...]:
    bare = _BARE.match(requirement.text, at)
    if not bare:
        return ()
    start, end = requirement.marker_span
    marker = requirement.text
    mended = marker[start : bare.start()] + "''" + marker[bare.end() : end]
    if markers.problem(mended) is not None:
        return ()
    # In YAML one of the two may end the entry; that fix is not offered there.
    quotes = '"' if kind is FileKind.REQUIREMENTS else "\"'"
    return tuple(Fix(f"write {q}{bare[0]}{q}", (Edit(Span(*bare.span()), q + bare[0] + q),)) for q in quotes)
