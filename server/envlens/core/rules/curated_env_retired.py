"""The reference names a curated environment that is no longer kept up.

## Why
Environments on Python 3.6 to 3.8 or Ubuntu 16.04 and 18.04 have left the list of curated ones. The service still finds
them, but does not show them any more, and they get no patches.
Source: Azure ML, curated environments (deprecated ones are hidden but can be used); Azure/azureml-assets.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu:48
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:AzureML-sklearn-1.5:3
```

## Fix safety
Unsafe: which one replaces which is our own mapping, and it has other versions of Python and of its packages.
"""

from collections.abc import Iterator

from ..model.facts import Facts
from ..model.job import Holder
from ..model.reference import PREFIX, REGISTRIES, Form, curated_name
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("curated-env-retired", on=Holder, severity=Severity.WARNING)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    reference = holder.reference
    name = curated_name(reference) if reference is not None else None
    if reference is None or name is None or holder.refuses(reference) or not ctx.facts.is_retired(name):
        return
    successor = _successor(name.lower(), ctx.facts)
    fixes: tuple[Fix, ...] = ()
    if successor is not None:
        is_short = reference.form is Form.SHORT
        better = f"{PREFIX}AzureML-{{}}@latest" if is_short else f"{REGISTRIES}azureml/environments/{{}}/labels/latest"
        better = better.format(successor)
        fixes = replace(reference.scalar, better, f"use '{better}'", safe=False)
    message = f"curated environment '{name}' is no longer kept up: it is found, but gets no patches"
    yield Finding(reference.scalar.span, message, fixes)


def _successor(name: str, facts: Facts) -> str | None:
    """The current environment with the same framework; those for serving are of another kind."""
    if name.endswith("-inference"):
        return None
    return next((new for start, new in facts.successors.items() if name.startswith(start)), None)
