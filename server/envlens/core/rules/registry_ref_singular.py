"""The reference into a registry says environment, not environments.

## Why
One page of the documentation prints `/environment/`; everything else, and every sample, `/environments/`. The client
takes both, and what the service makes of the first is not documented.
Source: Azure ML, Manage environments; Azure/azureml-examples (178 of 178); azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/environment/sklearn-1.5/versions/3
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/environments/sklearn-1.5/versions/3
```

## Fix safety
Safe: it names the same environment.
"""

from collections.abc import Iterator

from ..model.reference import REGISTRIES, Reference, registry_parts
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("registry-ref-singular", on=Reference, severity=Severity.WARNING)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    parts = registry_parts(reference) if reference.is_literal else None
    if parts is None or parts.asset != "environment" or parts.by not in {"versions", "labels"}:
        return
    start = len(REGISTRIES) + len(parts.registry) + 1
    end = start + len(parts.asset)
    better = f"{reference.text[:end]}s{reference.text[end:]}"
    fixes = replace(reference.scalar, better, f"use '{better}'", safe=True)
    message = "references into a registry are written 'environments': the singular may not be found"
    yield Finding(reference.span_of(start, end), message, fixes)
