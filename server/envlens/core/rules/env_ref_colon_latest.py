"""The reference asks for a version called latest.

## Why
`latest` is a label and follows `@`: `azureml:name@latest`. Behind a colon it is the version with that very name, which
there hardly is.
Source: Azure ML, Troubleshoot environment issues; azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:latest
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn@latest
```

## Fix safety
Safe: it is what the reference says.
"""

from collections.abc import Iterator

from ..model.reference import PREFIX, Reference
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-ref-colon-latest", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if (
        reference.version != "latest"
        or reference.label is not None
        or not reference.is_literal
        or reference.malformation
    ):
        return
    better = f"{PREFIX}{reference.name}@latest"
    fixes = replace(reference.scalar, better, f"use '{better}'", safe=True)
    message = f"'{reference.text}' asks for a version called 'latest': the newest one is '@latest'"
    # What the service makes of curated names is not documented.
    severity = Severity.WARNING if reference.is_curated else None
    yield Finding(reference.scalar.span, message, fixes, severity)
