"""The reference names a label, which moves, and no version.

## Why
`@latest` and `/labels/latest` stand for the version that is newest when the job is sent: the same file can run in
another environment tomorrow. That may be what you want while you develop; a version makes a run repeatable.
Source: Azure ML, Core syntax of the CLI v2; azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn@latest
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
There is no fix: which version is the newest, only the workspace knows.
"""

from collections.abc import Iterator

from ..model.job import Holder
from ..model.reference import Form, Reference, curated_name, registry_parts
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("floating-env-ref", on=Holder, severity=Severity.INFO)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    reference = holder.reference
    span = _label(reference) if reference is not None else None
    if reference is None or span is None or holder.refuses(reference):
        return
    name = curated_name(reference)
    if name is not None and ctx.facts.is_retired(name):
        return  # it gets no new versions
    label = reference.text[span.start : span.end]
    message = f"'{label}' names no version: the {holder.kind.value} takes the one that is current when it is sent"
    yield Finding(reference.span_of(*span), message)


def _label(reference: Reference) -> Span | None:
    """Where the label stands, if one decides. Those that nobody resolves are for env-ref-unknown-label."""
    if not reference.is_well_formed:
        return None
    if reference.form is Form.SHORT:
        decides = reference.version is None and (
            reference.label == "latest" or (reference.label and reference.is_curated)
        )
        return reference.label_span if decides else None
    parts = registry_parts(reference)
    if parts is None or parts.asset != "environments" or parts.by != "labels":
        return None
    end = len(reference.text.rstrip("/"))
    return Span(end - len(f"labels/{parts.version}"), end)
