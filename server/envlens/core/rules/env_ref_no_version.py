"""The reference names no version.

## Why
`azureml:name` loads, and is refused when the job is sent: it needs `:version`, or `@latest` for the newest one. Curated
environments (`azureml:AzureML-…`) are left to the service, which takes the newest.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
Unsafe: the newest version may not be the one that was meant.
"""

from collections.abc import Iterator

from ..model.reference import Form, Reference
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-ref-no-version", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.form is not Form.SHORT or reference.is_curated or not reference.is_well_formed:
        return
    if reference.version is None and reference.label is None:
        better = f"{reference.text}@latest"
        fixes = replace(reference.scalar, better, f"use '{better}'", safe=False)
        message = f"'{reference.text}' names no version: it is refused when it is sent"
        yield Finding(reference.scalar.span, message, fixes)
