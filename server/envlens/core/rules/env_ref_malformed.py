"""The reference has none of the forms that there are.

## Why
A reference is `azureml:name:version`, `azureml:name@latest`, an id of Azure behind `azureml:`, or
`azureml://registries/…`. The client takes much else when it loads a job (an empty name, a blank, `azureml://feeds/…`)
and fails when it sends it.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: "azureml:churn:"
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.reference import Reference
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-ref-malformed", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    wrong = reference.malformation if reference.is_literal else None
    if wrong is not None:
        message = f"'{reference.text}' is no reference to an environment: {wrong}"
        yield Finding(reference.scalar.span, message)
    elif reference.is_literal and ":" in (reference.version or ""):
        message = f"'{reference.text}' asks for a version called '{reference.version}', which there hardly is"
        yield Finding(reference.scalar.span, message, severity=Severity.WARNING)
