"""A file that the build needs is left out of the upload.

## Why
The client uploads the build context without what `.amlignore` in its root names; only where there is no `.amlignore`,
`.gitignore` counts. A local `docker build` knows neither, so it works there and fails in the cloud.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: context
```
```text context/.amlignore
Docker*
```
```dockerfile context/Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```text context/train.py
print("training")
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
```text context/train.py
print("training")
```

## Fix safety
There is no fix: change the ignore file, or add an `.amlignore`, which counts in place of `.gitignore`.
"""

from collections.abc import Iterator

from ..model.context import UPLOAD_IGNORES
from ..model.dockerfile import Dockerfile
from ..model.environment import Environment
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("context-file-ignored-on-upload", on=(Environment, Dockerfile), severity=Severity.ERROR)
def check(value: Environment | Dockerfile, ctx: Context) -> Iterator[Finding]:
    yield from _of_dockerfile(value, ctx) if isinstance(value, Dockerfile) else _of_definition(value, ctx)


def _of_dockerfile(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    context = ctx.build_context
    for copy in dockerfile.copies if context is not None else ():
        for source in copy.sources:
            looked = context.looked.get(source.text) if context is not None else None
            if looked is None or looked.hidden_by not in UPLOAD_IGNORES:
                continue
            remedy = " (a '.amlignore' would count in its place)" if looked.hidden_by == ".gitignore" else ""
            message = f"'{source.text}' is not uploaded: '{looked.hidden_by}' leaves it out{remedy}"
            yield Finding(source.span, f"{message}, and the build fails here")


def _of_definition(environment: Environment, ctx: Context) -> Iterator[Finding]:
    block = environment.context
    drawn = ctx.draw(block.folder) if block and block.folder else None
    if block is None or block.path is None or drawn is None or drawn.context is None or drawn.context.is_empty:
        return
    looked = drawn.context.looked.get(block.dockerfile)
    # A .dockerignore may name the Dockerfile: Docker takes it all the same.
    if looked is None or looked.hidden_by is None or looked.hidden_by != drawn.context.upload_ignore:
        return
    message = (
        f"'{looked.hidden_by}' of the build context leaves out '{block.dockerfile}': it is not uploaded, "
        "and the image build fails"
    )
    yield Finding((block.dockerfile_path or block.path).span, message)
