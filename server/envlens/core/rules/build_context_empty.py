"""Nothing of the build context would be uploaded.

## Why
The client uploads the folder without what `.amlignore` names, or `.gitignore` where there is no `.amlignore`, and stops
with an error where no file is left.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: context
```
```text context/.amlignore
*
```
```dockerfile context/Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
build:
  path: context
```
```text context/.amlignore
*.log
```
```dockerfile context/Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("build-context-empty", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    block = environment.context
    drawn = ctx.draw(block.folder) if block and block.folder else None
    if block is None or block.path is None or drawn is None or drawn.context is None or not drawn.context.is_empty:
        return
    ignore = drawn.context.upload_ignore
    why = f" beside what '{ignore}' leaves out" if ignore else ""
    message = f"build context '{block.path.text}' has no files{why}: the upload fails"
    yield Finding(block.path.span, message)
