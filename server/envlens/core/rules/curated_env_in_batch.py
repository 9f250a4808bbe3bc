"""A batch deployment refers to a curated environment.

## Why
Batch deployments do not support Microsoft's curated environments. Define one of your own, with the image of the
curated one as its base if you like.
Source: Azure ML, Deploy models for scoring in batch endpoints.

## Bad
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: blue
endpoint_name: churn
environment: azureml:AzureML-sklearn-1.5:3
```

## Good
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: blue
endpoint_name: churn
environment: azureml:churn:3
```

## Fix safety
There is no fix: it needs an environment of your own.
"""

from collections.abc import Iterator

from ..model.job import Holder, HolderKind
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("curated-env-in-batch", on=Holder, severity=Severity.ERROR)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    if holder.kind is not HolderKind.BATCH_DEPLOYMENT:
        return
    reference = holder.reference
    if reference is not None and holder.refuses(reference):
        message = f"'{reference.text}' is a curated environment: batch deployments do not support them"
        yield Finding(reference.scalar.span, message)
