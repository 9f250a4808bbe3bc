"""The name has characters that the service does not take.

## Why
A name consists of letters, digits, `-` and `_`, and begins with a letter or digit. The client checks none of it; the
service refuses to register anything else. A dot is not in the documented pattern either, yet curated environments
have it (`sklearn-1.5`): it is only mentioned.
Source: Azure resource definitions, environments@2024-04-01-preview; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn model
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn-model
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: jobs that refer to the environment by its name have to follow.
"""

import re
from collections.abc import Iterator

from ..model.environment import Environment
from ..model.v1 import V1Environment
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_BAD = re.compile(r"[^A-Za-z0-9_.-]")
_FIRST = re.compile(r"[A-Za-z0-9]")


@rule("env-name-characters", on=(Environment, V1Environment), severity=Severity.ERROR)
def check(environment: Environment | V1Environment, ctx: Context) -> Iterator[Finding]:
    scalar = environment.registered_name
    if scalar is None or not scalar.text or ctx.document.source.problem:
        return
    name = scalar.text
    bad = _BAD.search(name)
    better = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")
    fixes = replace(scalar, better, f"rename to '{better}'", safe=False) if better else ()
    if bad is not None:
        what = f"the character '{bad[0]}'" if bad[0].isprintable() and bad[0] != " " else "white space"
        message = (
            f"name '{name}' has {what}: the service takes letters, digits, '-' and '_', and refuses to register it"
        )
        yield Finding(scalar.span_of(*bad.span()), message, fixes)
    elif not _FIRST.match(name):
        message = f"name '{name}' does not begin with a letter or digit: the service refuses to register it"
        yield Finding(scalar.span_of(0, 1), message, fixes)
    elif "." in name:
        at = name.index(".")
        message = f"name '{name}' has a dot: the documented pattern for names has none, though curated names do"
        yield Finding(scalar.span_of(at, at + 1), message, severity=Severity.INFO)
