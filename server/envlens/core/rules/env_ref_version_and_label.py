"""The reference has both a version and a label.

## Why
`azureml:name:1@latest` loads; the client then looks for an environment called `name:1`, and there is none.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3@latest
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
Unsafe: only you know which of the two is meant.
"""

from collections.abc import Iterator

from ..model.reference import PREFIX, Reference
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-ref-version-and-label", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.version is None or reference.label is None or not reference.is_well_formed:
        return
    name, scalar = f"{PREFIX}{reference.name}", reference.scalar
    version, label = f"{name}:{reference.version}", f"{name}@{reference.label}"
    fixes = (
        *replace(scalar, version, f"use '{version}'", safe=False),
        *(replace(scalar, label, f"use '{label}'", safe=False) if reference.label == "latest" else ()),
    )
    wanted = f"{reference.name}:{reference.version}"
    message = f"'{reference.text}' has a version and a label: the client looks for an environment called '{wanted}'"
    yield Finding(reference.span_of(*reference.label_span), message, fixes)
