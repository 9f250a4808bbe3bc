"""The build context is a file.

## Why
`build.path` is the folder that is uploaded, with the Dockerfile in it. The client lets a file through; there is no
folder to build from then.
Source: Azure ML, Environment YAML; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: context/Dockerfile
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
Unsafe: it takes the folder of the file for the build context.
"""

from collections.abc import Iterator

from ..model.document import FileKind, kind_by_name
from ..model.environment import BuildBlock, Environment
from ..model.facts import FileState
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("build-path-is-file", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    block = environment.context
    drawn = ctx.draw(block.folder) if block and block.folder else None
    if (
        block is None
        or block.path is None
        or drawn is None
        or drawn.state not in {FileState.PRESENT, FileState.TOO_LARGE}
    ):
        return
    message = f"build context '{block.path.text}' is a file, not the folder of a Dockerfile: the image build fails"
    yield Finding(block.path.span, message, _fixes(block))


def _fixes(block: BuildBlock) -> tuple[Fix, ...]:
    """The folder in place of the Dockerfile, where that has the name that is looked for."""
    folder, _, name = block.path.text.rpartition("/") if block.path else ("", "", "")
    if block.path is None or kind_by_name(name) is not FileKind.DOCKERFILE or name != block.dockerfile:
        return ()
    return replace(block.path, folder or ".", f"use the folder '{folder or '.'}'", safe=False)
