"""The environment has neither an image nor a build context.

## Why
There is nothing to start from. The client loads the file and refuses it when it is sent. (Spark needs no image: the
client puts in one of its own.)
Source: azure-ai-ml 1.35.2, run; Azure ML, Troubleshoot environment issues.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: it inserts a supported image, which may not be the one you need.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import insert_after
from ..syntax.nodes import find
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("docker-option-missing", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    if not environment.is_whole or environment.image_pair or environment.build or environment.conda_file:
        return
    if environment.node.is_template or environment.has_mistaken("image", "build"):
        return
    if environment.holder is not None and environment.holder.is_spark:
        return
    inline = environment.holder.pair if environment.holder else None
    first = environment.name or next(iter(environment.node.pairs), inline)
    if first is None:
        return
    fixes: tuple[Fix, ...] = ()
    image = ctx.facts.suggested_image
    is_conda = find(environment.node, "dependencies") or find(environment.node, "channels")
    if image and environment.node.block and environment.node.pairs and not is_conda:
        fixes = insert_after(ctx.document.source, first.span, f"image: {image}")
    message = "the environment has neither 'image' nor 'build': it is refused when it is sent"
    yield Finding(first.key.span, message, fixes)
