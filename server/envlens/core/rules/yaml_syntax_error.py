"""The file is not one YAML document.

## Why
The client refuses a file that it cannot read. Only the first error is shown, the rest of the file is still checked.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.document import Document
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("yaml-syntax-error", on=Document, severity=Severity.ERROR)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    if document.source.problem:
        return  # utf8-decode-error says it, and what follows from it is no news
    for problem in document.tree.problems:
        if problem.limit:
            message = f"{problem.message}: the rest of the file is not checked"
            yield Finding(problem.span, message, severity=Severity.WARNING)
        elif document.is_template:
            message = "not YAML before the template is filled in: parts of the file are not checked"
            yield Finding(problem.span, message, severity=Severity.INFO)
        else:
            yield Finding(problem.span, f"{problem.message}: the file is refused when it is loaded")
