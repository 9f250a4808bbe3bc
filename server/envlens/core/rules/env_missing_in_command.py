"""A command has no environment.

## Why
Command jobs and components, the trial of a sweep and the task of a parallel step run in an environment. The client
refuses the file where they have none, or an empty one. Deployments and steps that name a component may leave it out.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
compute: azureml:cpu-cluster
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
compute: azureml:cpu-cluster
environment: azureml:churn:3
```

## Fix safety
There is no fix: only you know which environment it needs.
"""

from collections.abc import Iterator

from ..model.job import Holder
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("env-missing-in-command", on=Holder, severity=Severity.ERROR)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    if not holder.is_required or not ctx.document.is_whole or holder.node.is_template:
        return
    value = follow(holder.pair.value) if holder.pair else None
    if holder.pair is None:
        span = holder.node.pairs[0].key.span if holder.node.pairs else holder.node.span
        message = f"the {holder.kind.value} has no 'environment': the file is refused when it is loaded"
        yield Finding(span, message)
    elif isinstance(value, Scalar) and kind_of(value) == "null":
        message = f"'environment' of the {holder.kind.value} is empty: the file is refused when it is loaded"
        yield Finding(holder.pair.key.span, message)
