"""The path of the Dockerfile leads out of the build context.

## Why
`dockerfile_path` counts from `build.path`, and only that folder is uploaded: a file elsewhere is not there when the
image is built.
Source: Azure ML, Environment YAML; Troubleshoot environment issues.

## Bad
```yaml environment.yml
name: churn
build:
  path: context
  dockerfile_path: ../Dockerfile
```
```text context/train.py
print("training")
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
build:
  path: .
  dockerfile_path: Dockerfile
```
```text context/train.py
print("training")
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix: either the Dockerfile moves or the build context grows.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("dockerfile-path-outside-context", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    block = environment.context
    if block is None or block.dockerfile_path is None or not block.leaves_context:
        return
    path = block.dockerfile_path.text
    what = "is absolute" if not path.startswith(".") and ".." not in path else "leads out of the build context"
    message = f"dockerfile_path '{path}' {what}: it counts from 'path', and nothing else is uploaded"
    yield Finding(block.dockerfile_path.span, message)
