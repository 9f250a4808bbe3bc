"""The environment, or the version that the reference names, is archived in the workspace.

## Why
What is archived is hidden from lists, and it still works: a job that names the version runs. It was archived because
something newer took its place, or nobody should use it any more. `@latest` passes over it, and stands for nothing where
no version is left. Of an environment that is archived as a whole Azure ML archives a new version, too;
`envlens register` refuses to make one that nobody would see.
Nothing is said where a definition in the folder has that version.
Source: Azure ML, Manage environments.

## Bad
```registered
churn:1 archived
churn:2
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:1
```

## Good
```registered
churn:1 archived
churn:2
```
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:2
```

## Fix safety
Unsafe: the latest version is another environment. Where none is left there is no fix.
"""

from collections.abc import Iterator

from ..model.document import FileKind
from ..model.environment import Environment, define
from ..model.reference import Form, Reference
from ..model.registered import Registered
from ..syntax.changes import replace
from ..text.diagnostic import Finding, Severity
from ._rule import Context, Looked, rule


@rule("archived-environment", on=(Environment, Reference), severity=Severity.INFO)
def check(found: Environment | Reference, ctx: Context) -> Iterator[Finding]:
    yield from _reference(found, ctx) if isinstance(found, Reference) else _definition(found, ctx)


def _reference(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.form is not Form.SHORT or reference.is_curated or not reference.is_well_formed:
        return
    looked = ctx.look_up(reference.name)
    registered = looked.registered if looked is not None else None
    if looked is None or registered is None or (reference.version is None) is (reference.label is None):
        return
    name, at = reference.name, reference.name_span.end
    if reference.label is not None:
        if reference.label == "latest" and _has_no_latest(looked, registered):
            message = f"all versions of '{name}' are archived in the workspace: '@latest' stands for none of them"
            yield Finding(reference.span_of(at, len(reference.text)), message)
        return
    version = registered.get(reference.version)
    if version is None or any(each.version == reference.version for each in looked.definitions):
        return
    if registered.is_archived:
        message = f"'{name}' is archived in the workspace: it still works, and is hidden from lists"
        yield Finding(reference.span_of(*reference.name_span), message)
    elif version.is_archived:
        latest = registered.latest
        better = f"{reference.text[:at]}:{latest.version}" if latest is not None else ""
        fixes = replace(reference.scalar, better, f"use '{better}'", safe=False) if better else ()
        message = f"version '{version.version}' of '{name}' is archived in the workspace: it still works, "
        message += "and is hidden from lists"
        yield Finding(reference.span_of(at + 1, len(reference.text)), message, fixes)


def _has_no_latest(looked: Looked, registered: Registered) -> bool:
    """Whether all is archived, and will be when what the folder defines is registered."""
    if registered.latest is not None or not registered.versions:
        return False
    new = (each for each in looked.definitions if not each.version or registered.get(each.version) is None)
    return registered.is_archived or not any(new)


def _definition(environment: Environment, ctx: Context) -> Iterator[Finding]:
    name = environment.registered_name
    own = define(ctx.document.source, environment) if ctx.document.kind is FileKind.ENVIRONMENT else None
    looked = ctx.look_up(own.name) if own is not None else None
    if own is None or name is None or looked is None or looked.registered is None or not looked.registered.is_archived:
        return
    if not own.version or looked.registered.get(own.version) is None:
        message = f"'{own.name}' is archived in the workspace: a new version would be hidden, too"
        yield Finding(name.span, message)
