"""The reference is to no environment of the folder, but nearly to one.

## Why
A name that is not registered is only noticed when the job is sent. What is registered cannot be seen here, so nothing
is said of a name that no definition in the folder has, unless it looks like one of theirs misspelt: in one letter of a
long word, or in case and separators. A version above all that the folder defines is mentioned.
Source: Azure ML, Troubleshoot environment issues; azure-ai-ml 1.35.2, run: it takes any name.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn-training
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn-trainnig:3
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn-training
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn-training:3
```

## Fix safety
Unsafe: an environment of the name that stands there may be registered.
"""

from collections.abc import Iterator

from ..model.environment import Definition
from ..model.reference import PREFIX, Form, Reference
from ..syntax.changes import Fixes, replace
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, Looked, rule


@rule("environment-not-found", on=Reference, severity=Severity.WARNING)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.form is not Form.SHORT or reference.is_curated or not reference.is_well_formed:
        return
    looked = ctx.look_up(reference.name)
    if looked is None:
        return
    if looked.meant:
        words = " or ".join(f"'{each}'" for each in looked.meant)
        message = f"no environment in this folder is called '{reference.name}'; did you mean {words}?"
        rest = reference.text[reference.name_span.end :]
        fixes = tuple(fix for name in looked.meant for fix in _use(reference, f"{PREFIX}{name}{rest}"))
        yield Finding(reference.span_of(*reference.name_span), message, fixes)
    elif (newest := _newest(looked)) is not None and _number(reference.version) > _number(newest.version):
        message = f"the newest version of '{reference.name}' that this folder defines is {newest.version}"
        at = reference.text.rindex(":") + 1
        fixes = _use(reference, f"{reference.text[:at]}{newest.version}")
        related = (Related(newest.path, newest.span, f"version {newest.version}"),)
        yield Finding(reference.span_of(at, len(reference.text)), message, fixes, Severity.INFO, related)


def _use(reference: Reference, better: str) -> Fixes:
    return replace(reference.scalar, better, f"use '{better}'", safe=False)


def _newest(looked: Looked) -> Definition | None:
    """The definition of the highest version, None where one has none that is a number."""
    if any(_number(each.version) < 0 for each in looked.definitions):
        return None
    return max(looked.definitions, key=lambda each: _number(each.version), default=None)


def _number(version: str | None) -> int:
    return int(version) if version and version.isdecimal() and len(version) < _DIGITS else -1


_DIGITS = 10
