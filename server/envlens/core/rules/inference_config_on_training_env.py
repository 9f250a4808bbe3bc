"""The inference routes of an environment that only jobs use.

## Why
`inference_config` tells an online deployment with a container of its own where to reach it. For jobs, components and
batch deployments it means nothing. Said only where something in the folder uses the environment, and nothing online.
Source: Azure ML, CLI (v2) environment YAML schema.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
version: "3"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
  liveness_route: {port: 8080, path: /live}
  readiness_route: {port: 8080, path: /ready}
  scoring_route: {port: 8080, path: /score}
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
version: "3"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
There is no fix: a deployment elsewhere may use it.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..model.job import HolderKind
from ..syntax.nodes import find
from ..text.diagnostic import Finding, Related, Severity
from ._rule import MOST_USES, Context, rule

_ONLINE = frozenset(
    {HolderKind.ONLINE_DEPLOYMENT, HolderKind.KUBERNETES_DEPLOYMENT, HolderKind.DEPLOYMENT_TEMPLATE, None}
)


@rule("inference-config-on-training-env", on=Environment, severity=Severity.INFO)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    if environment.holder is not None:
        return
    pair = find(environment.node, "inference_config")
    if pair is None or not ctx.uses or any(use.holder in _ONLINE for use in ctx.uses):
        return
    if len(ctx.uses) >= MOST_USES:
        return  # there may be more, and one of them a deployment
    kinds = " and ".join(dict.fromkeys(f"{use.holder}s" for use in ctx.uses))
    message = f"'inference_config' is for online deployments, and in this folder only {kinds} use this environment"
    related = tuple(Related(use.path, use.span, f"used by this {use.holder}") for use in ctx.uses)
    yield Finding(pair.key.span, message, related=related)
