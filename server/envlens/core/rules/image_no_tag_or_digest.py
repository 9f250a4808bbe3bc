"""The base image has neither tag nor digest.

## Why
Without a tag it means `latest`: one definition builds two different images, and Azure ML may rebuild it whenever
`latest` moves.
Source: Azure ML, Troubleshoot environment issues; What are environments.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04
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
from ..model.image_grammar import breach
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule


@rule("image-no-tag-or-digest", on=ImageReference, severity=Severity.WARNING, hadolint=("DL3006",))
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    if image.tag is not None or image.digest or not image.is_literal or breach(image.text):
        return
    newest = ctx.facts.newest_tag(image.repository)
    fixes: tuple[Fix, ...] = ()
    if newest and image.editable:
        fixes = (Fix(f"pin to '{newest}'", (Edit(image.editable, f"{image.text}:{newest}"),), safe=False),)
    message = f"base image '{image.text}' has no tag or digest: 'latest' is taken"
    # Of a deprecated image there will be no other.
    severity = Severity.INFO if image.repository in ctx.facts.deprecated_images else None
    yield Finding(image.place.span, message, fixes, severity)
