"""The base image is in no list of Azure ML's images.

## Why
A mistyped repository is only noticed when the build cannot pull it. The lists are those of the day that `envlens rules
--data` names: an image that came later is not in them, so a name that differs in digits only is merely mentioned, and
after 180 days nothing is said. The setting `known-images` names images that exist.
Source: Azure/AzureML-Containers, README and release notes; Azure ML, Prebuilt Docker images for inference.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/opnmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: an image with a similar name is only likely to be meant.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..model.facts import Facts
from ..model.image import ImageReference
from ..model.image_grammar import breach
from ..text.diagnostic import Edit, Finding, Fix, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

_PREFIX = "mcr.microsoft.com/azureml/"
_CATALOGUE = "base images"
_LONGEST = 100


@rule("azureml-image-unknown", on=ImageReference, severity=Severity.WARNING)
def check(image: ImageReference, ctx: Context) -> Iterator[Finding | NotRun]:
    name = image.repository.removeprefix(_PREFIX)
    # Deeper names (`curated/…`) are other people's; of a digest it is sure that somebody has pulled it.
    if name == image.repository or "/" in name or not image.is_literal or image.digest or breach(image.text):
        return
    if _is_known(image.repository, ctx.facts) or any(
        fnmatchcase(image.repository, each) for each in ctx.options.known_images
    ):
        return
    catalogue = next((each for each in ctx.facts.catalogues if each.name == _CATALOGUE), None)
    if catalogue is None or catalogue.is_outdated(ctx.facts.today):
        yield NotRun("the list of base images is older than 180 days")
        return
    known = [*ctx.facts.images, *ctx.facts.inference_images]
    meant = nearest(image.repository, known, cutoff=0.9) if len(name) <= _LONGEST else None
    fixes: tuple[Fix, ...] = ()
    if meant and image.editable:
        tag = f":{image.tag}" if image.tag else ""
        fixes = (Fix(f"use '{meant}{tag}'", (Edit(image.editable, f"{meant}{tag}"),), safe=False),)
    is_slip = meant is not None and _letters(meant) != _letters(image.repository)
    hint = f"; did you mean '{meant}'?" if is_slip else ""
    message = f"no image '{image.repository}' was known on {catalogue.as_of}{hint}"
    yield Finding(image.place.span, message, fixes, None if is_slip else Severity.INFO)


def _is_known(repository: str, facts: Facts) -> bool:
    if repository in facts.images or repository in facts.inference_images or repository in facts.deprecated_images:
        return True
    return any(fnmatchcase(repository, each) for each in facts.withdrawn_images)


def _letters(repository: str) -> str:
    return re.sub(r"[\d.]+", "", repository)
