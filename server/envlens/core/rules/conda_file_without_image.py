"""The environment has a conda file but no base image.

## Why
The conda environment is built on top of an image, and v2 has no default one: the environment is refused when sent.
(Spark needs no image: the client puts in one of its own.)
Source: azure-ai-ml 1.35.2, run; Azure ML, Manage environments.

## Bad
```yaml environment.yml
name: churn
conda_file:
  dependencies:
    - python=3.12
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  dependencies:
    - python=3.12
```

## Fix safety
Unsafe: it inserts a supported image, which may not be the one you need.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import insert_before
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("conda-file-without-image", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    pair = environment.conda_file
    if pair is None or not environment.is_whole or environment.image_pair or environment.build:
        return
    if environment.has_mistaken("image", "build"):
        return
    if environment.holder is not None and environment.holder.is_spark:
        return
    fixes: tuple[Fix, ...] = ()
    image = ctx.facts.suggested_image
    if image and environment.node.block:
        fixes = insert_before(ctx.document.source, pair.key.span.start, f"image: {image}")
    message = "'conda_file' needs an 'image' to build on: the environment is refused when it is sent"
    yield Finding(pair.key.span, message, fixes)
