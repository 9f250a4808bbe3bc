"""The inference configuration lacks a route.

## Why
`inference_config` needs all three: `liveness_route`, `readiness_route` and `scoring_route`. The client refuses the
file.
Source: Azure ML, Environment YAML; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
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
Unsafe: port and path are guessed.
"""

from collections.abc import Iterator

from ..model.environment import ROUTES
from ..syntax.changes import insert_before
from ..syntax.nodes import Mapping, key_text
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

_MAX_GUESSED = 50


@rule("inference-route-missing", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if (
        failure.keyword != "required"
        or failure.path != ("inference_config",)
        or not isinstance(failure.parent, Mapping)
    ):
        return
    node = failure.parent
    unknown = {key for key in map(key_text, node.pairs[:_MAX_GUESSED]) if key} - set(ROUTES)
    if nearest(failure.key, unknown, cutoff=0.8):
        return  # misspelt: that is said
    fixes: tuple[Fix, ...] = ()
    if node.block and node.pairs:
        path = "/score" if failure.key == "scoring_route" else "/"
        line = f"{failure.key}: {{port: 5001, path: {path}}}"
        fixes = insert_before(ctx.document.source, node.pairs[0].key.span.start, line)
    message = f"'inference_config' has no '{failure.key}': the file is refused when it is loaded"
    yield Finding(failure.span, message, fixes)
