"""make is called where there is no makefile.

## Why
RUN sees the files of the image, in the folder that WORKDIR and `cd` say: nothing of the build context is there unless a
COPY before brings it. make stops with `No rule to make target 'all'`, or, where no target is named, with `No targets
specified and no makefile found`.
Source: Azure ML, Troubleshoot environment issues; GNU make 4.3 in Docker 20.10 on a minimal Debian 12, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12
COPY requirements.txt .
RUN make all
```
```text Makefile
all: ; touch /built
```
```requirements requirements.txt
idna==3.7
```

## Good
```dockerfile Dockerfile
FROM python:3.12
COPY requirements.txt Makefile ./
RUN make all
```
```text Makefile
all: ; touch /built
```
```requirements requirements.txt
idna==3.7
```

## Fix safety
There is no fix: where the makefile lies in the build context, only you can say.
"""

from collections.abc import Iterator

from ..model import taken
from ..model.dockerfile import Dockerfile
from ..model.flow import Failure, failure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("make-no-makefile", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if not dockerfile.makes or "MAKEFILES" in ctx.document.source.text:
        return
    for each in dockerfile.makes:
        if failure(each.instruction, each.at) is not Failure.ENDS_BUILD:
            continue
        if all(taken.is_absent(origin, ctx.build_context) for origin in each.origins):
            yield Finding(
                each.command.words[0].span,
                f"no makefile is in '{each.directory}' when make is called: the build fails here",
            )
