"""A value is not one of those that Azure ML takes.

## Why
The client refuses the file when it is loaded.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
auto_delete_setting:
  condition: never
  value: 30d
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
auto_delete_setting:
  condition: created_greater_than
  value: 30d
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..syntax.nodes import Scalar, follow
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_KEYWORDS = {"enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength", "format"}


@rule("value-not-allowed", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword not in _KEYWORDS or failure.path == ("os_type",) or failure.path[-1:] == ("port",):
        return  # os-type-invalid and inference-route-incomplete say it
    value = follow(failure.pair.value) if failure.pair else None
    shown = f" '{value.text}'" if isinstance(value, Scalar) else ""
    allowed = ", ".join(f"'{each}'" for each in failure.expected) if failure.keyword == "enum" else ""
    hint = f": it takes {allowed}" if allowed else ": the file is refused when it is loaded"
    yield Finding(failure.span, f"'{'.'.join(failure.path)}' does not take{shown}{hint}")
