"""YAML changes the version before Azure ML sees it.

## Why
An unquoted `1.10` is the number 1.1 and is registered as version "1.1"; `010` becomes "8", `true` becomes "True". A
date is refused. `1` and `1.0` stay what they are.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
version: 1.10
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
version: "1.10"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe: the version becomes what is written.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import quote
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of, value_of
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-version-coerced", on=Environment, severity=Severity.WARNING)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    value = follow(environment.version.value) if environment.version and environment.keeps_name else None
    if not isinstance(value, Scalar) or not value.is_plain:
        return
    fixes = quote(value)
    kind = kind_of(value)
    if kind == "timestamp":
        yield Finding(
            value.span,
            f"version {value.text} is a date to YAML: the file is refused when it is loaded",
            fixes,
            Severity.ERROR,
        )
    elif kind in {"int", "float", "bool"} and str(value_of(value)) != value.text:
        read = value_of(value)
        message = f'unquoted version {value.text} is read as {read}: the environment gets version "{read}"'
        yield Finding(value.span, message, fixes)
