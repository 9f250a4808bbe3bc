"""The reference into a registry has another form than such references have.

## Why
An environment of a registry is `azureml://registries/REGISTRY/environments/NAME/versions/V` or `…/labels/L`. The client
takes anything that begins with `azureml://registries/`; the service does not find it.
Source: Azure ML, Manage environments; azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/environments/sklearn-1.5@latest
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml://registries/azureml/environments/sklearn-1.5/labels/latest
```

## Fix safety
Safe where the version or label is only written in another form; unsafe where none is given.
"""

import re
from collections.abc import Iterator

from ..model.reference import Form, Reference, registry_parts
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_SHORT = re.compile(r"(azureml://registries/[^/]+/environments?/[^/:@]+)(?:(?P<by>[:@/])(?P<which>[^/:@]+))?/?")


@rule("registry-ref-malformed", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.form is not Form.REGISTRY or not reference.is_literal:
        return
    parts = registry_parts(reference)
    if parts is not None and parts.by in {"versions", "labels"} and not re.search(r"\s", reference.text):
        return
    message = (
        f"'{reference.text}' is not of the form 'azureml://registries/…/environments/…/versions/…' or '…/labels/…': "
        "the service does not find it"
    )
    yield Finding(reference.scalar.span, message, _fixes(reference))


def _fixes(reference: Reference) -> tuple[Fix, ...]:
    found = _SHORT.fullmatch(reference.text)
    if found is None:
        return ()
    by, which = found["by"], found["which"]
    if which in {"versions", "labels"}:
        return ()
    label = by == "@" or which in {None, "latest"}
    better = f"{found[1]}/{'labels' if label else 'versions'}/{which or 'latest'}"
    return replace(reference.scalar, better, f"use '{better}'", safe=which is not None)
