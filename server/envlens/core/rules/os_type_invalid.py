"""The operating system is neither linux nor windows.

## Why
`os_type` takes `linux` (the default) or `windows`, in any case; the client refuses everything else.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
os_type: macos
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
os_type: linux
```

## Fix safety
Unsafe: the default is offered unless another value is close.
"""

from collections.abc import Iterator

from ..syntax.changes import replace
from ..syntax.nodes import Scalar, follow
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("os-type-invalid", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.path != ("os_type",) or failure.pair is None:
        return
    value = follow(failure.pair.value)
    if not isinstance(value, Scalar) or not value.text:
        yield Finding(failure.span, "'os_type' must be 'linux' or 'windows'")
        return
    meant = nearest(value.text.lower(), ("linux", "windows")) or "linux"
    fixes = replace(value, meant, f"use '{meant}'", safe=False)
    message = f"os_type '{value.text}' is not allowed: it must be 'linux' or 'windows'"
    yield Finding(failure.span, message, fixes)
