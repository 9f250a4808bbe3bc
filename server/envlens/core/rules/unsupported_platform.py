"""The base image is not what Azure ML asks of one for training.

## Why
Of a base image Azure ML asks Ubuntu 18.04 or later, conda, Python and a shell at `/bin/sh`. Named are images that show
what they are: Ubuntu before 18.04, Alpine Linux, images without a shell, Windows. Nothing is said where the environment
is for serving (it has an `inference_config` or stands in a deployment), of other Linux distributions, and of images of
Azure ML's own, which have rules of their own. A Dockerfile does not show what it is for: of Alpine and of images
without a shell that is merely mentioned there.
Source: Azure ML, Use environments (base image requirements).

## Bad
```yaml environment.yml
name: churn
image: python:3.12-alpine
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
There is no fix: what replaces the image depends on what you take from it.
"""

import re
from collections.abc import Iterator

from ..model.dockerfile import Dockerfile
from ..model.environment import Environment
from ..model.image import ImageReference
from ..model.known_bases import plain_name
from ..model.v1 import V1Environment
from ..syntax.nodes import Scalar, find, follow
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_AZUREML = "mcr.microsoft.com/azureml/"
_UBUNTU = re.compile(r"(?:^|[-_./])ubuntu-?(1[0-9])\.?(04|10)(?![0-9])")
_UBUNTU_TAG = re.compile(r"(1[0-9])\.(04|10)(?![0-9])")
_CODE_NAMES = {"precise": "12.04", "trusty": "14.04", "xenial": "16.04"}
_ALPINE = re.compile(r"(?:^|-)alpine(?:[0-9.]*)(?:-|$)")
_WINDOWS = re.compile(r"(?:^|-)(?:windowsservercore|nanoserver)(?:-|$)")
_OLDEST = (18, 4)


@rule("unsupported-platform", on=(Environment, Dockerfile, V1Environment), severity=Severity.WARNING)
def check(value: Environment | Dockerfile | V1Environment, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Dockerfile):
        image, is_for_training = value.final_image, False
    elif isinstance(value, Environment) and _is_not_for_training(value):
        return
    else:
        image, is_for_training = value.image, True
    if image is None or not image.is_literal or image.repository.startswith(_AZUREML):
        return
    linux = _outside_requirements(image)
    what = _windows(image) or _old_ubuntu(image) or linux
    if what is not None:
        severity = Severity.INFO if not is_for_training else None
        message = f"'{image.text}' {what}: for training Azure ML asks Ubuntu 18.04 or later, with conda and '/bin/sh'"
        yield Finding(image.place.span, message, severity=severity)


def _is_not_for_training(environment: Environment) -> bool:
    holder = environment.holder
    if environment.image is None or environment.build or find(environment.node, "inference_config"):
        return True
    if holder is not None and (holder.keeps_name or holder.is_spark):
        return True
    system = follow(environment.os_type.value) if environment.os_type else None
    return isinstance(system, Scalar) and system.text.lower() == "windows"


def _windows(image: ImageReference) -> str | None:
    is_windows = f"{image.repository}/".startswith("mcr.microsoft.com/windows/") or _WINDOWS.search(image.tag or "")
    return "is a Windows image" if is_windows else None


def _old_ubuntu(image: ImageReference) -> str | None:
    tag = image.tag or ""
    is_ubuntu = plain_name(image) == "ubuntu"
    found = _UBUNTU.search(tag) or _UBUNTU.search(image.repository) or (is_ubuntu and _UBUNTU_TAG.match(tag))
    version = f"{found[1]}.{found[2]}" if found else _CODE_NAMES.get(tag.partition("-")[0]) if is_ubuntu else None
    if version is None or tuple(map(int, version.split("."))) >= _OLDEST:
        return None
    return f"is Ubuntu {version}"


def _outside_requirements(image: ImageReference) -> str | None:
    if plain_name(image) == "alpine" or _ALPINE.search(image.tag or ""):
        return "is Alpine Linux"
    if image.repository.startswith("gcr.io/distroless/") and "debug" not in (image.tag or ""):
        return "has no shell"
    return None
