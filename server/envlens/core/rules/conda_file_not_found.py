"""The conda file does not exist.

## Why
The path is taken from the folder of the environment YAML. The client refuses a path that names no file; it does not
understand `file:` in front of it. In a Dockerfile, `conda env create -f` sees the files of the image: a COPY before the
RUN must bring the file.
Source: azure-ai-ml 1.35.2, run; Docker 20.10 with and without BuildKit, run with `cat` in the place of conda.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file: conda-train.yml
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file: train.yml
```
```yaml train.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
```

## Fix safety
Unsafe: a file with a similar name is only likely to be meant.
"""

from collections.abc import Iterator

from ..model import taken
from ..model.dockerfile import Dockerfile
from ..model.environment import Environment
from ..model.facts import FileState
from ..syntax.changes import replace
from ..text.diagnostic import Finding, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("conda-file-not-found", on=(Environment, Dockerfile), severity=Severity.ERROR)
def check(value: Environment | Dockerfile, ctx: Context) -> Iterator[Finding | NotRun]:
    yield from _of_definition(value, ctx) if isinstance(value, Environment) else _of_dockerfile(value, ctx)


def _of_dockerfile(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    for each in dockerfile.conda_files:
        defect = taken.defect(each, dockerfile, ctx.build_context)
        if defect is not None:
            yield Finding(each.word.span, f"{defect}: the build fails here")


def _of_definition(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    path = environment.conda_path
    drawn = ctx.draw(path.text) if path else None
    if path is None or drawn is None:
        return
    if drawn.state is FileState.OUTSIDE:
        yield NotRun(f"conda file '{path.text}' {drawn.state.obstacle}")
    if drawn.state not in {FileState.MISSING, FileState.DIRECTORY}:
        return
    meant = drawn.nearby[0] if len(drawn.nearby) == 1 else nearest(path.text, drawn.nearby, cutoff=0.5)
    fixes = replace(path, meant, f"use '{meant}'", safe=False) if meant else ()
    if drawn.state is FileState.DIRECTORY:
        message = f"conda file '{path.text}' is a folder: the file is refused when it is loaded"
    else:
        message = f"conda file '{path.text}' does not exist: the file is refused when it is loaded"
    yield Finding(path.span, message, fixes)
