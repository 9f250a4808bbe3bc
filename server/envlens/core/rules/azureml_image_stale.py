"""The tag of an Azure ML base image is old, and newer ones are known.

## Why
Azure ML patches its images about every two weeks and promises security patches within 30 days for the newest tag only.
A tag more than 180 days old is named here where the list of base images holds a newer one; the setting
`stale-image-window` sets the days. Of a Dockerfile the last stage counts: from the others only files are taken.
Source: Azure ML, What are environments; Vulnerability management; tags of azureml-core 1.61.0.post4.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250401.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: the image builds anew, and is not the one you tested.
"""

import re
from collections.abc import Iterator
from datetime import date

from ..model.image import ImageReference
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule

_TAG = re.compile(r"(20[0-9]{6})\.v([0-9]{1,6})")


@rule("azureml-image-stale", on=ImageReference, severity=Severity.INFO)
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    newest, window = ctx.facts.newest_tag(image.repository), ctx.options.stale_image_window
    if newest is None or image.tag is None or image.digest or not image.is_literal:
        return
    dockerfile = ctx.document.dockerfile
    if dockerfile is not None and image != dockerfile.final_image:
        return
    ours, known = _version(image.tag), _version(newest)
    if ours is None or known is None or ours >= known or (ctx.facts.today - ours[0]).days <= window:
        return
    fixes: tuple[Fix, ...] = ()
    if image.editable:
        fixes = (Fix(f"use '{newest}'", (Edit(image.editable, f"{image.repository}:{newest}"),), safe=False),)
    message = f"tag '{image.tag}' is more than {window} days old: '{newest}' and later ones have newer patches"
    yield Finding(image.place.span, message, fixes)


def _version(tag: str) -> tuple[date, int] | None:
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None
