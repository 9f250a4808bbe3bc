"""Which version azure-ai-ml gives a definition that is used inline, or why it gives none that lasts."""

from ..model.environment import ROUTES, Environment
from ..syntax.nodes import Mapping, Scalar, find, follow
from ..syntax.scalars import text_of, value_of
from . import sdk
from .given import Spec
from .prediction import Sdk
from .tree import Tree

RANDOM = "azure-ai-ml gives it a random name (a UUID) and version 1, another one each time"
REFUSED = "azure-ai-ml refuses it"
COMPUTING = "computing"


def ask(definition: Environment, spec: Spec, tree: Tree | None, release: str | None = None) -> Sdk:
    """The version in the form of a release of azure-ai-ml, None for the newest that was run (1.35.2)."""
    algorithm = sdk.algorithm_of(release) if release else "sha256"
    if algorithm is None:
        return Sdk(None, f"azure-ai-ml has no release '{release}'")
    if definition.build is not None:
        return _of_context(definition, tree, algorithm)
    image = text_of(definition.image_pair)
    if image is None and definition.image_pair is not None:
        return Sdk(None, f"{REFUSED}: 'image' is no text")
    if not image:
        return Sdk(None, f"{RANDOM}: it has no image")
    if spec.problem is not None:
        return Sdk(None, spec.problem)
    text = None
    if spec.value is not None:
        dumped = sdk.conda_text(spec.value)
        if dumped.problem is not None:
            return Sdk(None, dumped.problem)
        text = dumped.text
    inference = None
    if find(definition.node, "inference_config") is not None:
        if release and not sdk.knows_inference(release):
            return Sdk(None, f"how azure-ai-ml {release} takes up 'inference_config' is not known")
        inference = inference_of(definition)
        if inference is None:
            return Sdk(None, f"{REFUSED}: 'inference_config' is not as it has to be")
    return Sdk(sdk.image_version(image, text, inference, algorithm))


def _of_context(definition: Environment, tree: Tree | None, algorithm: str) -> Sdk:
    build = follow(definition.build.value) if definition.build else None
    if not isinstance(build, Mapping):
        return Sdk(None, f"{REFUSED}: 'build' is no mapping")
    path = text_of(find(build, "path"))
    if not path:
        return Sdk(None, f"{RANDOM}: the build has no 'path'")
    if definition.context is None or definition.context.folder is None:
        return Sdk(None, f"{RANDOM}: the build context is not a local folder")
    if tree is None:
        return Sdk(None, COMPUTING, is_pending=True)
    known = tree.sdk_md5 if algorithm == "md5" else tree.sdk
    if known is None:
        return Sdk(None, tree.sdk_problem or COMPUTING, is_pending=tree.is_sdk_pending)
    return Sdk(sdk.context_version(known, text_of(find(build, "dockerfile_path")), algorithm))


def inference_of(definition: Environment) -> sdk.Inference | None:
    """The three routes; None where the client refuses them."""
    pair = find(definition.node, "inference_config")
    value = follow(pair.value) if pair else None
    found = [_route(value, name) for name in ROUTES] if isinstance(value, Mapping) else []
    known = [each for each in found if each is not None]
    return sdk.Inference(*known) if len(known) == len(ROUTES) else None


def _route(routes: Mapping, name: str) -> sdk.Route | None:
    pair = find(routes, name)
    route = follow(pair.value) if pair else None
    if not isinstance(route, Mapping):
        return None
    port_pair, path = find(route, "port"), text_of(find(route, "path"))
    port = follow(port_pair.value) if port_pair else None
    if path is None or not isinstance(port, Scalar):
        return None
    number = sdk.port_of(value_of(port))
    return sdk.Route(number, path) if number is not None else None
