"""A conda file over an image that already holds the packages: they are not seen.

## Why
With a conda file Azure ML makes a fresh conda environment in the image and runs everything in it. What the image has
installed elsewhere, such as PyTorch in `mcr.microsoft.com/aifx/acpt/…` or in a curated image, cannot be imported there.
Use the image alone, or build on it with a Dockerfile, or list all packages in the conda file and take a plain base
image. Where the conda file lists the framework by itself, the image is merely larger than need be.
Source: Azure ML, Manage environments; Use environments; public build logs (`conda env create` in the image).

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/curated/acpt-pytorch-2.8-cuda12.6:1
conda_file:
  channels: [conda-forge]
  dependencies:
    - python=3.12
    - tqdm=4.67.1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-cuda12.6-ubuntu24.04:20251130.v1
conda_file:
  channels: [conda-forge]
  dependencies:
    - python=3.12
    - pip=25.0
    - tqdm=4.67.1
    - pip:
        - torch==2.8.0
```

## Fix safety
There is no fix: only you know which of the packages you need.
"""

import re
from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..model.environment import Environment
from ..model.image import ImageReference
from ..model.known_bases import plain_name
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_FOLDERS = ("mcr.microsoft.com/azureml/curated/", "mcr.microsoft.com/aifx/acpt/")
_IMAGES = frozenset({"pytorch/pytorch", "tensorflow/tensorflow"})
# What shows in an image's name, and the packages that are the same, or bring it along.
_FRAMEWORKS = (
    (
        re.compile(r"torch|acpt"),
        re.compile(r"torch|lightning|accelerate|sentence-transformers|timm|peft|deepspeed|fastai|ultralytics"),
    ),
    (re.compile(r"tensorflow"), re.compile(r"tensorflow|tf-|tf_")),
    (re.compile(r"sklearn"), re.compile(r"scikit|sklearn|imbalanced-learn|mlflow$")),
    (re.compile(r"lightgbm"), re.compile(r"lightgbm")),
)


@rule("packages-in-image-shadowed", on=Environment, severity=Severity.WARNING)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    image = environment.image
    if image is None or environment.conda_file is None or environment.build or not image.is_literal:
        return
    if not (image.repository.startswith(_FOLDERS) or plain_name(image) in _IMAGES):
        return
    if environment.holder is not None and environment.holder.is_spark:
        return  # spark-env-image-ignored says more
    spec = _spec(environment, ctx)
    if spec is None or not spec.is_whole or not (spec.entries or spec.pip_blocks):
        return
    severity = None if _surely_lacks(spec, image) else Severity.INFO
    message = (
        f"the packages in '{image.text}' are not seen: what runs, runs in the conda environment that is made of "
        "'conda_file'"
    )
    yield Finding(environment.conda_file.key.span, message, severity=severity)


def _spec(environment: Environment, ctx: Context) -> CondaSpec | None:
    if environment.conda is not None or environment.conda_path is None:
        return environment.conda
    drawn = ctx.draw(environment.conda_path.text)
    specs = drawn.document.specs if drawn is not None and drawn.document is not None else ()
    return specs[0] if specs else None


def _surely_lacks(spec: CondaSpec, image: ImageReference) -> bool:
    """Whether a conda file names no package that brings what the image is known for."""
    if any(line.options for line in spec.option_lines()):
        return False  # another list may name it
    named = {name.lower() for name in spec.by_name}
    named |= {entry.requirement.name for block in spec.pip_blocks for entry in block.entries}
    brings = next((names for shown, names in _FRAMEWORKS if shown.search(image.repository)), None)
    return brings is not None and not any(map(brings.search, named))
