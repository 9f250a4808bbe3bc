"""The environment has no name.

## Why
`az ml environment create` refuses an environment without `name` when it loads the file.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn-train
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: the name is guessed from the folder or file.
"""

import re
from collections.abc import Iterator

from ..syntax.changes import insert_before
from ..syntax.nodes import Mapping
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_GENERIC = {"environment", "environments", "env", "envs", "conda", ""}


@rule("env-name-missing", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "required" or failure.path or failure.key != "name":
        return
    root = ctx.document.root
    if ctx.document.environment and ctx.document.environment.has_mistaken("name"):
        return
    fixes: tuple[Fix, ...] = ()
    if isinstance(root, Mapping) and root.block and root.pairs:
        line = f"name: {_guess(ctx.document.path)}"
        fixes = insert_before(ctx.document.source, root.pairs[0].key.span.start, line)
    yield Finding(failure.span, "the environment has no 'name': the file is refused when it is loaded", fixes)


def _guess(path: str) -> str:
    """From the file name, or from the nearest folder where the file name says nothing."""
    parts = path.replace("\\", "/").split("/")
    for part in (parts[-1].rpartition(".")[0], *reversed(parts[:-1])):
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-_")
        if name.lower() not in _GENERIC and not name.lower().startswith(("azureml", "microsoft")):
            return name
    return "my-environment"
