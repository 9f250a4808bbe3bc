"""The environment has both a conda file and a build context.

## Why
A conda file is built on top of `image`; the packages of a build context come from its Dockerfile. The client sends both
without a word, and no conda environment comes of it: v1 of the service refuses the pair by name.
Source: Azure ML, Environment YAML; Troubleshoot environment issues; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: .
conda_file:
  dependencies: [python=3.12]
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  dependencies: [python=3.12]
```

## Fix safety
Unsafe: only you know which of the two is meant.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import delete_lines
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("conda-file-with-build", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    conda = environment.conda_file
    if conda is None or environment.context is None or environment.image_pair or environment.is_conda_empty:
        return
    value = follow(conda.value)
    if isinstance(value, Scalar) and kind_of(value) == "null":
        return  # conda-spec-missing says it
    source = ctx.document.source
    fixes = delete_lines(source, conda.span, "delete 'conda_file'", safe=False)
    message = "'conda_file' goes with 'image', not with 'build': packages of a build context come from its Dockerfile"
    yield Finding(conda.key.span, message, fixes)
