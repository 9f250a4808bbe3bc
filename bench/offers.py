"""Definitions made up for loads: offers to a workspace, with the bytes of their build contexts."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from envlens.core.hashing.prediction import Formula, Kind
from envlens.core.hashing.tree import Leaf, merkle
from envlens.core.workspace import definition
from envlens.core.workspace.content import Content, Context
from envlens.core.workspace.port import Bring, Forecast, Offer, Version

Files = Mapping[bytes, bytes]
CONDA = """\
name: model
channels:
- conda-forge
dependencies:
- python=3.11
- numpy=2.1.{at}
- pip
- pip:
  - azureml-mlflow==1.60.0
  - scikit-learn=={name}
"""


def with_conda(name: str, at: int, version: str | None = None) -> Offer:
    """An environment with a conda specification; `at` tells its content from others."""
    conda = CONDA.format(at=at, name=name)
    fingerprint = sha256(conda.encode()).hexdigest()[:32]
    forecast = Forecast(Kind.SYSTEM_MANAGED, fingerprint, formula=Formula.ENVLENS)
    content = Content(image="mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1", conda=conda)
    return Offer(name, version, content, forecast, written=f"# {at}\n{conda}", author="bench")


def leaves_of(files: Files) -> tuple[Leaf, ...]:
    """The files of a build context as they are hashed."""
    return tuple(
        Leaf(path, path.endswith(b".sh"), len(data), sha256(data).digest()) for path, data in sorted(files.items())
    )


def with_context(name: str, files: Files, version: str | None = None) -> Offer:
    """An environment with a build context, and what is truly predicted of it."""
    leaves = leaves_of(files)
    context = Context(merkle(leaves), len(leaves), sum(leaf.size for leaf in leaves))
    content = Content(context=context, dockerfile_path="Dockerfile")
    nothing_yet = Forecast(Kind.USER_MANAGED)
    found = definition.predict(Version(name, version or "1", content, nothing_yet), leaves)
    forecast = Forecast(
        found.kind, found.fingerprint, found.unavailable, found.formula, found.is_confirmed, found.conda_key
    )
    return Offer(name, version, content, forecast, leaves=leaves, author="bench")


def bring(files: Files, chunk: int = 200_000) -> Bring:
    """Gives the files' bytes."""

    def give(leaf: Leaf) -> Iterator[bytes]:
        data = files[leaf.path]
        return (data[at : at + chunk] for at in range(0, len(data), chunk))

    return give


def bring_nothing(leaf: Leaf) -> Iterator[bytes]:
    """For definitions without a build context."""
    raise AssertionError(f"{leaf.path!r} was asked for")
