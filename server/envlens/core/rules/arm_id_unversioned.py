"""The id of an environment lacks a version.

## Why
An id of Azure refers to an environment only with `/versions/V` at its end, every part in the case that Azure prints. The
client refuses `/labels/…` and an id without a version.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/environments/churn
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/environments/churn/versions/3
```

## Fix safety
There is no fix: only you know the version.
"""  # noqa: E501

from collections.abc import Iterator

from ..model.reference import Reference, is_refused_id
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("arm-id-unversioned", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if not reference.is_literal or not is_refused_id(reference):
        return
    if "/labels/" in reference.text:
        what = "has a label"
    elif "/versions/" in reference.text:
        what = "is not written as Azure prints it"
    else:
        what = "names no version"
    message = f"the id of the environment {what}: it must end in '/versions/…', and is refused when it is loaded"
    yield Finding(reference.scalar.span, message)
