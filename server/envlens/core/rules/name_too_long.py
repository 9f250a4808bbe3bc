"""The name is longer than the service takes.

## Why
A name has at most 255 characters. The client accepts a longer one; the service refuses to register it.
Source: Azure ML, Troubleshoot environment issues; Azure resource definitions, environments@2024-04-01-preview.

## Bad
```yaml environment.yml
name: churn-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix: only you can choose a name.
"""  # noqa: E501

from collections.abc import Iterator

from ..model.environment import Environment
from ..model.v1 import V1Environment
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_LONGEST = 255


@rule("name-too-long", on=(Environment, V1Environment), severity=Severity.ERROR)
def check(environment: Environment | V1Environment, ctx: Context) -> Iterator[Finding]:
    name = environment.registered_name
    if name is not None and len(name.text) > _LONGEST:
        message = (
            f"name '{name.text[:20]}…' has {len(name.text)} characters, {_LONGEST} are allowed: "
            "the service refuses to register it"
        )
        yield Finding(name.span, message)
