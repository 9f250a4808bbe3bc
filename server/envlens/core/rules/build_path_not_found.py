"""The build context does not exist.

## Why
`build.path` is a folder, taken from the folder of this file, or an address that begins with `https://`, `http://`,
`ftp://` or `ftps://`. The client refuses everything else, `git@…` too.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: contxt
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
Unsafe: a folder with a similar name is only likely to be meant.
"""

import re
from collections.abc import Iterator

from ..model.environment import Environment, is_address
from ..model.facts import FileState
from ..syntax.changes import replace
from ..text.diagnostic import Finding, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

# marshmallow's Url: these schemes in any case.
_ACCEPTED = re.compile(r"(?i)(https?|ftps?)://.")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@rule("build-path-not-found", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    path = environment.context.path if environment.context else None
    if path is None or _DRIVE.match(path.text):
        return  # a Windows drive: nothing can be said on another machine
    if is_address(path.text):
        if not _ACCEPTED.match(path.text):
            message = (
                f"build context '{path.text}' is neither a folder nor an http, https or ftp address: "
                "the file is refused when it is loaded"
            )
            yield Finding(path.span, message)
        return
    drawn = ctx.draw(path.text)
    if drawn is None:
        return
    if drawn.state is FileState.OUTSIDE:
        yield NotRun(f"build context '{path.text}' {drawn.state.obstacle}")
    if drawn.state is FileState.MISSING:
        meant = nearest(path.text.rstrip("/"), drawn.nearby, cutoff=0.6)
        fixes = replace(path, meant, f"use '{meant}'", safe=False) if meant else ()
        message = f"build context '{path.text}' does not exist: the file is refused when it is loaded"
        yield Finding(path.span, message, fixes)
