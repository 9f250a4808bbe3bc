"""The base image is deprecated.

## Why
A deprecated image can still be pulled, but gets no new versions, so no security patches either; mostly its Ubuntu has
reached the end of its life. Prebuilt inference images that have left the list of supported ones are mentioned.
In a Dockerfile the image counts that the last stage builds on; one of another stage, which only lends its files, is
mentioned.
Source: Azure ML, Troubleshoot environment issues; Prebuilt Docker images for inference; Azure/AzureML-Containers,
release notes.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20240709.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
```

## Fix safety
Unsafe: which image replaces which is our own mapping, and what you install may need another version on it.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..model.facts import DeprecatedImage
from ..model.image import ImageReference
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule


@rule("base-image-deprecated", on=ImageReference, severity=Severity.WARNING)
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    if not image.is_literal:
        return
    found = ctx.facts.deprecated_images.get(image.repository)
    dockerfile = ctx.document.dockerfile
    if found is not None:
        is_final = dockerfile is None or image == dockerfile.final_image
        what = "base image" if is_final else "image of a build stage"
        message = f"{what} '{image.repository}' is deprecated: it gets no new versions and no security patches"
        yield Finding(image.place.span, message, _fixes(image, found, ctx), None if is_final else Severity.INFO)
    elif any(fnmatchcase(image.repository, each) for each in ctx.facts.withdrawn_images):
        message = f"'{image.repository}' has left the list of supported inference images"
        yield Finding(image.place.span, message, severity=Severity.INFO)


def _fixes(image: ImageReference, found: DeprecatedImage, ctx: Context) -> tuple[Fix, ...]:
    newest = ctx.facts.newest_tag(found.replacement) if found.replacement else None
    if newest is None or image.editable is None:
        return ()
    better = f"{found.replacement}:{newest}"
    title = f"use '{better}'" + (f" ({found.note})" if found.note else "")
    return (Fix(title, (Edit(image.editable, better),), safe=False),)
