"""The Dockerfile is larger than Azure ML takes.

## Why
Azure ML's troubleshooting page sets the limit at 100 KB, its guide to environments at 1 MB. What is inside such a file
(data, scripts) belongs into the build context, from where COPY takes it.
Source: Azure ML, Troubleshoot environment issues; Manage environments.

## Bad
A Dockerfile of more than 100 KB.

## Good
```dockerfile Dockerfile
FROM ubuntu:22.04
COPY setup.sh /tmp/
RUN sh /tmp/setup.sh
```

## Fix safety
There is no fix: what to take out is not in the text.
"""

from collections.abc import Iterator

from ..model.dockerfile import Dockerfile
from ..model.document import FileKind
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

_SMALL = 100 * 1024
_LARGE = 1024 * 1024


@rule("dockerfile-too-large", on=Dockerfile, severity=Severity.WARNING)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    text = ctx.document.source.text
    # A character has four bytes at most.
    if len(text) * 4 <= _SMALL:
        return
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= _SMALL:
        return
    is_v1 = any(user.kind is FileKind.V1 for user in ctx.users)
    if size > _LARGE or is_v1:
        limit = "100 KB" if is_v1 else "1 MB"
        message = f"the Dockerfile has {size // 1024} KB, and Azure ML takes {limit}: the definition is refused"
        yield Finding(Span(0, 0), message, severity=Severity.ERROR)
    else:
        yield Finding(Span(0, 0), f"the Dockerfile has {size // 1024} KB: Azure ML may refuse more than 100 KB")
