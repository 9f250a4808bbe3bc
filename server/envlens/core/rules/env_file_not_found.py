"""The environment file that is referred to does not exist.

## Why
`file:` takes an environment YAML, its path counted from the folder of this file. The client refuses a path that
names no file.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: file:envs/churn.yml
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: file:churn.yml
```
```yaml churn.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: a file with a similar name is only likely to be meant.
"""

from collections.abc import Iterator

from ..model.facts import FileState
from ..model.reference import Reference
from ..syntax.changes import replace
from ..text.diagnostic import Finding, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("env-file-not-found", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding | NotRun]:
    path = reference.path
    drawn = ctx.draw(path) if path else None
    if path is None or drawn is None:
        return
    if drawn.state is FileState.OUTSIDE:
        yield NotRun(f"environment file '{path}' {drawn.state.obstacle}")
    if drawn.state not in {FileState.MISSING, FileState.DIRECTORY}:
        return
    meant = nearest(path, [each for each in drawn.nearby if each.endswith((".yml", ".yaml"))], cutoff=0.6)
    fixes = replace(reference.scalar, f"file:{meant}", f"use '{meant}'", safe=False) if meant else ()
    what = "is a folder" if drawn.state is FileState.DIRECTORY else "does not exist"
    message = f"environment file '{path}' {what}: the file is refused when it is loaded"
    yield Finding(reference.span_of(len(reference.text) - len(path), len(reference.text)), message, fixes)
