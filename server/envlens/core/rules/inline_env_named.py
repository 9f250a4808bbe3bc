"""An environment that is written inside a job has a name or version.

## Why
Jobs and components register an inline environment anonymously; its name and version are dropped with a warning. To give
it a name, register it from a file of its own and refer to it. (Deployments do keep them.)
Source: Azure ML, Manage environments; azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
compute: azureml:cpu-cluster
environment:
  name: churn
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
compute: azureml:cpu-cluster
environment:
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe: what is deleted has no effect.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import delete_lines
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("inline-env-named", on=Environment, severity=Severity.WARNING)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    if environment.keeps_name or environment.holder is None:
        return
    for key, pair in (("name", environment.name), ("version", environment.version)):
        if pair is None or pair not in environment.node.pairs:
            continue
        fixes = delete_lines(ctx.document.source, pair.span, f"delete '{key}'", safe=True)
        holder = environment.holder.kind.value
        message = f"'{key}' has no effect here: a {holder} registers its environment anonymously"
        yield Finding(pair.key.span, message, fixes)
