"""The reference into a registry names something other than an environment.

## Why
The client takes any `azureml://registries/…` here. A model or component cannot be run in.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/models/churn/versions/3
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/environments/churn/versions/3
```

## Fix safety
Unsafe, and only for a slip of the pen: another asset has another name and version.
"""

from collections.abc import Iterator

from ..model.reference import REGISTRIES, Reference, registry_parts
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("registry-ref-wrong-asset", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    parts = registry_parts(reference) if reference.is_literal else None
    if parts is None or parts.asset in {"environments", "environment"} or parts.by not in {"versions", "labels"}:
        return
    start = len(REGISTRIES) + len(parts.registry) + 1
    better = reference.text[:start] + "environments" + reference.text[start + len(parts.asset) :]
    is_slip = nearest(parts.asset.lower(), ("environments",), cutoff=0.75) is not None
    fixes = replace(reference.scalar, better, f"use '{better}'", safe=False) if is_slip else ()
    message = f"'{parts.asset}' of a registry is not 'environments': the service finds nothing to run in"
    yield Finding(reference.span_of(start, start + len(parts.asset)), message, fixes)
