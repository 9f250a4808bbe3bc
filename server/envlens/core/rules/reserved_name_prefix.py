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

from ..model.environment import RESERVED_PREFIXES, Environment
from ..model.v1 import V1Environment
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("reserved-name-prefix", on=(Environment, V1Environment), severity=Severity.ERROR)
def check(environment: Environment | V1Environment, ctx: Context) -> Iterator[Finding]:
    value = environment.registered_name
    if value is None:
        return
    name = value.text
    for prefix in RESERVED_PREFIXES:
        if not name.lower().startswith(prefix.lower()):
            continue
        rest = name[len(prefix) :].lstrip("-_. ")
        better = (
            rest
            if rest[:1].isalnum() and not rest.lower().startswith(tuple(map(str.lower, RESERVED_PREFIXES)))
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
