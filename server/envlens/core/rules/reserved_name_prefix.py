"""The name begins with a prefix that Microsoft keeps for itself.

## Why
`AzureML` and `Microsoft` mark curated environments. The service refuses to register such a name, long after the client
has accepted the file. Other spellings (`azureml-…`) are not documented either way, so they are a warning.
Source: Azure ML, Troubleshoot environment issues; Azure ML, What are environments.

## Bad
```yaml environment.yml
name: AzureML-churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: jobs that refer to the environment by its name have to follow.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..model.v1 import V1Environment
from ..syntax.changes import replace
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_PREFIXES = ("AzureML", "Microsoft")


@rule("reserved-name-prefix", on=(Environment, V1Environment), severity=Severity.ERROR)
def check(environment: Environment | V1Environment, ctx: Context) -> Iterator[Finding]:
    if isinstance(environment, Environment) and environment.holder and not environment.holder.keeps_name:
        return  # a job drops the name
    value = follow(environment.name.value) if environment.name else None
    if not isinstance(value, Scalar) or value.is_template or kind_of(value) != "str":
        return
    name = value.text
    for prefix in _PREFIXES:
        if not name.lower().startswith(prefix.lower()):
            continue
        rest = name[len(prefix) :].lstrip("-_. ")
        better = (
            rest
            if rest[:1].isalnum() and not rest.lower().startswith(tuple(map(str.lower, _PREFIXES)))
            else f"custom-{rest}".rstrip("-")
        )
        fixes = replace(value, better, f"rename to '{better}'", safe=False)
        if name.startswith(prefix):
            message = f"name '{name}' begins with the reserved prefix '{prefix}': the service refuses to register it"
            yield Finding(value.span, message, fixes)
        else:
            message = f"name '{name}' begins with '{name[: len(prefix)]}', which is reserved in the spelling '{prefix}'"
            yield Finding(value.span, message, fixes, Severity.WARNING)
        return
