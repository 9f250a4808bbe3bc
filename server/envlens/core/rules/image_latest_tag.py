"""The base image has the tag `latest`.

## Why
While a repository is kept up, `latest` moves: the same definition builds another image next month. It does bring the
newest security patches, so choose knowingly.
Source: Azure ML, What are environments; Vulnerability management.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:latest
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: the newest known tag may not be the image you tested.
"""

from collections.abc import Iterator

from ..model.image import ImageReference
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule


@rule("image-latest-tag", on=ImageReference, severity=Severity.WARNING, hadolint=("DL3007",))
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    if image.tag != "latest" or image.digest or not image.is_literal:
        return
    newest = ctx.facts.newest_tag(image.repository)
    fixes: tuple[Fix, ...] = ()
    if newest and image.editable:
        fixes = (Fix(f"pin to '{newest}'", (Edit(image.editable, f"{image.repository}:{newest}"),), safe=False),)
    message = f"tag 'latest' of '{image.repository}' names no version: what it stands for is taken"
    # Of a deprecated image there will be no other.
    severity = Severity.INFO if image.repository in ctx.facts.deprecated_images else None
    yield Finding(image.place.span, message, fixes, severity)
