"""The environment has both an image and a build context.

## Why
An environment starts from an image or from a Dockerfile. The client loads the file and refuses it when it is sent.
Source: azure-ai-ml 1.35.2, run; Azure ML, Troubleshoot environment issues.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
build:
  path: context
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
```dockerfile context/Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: only you know which of the two is meant.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import delete_lines
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("docker-options-conflict", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    image, build = environment.image_pair, environment.build
    if image is None or build is None or (environment.image is not None and not environment.image.text):
        return
    source = ctx.document.source
    # A conda file needs the image.
    has_conda = environment.conda_file is not None
    delete_image = () if has_conda else delete_lines(source, image.span, "delete 'image'", safe=False)
    delete_build = delete_lines(source, build.span, "delete 'build'", safe=False)
    fixes = (*delete_image, *delete_build)
    message = "'image' and 'build' exclude each other: the environment is refused when it is sent"
    yield Finding(max(image, build, key=lambda pair: pair.span.start).key.span, message, fixes)
