"""The conda file is empty.

## Why
The client refuses `conda_file:` without a value. An empty text, `{}` or `false` it takes for no conda file at all: the
image is used as it is, without the packages that were meant.
Source: azure-ai-ml 1.35.2, run; Azure ML, Troubleshoot environment issues.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe where an empty value is deleted, which has no effect; there is none for a `conda_file:` without a value.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import delete_lines
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("conda-spec-missing", on=(Environment, SchemaFailure), severity=Severity.ERROR)
def check(value: Environment | SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, SchemaFailure):
        found = follow(value.pair.value) if value.pair and value.path == ("conda_file",) else None
        if isinstance(found, Scalar) and kind_of(found) == "null":
            yield Finding(value.span, "'conda_file' is empty: the file is refused when it is loaded")
        return
    pair = value.conda_file
    if pair is None or not value.is_conda_empty or not value.is_whole:
        return
    fixes = delete_lines(ctx.document.source, pair.span, "delete 'conda_file'", safe=True)
    message = "'conda_file' is empty: it counts as none, and no packages are installed"
    yield Finding(pair.key.span, message, fixes, Severity.WARNING)
