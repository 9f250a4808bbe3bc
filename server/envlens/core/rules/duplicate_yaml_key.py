"""A key stands twice in one mapping.

## Why
The client takes the last one and says nothing; the earlier value is lost.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
name: churn-train
```

## Good
```yaml environment.yml
name: churn-train
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe: deletes the earlier pair, which has no effect.
"""

from collections.abc import Iterator

from ..model.document import Document
from ..syntax.changes import delete_lines
from ..syntax.nodes import Scalar
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, rule


@rule("duplicate-yaml-key", on=Document, severity=Severity.WARNING)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    for duplicate in document.tree.duplicates:
        key = duplicate.earlier.key
        name = key.text if isinstance(key, Scalar) else ""
        fixes = delete_lines(document.source, duplicate.earlier.span, f"delete this '{name}'", safe=True)
        line, _ = document.source.lines.position(duplicate.later.span.start)
        yield Finding(
            key.span,
            f"'{name}' is set again on line {line + 1}: this value is lost",
            fixes,
            related=(Related(document.path, duplicate.later.key.span, "this one counts"),),
        )
