"""The inference configuration has a startup route.

## Why
The REST interface of the service knows `startup_route`; the client does not, and refuses the file.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
  startup_route: {port: 5001, path: /}
  liveness_route: {port: 5001, path: /}
  readiness_route: {port: 5001, path: /}
  scoring_route: {port: 5001, path: /score}
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
  liveness_route: {port: 5001, path: /}
  readiness_route: {port: 5001, path: /}
  scoring_route: {port: 5001, path: /score}
```

## Fix safety
Unsafe: the container is no longer asked whether it has started.
"""

from collections.abc import Iterator

from ..syntax.changes import delete_lines
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("inference-startup-route", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.path != ("inference_config",) or failure.key != "startup_route" or failure.pair is None:
        return
    fixes = delete_lines(ctx.document.source, failure.pair.span, "delete 'startup_route'", safe=False)
    yield Finding(failure.span, "the client knows no 'startup_route': the file is refused when it is loaded", fixes)
