"""A Spark job has an environment with an image.

## Why
Spark installs the packages of the conda file and makes no container of the image: what the image holds is not there.
The client warns of it. The image can be left out; the client then puts in one of its own.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json
type: spark
code: src
entry:
  file: prepare.py
environment:
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
  conda_file:
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pyarrow=19.0.1
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json
type: spark
code: src
entry:
  file: prepare.py
environment:
  conda_file:
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pyarrow=19.0.1
```

## Fix safety
Unsafe: the image may hold what the job needs; then it belongs into the conda file.
"""

from collections.abc import Iterator

from ..model.job import Holder
from ..model.reference import Form
from ..syntax.changes import delete_lines
from ..syntax.nodes import Mapping, Pair, Scalar, find, follow
from ..syntax.scalars import kind_of
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("spark-env-image-ignored", on=Holder, severity=Severity.WARNING)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    if holder.pair is None or not holder.is_spark:
        return
    value, reference = follow(holder.pair.value), holder.reference
    message = "has no effect: Spark installs the packages of the conda file and makes no container of an image"
    if isinstance(value, Mapping):
        pair = find(value, "image")
        if pair is None or value.is_template or pair not in value.pairs or _is_blank(pair):
            return
        is_alone = len(value.pairs) == 1
        fixes = () if is_alone else delete_lines(ctx.document.source, pair.span, "delete 'image'", safe=False)
        yield Finding(pair.key.span, f"'image' {message}", fixes)
    elif reference is not None and reference.form is Form.FILE and reference.path:
        drawn = ctx.draw(reference.path)
        definition = drawn.document.environment if drawn is not None and drawn.document is not None else None
        if definition is not None and definition.image_pair is not None:
            yield Finding(reference.scalar.span, f"the image of '{reference.path}' {message}")


def _is_blank(pair: Pair) -> bool:
    """Whether nothing is written there: image-blank says it."""
    value = follow(pair.value)
    return isinstance(value, Scalar) and (not value.text or kind_of(value) == "null")
