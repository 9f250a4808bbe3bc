"""The version cannot be written in a reference.

## Why
Jobs refer to a version as `azureml:name:version`. The client refuses a reference with `/`, takes what follows an `@`
for a label, and with `:` or a blank it is easily misread. `latest` looks like the label, which is written
`azureml:name@latest` and means another thing.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
version: "2026/11"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
version: "2026-11"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix: only you can choose a version.
"""

import re
from collections.abc import Iterator

from ..model.environment import Environment
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_BAD = re.compile(r"[/@:\s]")


@rule("env-version-unsafe", on=Environment, severity=Severity.WARNING)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    version = environment.registered_version
    if version is None:
        return
    bad = _BAD.search(version.text)
    if bad is not None:
        what = f"'{bad[0]}'" if not bad[0].isspace() else "white space"
        message = f"version '{version.text}' has {what}: references 'azureml:name:version' are not made for it"
        yield Finding(version.span_of(*bad.span()), message)
    elif version.text == "latest":
        message = "version 'latest' is easily taken for the label: 'azureml:name@latest' is the newest version"
        yield Finding(version.span, message)
