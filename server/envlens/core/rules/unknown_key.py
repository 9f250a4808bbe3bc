"""A mapping inside the environment has a key that Azure ML does not know.

## Why
The client refuses the whole file for one unknown key.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: context
  args: {PYTHON: "3.12"}
```

## Good
```yaml environment.yml
name: churn
build:
  path: context
```

## Fix safety
Safe for a slip of the pen.
"""

from collections.abc import Iterator

from ..syntax.nodes import Mapping, find
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("unknown-key", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "additionalProperties" or not failure.path:
        return
    meant = nearest(failure.key, failure.expected)
    is_free = meant is not None and isinstance(failure.parent, Mapping) and find(failure.parent, meant) is None
    fixes = (Fix(f"rename to '{meant}'", (Edit(failure.span, meant),)),) if meant and is_free else ()
    allowed = ", ".join(f"'{key}'" for key in failure.expected)
    where = ".".join(failure.path)
    yield Finding(failure.span, f"'{where}' has no key '{failure.key}': it takes {allowed}", fixes)
