"""The reference is to no environment that is known here, but nearly to one.

## Why
A name that is not registered is only noticed when the job is sent. Known are the definitions in the folder and what is
registered in the local workspace, where there is one. Other workspaces have more, so nothing is said of a name that
nobody knows, unless it looks like one that is known misspelt: in one letter of a long word, or in case and separators.
A version above all that are known is mentioned, and one that is missing among those of the workspace.
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

from ..model.reference import PREFIX, Form, Reference
from ..model.registered import number_of
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
        where = "in this folder or in the workspace" if looked.has_workspace else "in this folder"
        message = f"no environment {where} is called '{reference.name}'; did you mean {words}?"
        rest = reference.text[reference.name_span.end :]
        fixes = tuple(fix for name in looked.meant for fix in _use(reference, f"{PREFIX}{name}{rest}"))
        yield Finding(reference.span_of(*reference.name_span), message, fixes)
        return
    known, usable = _numbered(_all(looked)), _numbered(_usable(looked))
    said = _missing(reference, looked, known)
    if said is not None:
        at = reference.text.rindex(":") + 1
        fixes = _use(reference, f"{reference.text[:at]}{usable[max(usable)]}") if usable else ()
        newest = known[max(known)]
        places = [each for each in looked.definitions if each.version == newest][:1]
        related = tuple(Related(each.path, each.span, f"version {newest}") for each in places)
        yield Finding(reference.span_of(at, len(reference.text)), said, fixes, Severity.INFO, related)


def _missing(reference: Reference, looked: Looked, known: dict[int, str]) -> str | None:
    """What is to be said of a version that is not known; None where it is, or may be."""
    asked = number_of(reference.version or "")
    if asked is None or not known or asked in known:
        return None
    name, newest = reference.name, known[max(known)]
    if looked.registered is None:
        is_above = asked > max(known)
        return f"the newest version of '{name}' that this folder defines is {newest}" if is_above else None
    if asked > max(known):
        place = "in this folder and in the workspace" if looked.definitions else "in the workspace"
        return f"the newest version of '{name}' {place} is {newest}"
    registered = [number_of(each.version) or 0 for each in looked.registered.versions]
    if not registered or asked < min(registered):
        return None  # what was there before the workspace
    absent = "neither in this folder nor in the workspace" if looked.definitions else "not in the workspace"
    return f"version '{reference.version}' of '{name}' is {absent}; the newest is {newest}"


def _use(reference: Reference, better: str) -> Fixes:
    return replace(reference.scalar, better, f"use '{better}'", safe=False)


def _all(looked: Looked) -> Iterator[str]:
    yield from (each.version for each in looked.definitions)
    yield from (each.version for each in looked.registered.versions) if looked.registered is not None else ()


def _usable(looked: Looked) -> Iterator[str]:
    """The versions but for those that are archived."""
    yield from (each.version for each in looked.definitions)
    yield from (each.version for each in looked.registered.shown) if looked.registered is not None else ()


def _numbered(versions: Iterator[str]) -> dict[int, str]:
    """Versions by their numbers, none where one has no number: the others cannot be compared with it."""
    found = {number_of(each): each for each in versions}
    return {number: each for number, each in found.items() if number is not None} if None not in found else {}
