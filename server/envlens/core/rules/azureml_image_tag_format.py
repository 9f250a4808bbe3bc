"""The tag of an Azure ML base image has another form than all its tags.

## Why
The tags of `azureml/openmpi…` images are dates with a number, `20251130.v1`, and `latest`. Any other is a slip, and
there is no such image to pull.
Source: Azure/AzureML-Containers, release notes (3,091 tags).

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: the newest known tag may not be the one that was meant.
"""

import re
from collections.abc import Iterator

from ..model.image import ImageReference
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule

_REPOSITORY = re.compile(r"mcr\.microsoft\.com/azureml/openmpi[^/]*")
_TAG = re.compile(r"20\d{6}\.v\d+|latest")
_VALID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


@rule("azureml-image-tag-format", on=ImageReference, severity=Severity.WARNING)
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    tag = image.tag
    if tag is None or image.digest or not image.is_literal or not _REPOSITORY.fullmatch(image.repository):
        return
    if _TAG.fullmatch(tag) or not _VALID.fullmatch(tag):
        return
    newest = ctx.facts.newest_tag(image.repository)
    fixes: tuple[Fix, ...] = ()
    if newest and image.editable:
        fixes = (Fix(f"use '{newest}'", (Edit(image.editable, f"{image.repository}:{newest}"),), safe=False),)
    message = (
        f"tag '{tag}' of '{image.repository}' has not the form '20251130.v1' of its tags: there is hardly such an image"
    )
    yield Finding(image.place.span, message, fixes)
