"""The environment is written in the v1 format.

## Why
The v1 SDK has not been supported since 2026-06-30, the v1 command line since 2025-09-30, so what loads this file is no
longer mended. The v2 form is an environment YAML: `docker.baseImage` becomes `image`, `python.condaDependencies`
becomes `conda_file`, a Dockerfile becomes `build` with `path` and `dockerfile_path`; variables move into the job.
Source: Azure ML, deprecation notices of SDK v1 and CLI v1.

## Bad
```json azureml_environment.json
{"name": "churn", "docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"}}
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator
from datetime import date

from ..model.v1 import V1Environment
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

_END = date(2026, 6, 30)


@rule("v1-format-retired", on=V1Environment, severity=Severity.INFO)
def check(environment: V1Environment, ctx: Context) -> Iterator[Finding]:
    start = environment.node.span.start
    key = environment.node.pairs[0].key.span if environment.node.pairs else Span(start, start + 1)
    ended = f"has not been supported since {_END}" if ctx.facts.today > _END else f"is supported until {_END}"
    yield Finding(key, f"this is the v1 format, whose SDK {ended}: write it as v2 environment YAML")
