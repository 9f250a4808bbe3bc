"""The reference names a curated environment that is in no list.

## Why
The service looks up Microsoft's own environments by name, and a mistyped one is noticed when the job is sent. The list
is that of the day that `envlens rules --data` names, and holds what the public repository builds: an environment that
came later is not in it. So a name that is like none, or differs in digits only, is merely mentioned, and after 180 days
nothing is said.
Source: Azure/azureml-assets; Azure ML, curated environments.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:AzureML-sklaern-1.5:3
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:AzureML-sklearn-1.5:3
```

## Fix safety
Unsafe: an environment with a similar name is only likely to be meant.
"""

import re
from collections.abc import Iterator

from ..model.job import Holder
from ..model.reference import curated_name
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Fix, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

_CATALOGUE = "curated environments"
_PREFIX = "AzureML-"
_LONGEST = 100


@rule("curated-env-unknown", on=Holder, severity=Severity.WARNING)
def check(holder: Holder, ctx: Context) -> Iterator[Finding | NotRun]:
    reference = holder.reference
    name = curated_name(reference) if reference is not None else None
    if reference is None or name is None or holder.refuses(reference):
        return
    # Whether case counts is documented nowhere, so it counts for nothing here.
    if ctx.facts.is_retired(name) or name.lower() in map(str.lower, ctx.facts.curated):
        return
    catalogue = next((each for each in ctx.facts.catalogues if each.name == _CATALOGUE), None)
    if catalogue is None or catalogue.is_outdated(ctx.facts.today):
        yield NotRun("the list of curated environments is older than 180 days")
        return
    plain = name.removeprefix(_PREFIX)  # in the registry their names have no such prefix
    meant = plain if plain in ctx.facts.curated else None
    if meant is None and len(name) <= _LONGEST:
        meant = nearest(plain, ctx.facts.curated, cutoff=0.8)
    is_slip = meant is not None and (meant == plain or _letters(meant) != _letters(plain))
    fixes: tuple[Fix, ...] = ()
    if meant is not None:
        better = reference.text.replace(name, meant, 1)
        fixes = replace(reference.scalar, better, f"use '{better}'", safe=False)
    hint = f"; did you mean '{meant}'?" if is_slip else ""
    message = f"no curated environment '{name}' was known on {catalogue.as_of}{hint}"
    yield Finding(reference.scalar.span, message, fixes, None if is_slip else Severity.INFO)


def _letters(name: str) -> str:
    return re.sub(r"[\d.]+", "", name)
