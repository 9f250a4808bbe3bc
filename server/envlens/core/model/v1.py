"""A v1 environment: `azureml_environment.json`, with `conda_dependencies.yml` and `BaseDockerfile` beside it.

Keys as azureml-core 1.61.0.post4 writes them (`save_to_directory`, run).
"""

from typing import NamedTuple

from ..syntax.nodes import Mapping, Node, Pair, Scalar, find, follow
from ..syntax.scalars import kind_of
from . import conda, image
from .conda import CondaSpec
from .image import ImageReference
from .placeholder import is_filled_in_later

FILE_NAME = "azureml_environment.json"
# What azureml-core looks for beside the JSON when it loads a folder; they count before what stands inline.
CONDA_FILE = "conda_dependencies.yml"
DOCKERFILE = "BaseDockerfile"


class V1Environment(NamedTuple):
    """A v1 definition. `conda` is the specification written inline, `image` the base image."""

    node: Mapping
    name: Pair | None
    image: ImageReference | None
    conda: CondaSpec | None

    @property
    def registered_name(self) -> Scalar | None:
        """The name that it is registered under, where that is a text."""
        value = follow(self.name.value) if self.name else None
        is_text = isinstance(value, Scalar) and kind_of(value) == "str" and not is_filled_in_later(value)
        return value if isinstance(value, Scalar) and is_text else None


def build(node: Mapping, *, is_whole: bool) -> V1Environment:
    """The definition that a mapping holds."""
    docker, python = _inner(node, "docker"), _inner(node, "python")
    base = _value(docker, "baseImage")
    spec = _value(python, "condaDependencies")
    return V1Environment(
        node,
        find(node, "name"),
        image.parse(base) if isinstance(base, Scalar) and kind_of(base) == "str" else None,
        conda.build(spec, is_whole=is_whole) if isinstance(spec, Mapping) else None,
    )


def _inner(node: Mapping, key: str) -> Mapping | None:
    value = _value(node, key)
    return value if isinstance(value, Mapping) else None


def _value(node: Mapping | None, key: str) -> Node | None:
    pair = find(node, key) if node else None
    return follow(pair.value) if pair else None
