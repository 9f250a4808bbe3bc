"""A pip requirement uses an operator that pip does not have.

## Why
`=` is conda's; pip wants `==`. pip refuses the whole list, after conda has spent its minutes on the rest of the image.
Source: pip 23.2.1 and 26.3, run.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - pandas=2.2.3
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - pandas==2.2.3
```

## Fix safety
Safe: what is written now installs nothing.
"""

from collections.abc import Iterator

from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_VALID = {"==", "===", "!=", "<=", ">=", "<", ">", "~="}
_MEANT = {"=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=", "=~": "~=", "!": "!=", "~": "~="}


@rule("pip-invalid-operator", on=Requirement, severity=Severity.ERROR)
def check(requirement: Requirement, ctx: Context) -> Iterator[Finding]:
    if requirement.kind is not LineKind.REQUIREMENT:
        return
    for each in requirement.specifiers:
        if each.operator.startswith("==="):
            continue  # arbitrary equality: pip compares text, and any text will do
        if each.operator not in _VALID:
            meant = _MEANT.get(each.operator)
            fixes = (Fix(f"use '{meant}'", (Edit(each.operator_span, meant),)),) if meant and each.version else ()
            hint = f", it has '{meant}'" if meant else ""
            yield Finding(
                each.operator_span, f"pip has no operator '{each.operator}'{hint}: the build fails here", fixes
            )
            return
        if not each.version:
            yield Finding(each.operator_span, f"no version follows '{each.operator}': the build fails here")
            return
    if requirement.rest:
        start = requirement.text.find(requirement.rest, requirement.name_span.end)
        span = Span(start, start + len(requirement.rest)) if start >= 0 else requirement.name_span
        yield Finding(
            span, f"pip cannot read '{requirement.rest}' in '{requirement.text.strip()}': the build fails here"
        )
