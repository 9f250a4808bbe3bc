"""What is immutable in a version, and the digest that tells one content from another.

It is what the service keeps (azure-ai-ml 1.35.2, read: the body of its PUT): image, conda specification as the client
dumps it, build, operating system and inference routes. So comments of a conda file count for nothing, and the name in
it counts, though no image hangs on it. Description and tags may be changed, and are none of it.
"""

import json
import posixpath
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from ..hashing import sdk
from ..hashing.given import Spec
from ..hashing.sdk_version import inference_of
from ..hashing.tree import Tree
from ..model.environment import ROUTES, Environment, is_address
from ..syntax.nodes import find
from ..syntax.scalars import text_of

_FORMAT = 1


class Context(NamedTuple):
    """The build context: the digest of its tree (64 hex digits), and how much is in it; or an address elsewhere."""

    merkle: str | None
    files: int = 0
    size: int = 0
    uri: str | None = None


class Route(NamedTuple):
    """A route of `inference_config`."""

    port: int
    path: str


class Content(NamedTuple):
    """See the module. `conda` is the client's dump; `inference` are the routes by key, empty for none."""

    image: str | None = None
    conda: str | None = None
    context: Context | None = None
    dockerfile_path: str | None = None
    os_type: str = "linux"
    inference: Mapping[str, Route] = MappingProxyType({})

    @property
    def digest(self) -> str:
        """SHA-256 of all of it as JSON with sorted keys, 64 hex digits."""
        context = self.context
        told = {
            "format": _FORMAT,
            "image": self.image,
            "conda": self.conda,
            "context": context and {"merkle": context.merkle, "uri": context.uri},
            "dockerfile_path": self.dockerfile_path,
            "os_type": self.os_type,
            "inference": {name: list(route) for name, route in self.inference.items()},
        }
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Made(NamedTuple):
    """The content of a definition, or why it has none that could be sent; `is_pending` while its files are read."""

    content: Content | None = None
    problem: str | None = None
    is_pending: bool = False


def make(definition: Environment, spec: Spec, tree: Tree | None) -> Made:
    """The content of a definition. `spec` is its conda specification, `tree` its build context where it was read."""
    if not definition.is_whole:
        return Made(problem="the file cannot be read as YAML")
    if spec.problem is not None:
        return Made(problem=spec.problem)
    dumped = sdk.conda_text(spec.value) if spec.value is not None else None
    if dumped is not None and dumped.problem is not None:
        return Made(problem=dumped.problem)
    inference = {}
    if find(definition.node, "inference_config") is not None:
        routes = inference_of(definition)
        if routes is None:
            return Made(problem="'inference_config' is not as it has to be")
        inference = {name: Route(*each) for name, each in zip(ROUTES, routes, strict=True)}
    os_type = text_of(definition.os_type) if definition.os_type is not None else "linux"
    if os_type is None:
        return Made(problem="'os_type' is no text")
    start = Content(
        image=text_of(definition.image_pair),
        conda=(dumped.text or None) if dumped is not None else None,
        os_type=os_type.lower(),
        inference=inference,
    )
    if definition.build is not None:
        return _with_context(definition, start, tree)
    return Made(start) if start.image else Made(problem="it has neither an image nor a build context")


def _with_context(definition: Environment, start: Content, tree: Tree | None) -> Made:
    block = definition.context
    if block is None or block.path is None:
        return Made(problem="the build has no 'path'")
    path = posixpath.normpath(block.dockerfile)
    if is_address(block.path.text):
        return Made(start._replace(context=Context(None, uri=block.path.text), dockerfile_path=path))
    if tree is None:
        return Made(problem="the build context is being read", is_pending=True)
    if tree.is_file:
        return Made(problem="the build context is a file")
    if tree.merkle is None:
        return Made(problem=tree.problem or "the build context cannot be read")
    context = Context(tree.merkle, len(tree.leaves), tree.size)
    return Made(start._replace(context=context, dockerfile_path=path))
