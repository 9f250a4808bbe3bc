"""The reference has a label that Azure ML does not know.

## Why
The client resolves the label `latest` only; with another one the job is refused when it is sent. Curated environments
(`azureml:AzureML-…`) are left to the service.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn@prod
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn@latest
```

## Fix safety
Unsafe: the newest version may not be the one that was meant.
"""

from collections.abc import Iterator

from ..model.reference import PREFIX, Reference
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-ref-unknown-label", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.label in {None, "latest"} or reference.version is not None or reference.is_curated:
        return
    if not reference.is_well_formed:
        return
    better = f"{PREFIX}{reference.name}@latest"
    fixes = replace(reference.scalar, better, f"use '{better}'", safe=False)
    message = f"label '{reference.label}' is not known, only 'latest' is: the reference is refused when it is sent"
    yield Finding(reference.span_of(*reference.label_span), message, fixes)
