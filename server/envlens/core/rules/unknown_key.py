"""A mapping inside the environment has a key that Azure ML does not know.

## Why
The client refuses the whole file for one unknown key.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
auto_delete_setting:
  condition: created_greater_than
  values: 30d
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
auto_delete_setting:
  condition: created_greater_than
  value: 30d
```

## Fix safety
Safe for a slip of the pen.
"""

from collections.abc import Iterator

from ..model.environment import is_guessable
from ..syntax.changes import rename
from ..syntax.nodes import Mapping
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("unknown-key", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "additionalProperties" or not failure.path or failure.path == ("build",):
        return  # env-unknown-key and build-unknown-key say it
    if failure.key == "startup_route":
        return  # inference-startup-route says it
    fixes: tuple[Fix, ...] = ()
    if failure.pair and isinstance(failure.parent, Mapping) and is_guessable(failure.parent):
        fixes = rename(failure.parent, failure.pair.key, lambda key: _meant(key, failure.expected), safe=True)
    allowed = ", ".join(f"'{key}'" for key in failure.expected)
    where = ".".join(failure.path)
    yield Finding(failure.span, f"'{where}' has no key '{failure.key}': it takes {allowed}", fixes)


def _meant(key: str, known: tuple[str, ...]) -> str | None:
    return None if key in known or ":" in key else nearest(key.lower(), known, cutoff=0.7)
