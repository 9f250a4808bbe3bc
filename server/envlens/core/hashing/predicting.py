"""Predicts the image of an environment definition (CLI v2) from its own text and from what it draws on."""

import posixpath

from ..model.environment import BuildBlock, Environment
from ..model.image import ImageReference
from ..model.job import HolderKind
from ..model.placeholder import is_filled_in_later
from ..syntax.nodes import Mapping, Pair, Scalar, Sequence, find, follow, is_merge
from ..syntax.scalars import kind_of, text_of
from . import azureml
from .dump import Dumped, dump
from .given import Conda, Given, Spec, holds_credential, holds_template, spec_of, strings
from .prediction import Counted, Formula, Kind, Place, Prediction, Sdk, identity
from .sdk_version import ask
from .tree import Tree
from .values import construct

CREDENTIAL = "it holds a credential: a hash would keep it for ever, and each new one would be another image"
TEMPLATE = "it holds a template: what fills it in decides which image it is"
BROKEN = "the file cannot be read as YAML"
LOOKING = "the build context is being read"
MERGED = "merge keys in it are nested too deep to be followed, or azure-ai-ml refuses them"
WINDOWS = "of Windows images no key is known"
NOT_ASKED = Sdk(None, "nobody asked")


def predict(definition: Environment, place: Place, given: Given) -> Prediction:
    """The prediction of one definition."""
    has_build = definition.build is not None
    kind = Kind.USER_MANAGED if has_build or not definition.conda_file else Kind.SYSTEM_MANAGED
    if not definition.is_whole:
        return Prediction(place, kind, unavailable=BROKEN, sdk=Sdk(None, BROKEN))
    spec = specification(definition, given)
    if holds_credential((*_written(definition), *given.texts, *strings(spec.value))):
        return Prediction(place, kind, unavailable=CREDENTIAL, sdk=Sdk(None, CREDENTIAL))
    if _is_template(definition, given):
        return Prediction(place, kind, unavailable=TEMPLATE, sdk=Sdk(None, TEMPLATE))
    if not _is_followed(definition):
        return Prediction(place, kind, unavailable=MERGED, sdk=Sdk(None, MERGED))
    if kind is Kind.SYSTEM_MANAGED and spec == Spec():
        kind = Kind.USER_MANAGED  # an empty specification is none to azure-ai-ml
    sdk = ask(definition, spec, given.tree, given.release) if given.wants_sdk else NOT_ASKED
    found = _predict(definition, Prediction(place, kind, sdk=sdk), spec, given)
    return found._replace(doubts=found.doubts + _doubts(definition)) if found.formula is Formula.AZUREML else found


def _predict(definition: Environment, start: Prediction, spec: Spec, given: Given) -> Prediction:
    system = _os_type(definition)
    if system != "linux":
        reason = WINDOWS if system == "windows" else "'os_type' is neither linux nor windows"
        return start._replace(unavailable=reason)
    if definition.has_mistaken("image", "conda_file", "build", "os_type"):
        return start._replace(unavailable="a key that azure-ai-ml does not know stands for one that would count")
    image = text_of(definition.image_pair)
    if definition.build is not None:
        if definition.image_pair is not None and image != "":
            return start._replace(unavailable="it has both 'image' and 'build', which the service refuses")
        return _of_context(definition, start, spec, given)
    if spec.problem is not None:
        return start._replace(unavailable=spec.problem)
    if image is None and definition.image_pair is not None:
        return start._replace(unavailable="the base image is no text")
    if not image or not image.strip():
        found = with_conda(start, None, spec.value, None, is_v1=False) if spec.value is not None else start
        return found._replace(unavailable="it names no base image")
    if spec.value is None:
        return of_counted(start, Counted(base_image=image))
    return with_conda(start, image, spec.value, definition.image, is_v1=False)


def _doubts(definition: Environment) -> tuple[str, ...]:
    """Why no public evidence covers a definition for what stands beside image and conda specification."""
    found = []
    if find(definition.node, "inference_config") is not None:
        found.append("no public key covers a definition with 'inference_config'")
    if definition.holder is not None and definition.holder.kind in _SPARK:
        found.append("no public key covers the environment of a Spark job")
    return tuple(found)


_SPARK = (HolderKind.SPARK_JOB, HolderKind.SPARK_COMPONENT)


def of_counted(start: Prediction, counted: Counted) -> Prediction:
    """The prediction with our own digest of what counted."""
    return start._replace(formula=Formula.ENVLENS, fingerprint=identity(counted)[:32], counted=counted)


def with_conda(
    start: Prediction, base: str | None, conda: object, image: ImageReference | None, *, is_v1: bool
) -> Prediction:
    """The prediction with Azure's own keys of a base image and a conda specification."""
    if not isinstance(conda, dict):
        return start._replace(unavailable="the conda specification is no mapping")
    dumped = azureml.conda_text(conda)
    if dumped.problem is not None:
        return start._replace(unavailable=dumped.problem)
    key = azureml.conda_key(dumped.text)
    if base is None:
        return start._replace(conda_key=key, doubts=azureml.doubts_about_conda(conda, dumped))
    doubts = azureml.doubts_about_conda(conda, dumped)
    doubts += azureml.doubts_about_base(base, image, is_v1=is_v1) if image else ("the base image is no plain text",)
    counted = Counted(base_image=base, conda=conda, conda_text=dumped.text)
    if is_v1 and not (image and image.digest):
        reason = "a v1 client hashes the base image with its digest, which does not stand here"
        return start._replace(conda_key=key, doubts=doubts, counted=counted, unavailable=reason)
    return start._replace(
        formula=Formula.AZUREML,
        fingerprint=azureml.image_key(base, key),
        doubts=doubts,
        conda_key=key,
        counted=counted,
    )


def _of_context(definition: Environment, start: Prediction, spec: Spec, given: Given) -> Prediction:
    block, tree = definition.context, given.tree
    if block is None or block.path is None:
        return start._replace(unavailable="the build has no 'path'")
    if block.folder is None:
        return start._replace(unavailable="the build context lies elsewhere, and its files are not known here")
    if block.dockerfile_path is None and not _is_empty(find(block.node, "dockerfile_path")):
        return start._replace(unavailable="the path of the Dockerfile is no text")
    if block.leaves_context:
        return start._replace(unavailable="the path of the Dockerfile leads out of the build context")
    if spec.problem is not None:
        return start._replace(unavailable=spec.problem)
    if tree is None:
        return start._replace(unavailable=LOOKING, is_pending=True)
    if tree.merkle is None:
        return start._replace(unavailable=tree.problem or LOOKING, notes=tree.notes)
    conda_text = None
    if spec.value is not None:  # sent beside the build: nobody knows what the service makes of it
        dumped = dump_conda(spec.value)
        if dumped.problem is not None:
            return start._replace(unavailable=dumped.problem)
        conda_text = dumped.text
    path = posixpath.normpath(block.dockerfile)
    counted = Counted(conda=spec.value, conda_text=conda_text, dockerfile_path=path, tree=tree)
    return of_counted(start, counted)._replace(notes=(*tree.notes, *_missing(path, tree), *_line_ends(tree)))


def dump_conda(value: object) -> Dumped:
    """A conda specification of any type as it is counted where the formula is ours: a mapping with an empty name."""
    return azureml.conda_text(value) if isinstance(value, dict) else dump(value)


def _missing(dockerfile: str, tree: Tree) -> tuple[str, ...]:
    name = dockerfile.encode("utf-8", "surrogatepass")
    if tree.is_file or any(leaf.path == name for leaf in tree.leaves):
        return ()
    return (f"'{dockerfile}' is not among the files that are uploaded: nothing can be built",)


def _line_ends(tree: Tree) -> tuple[str, ...]:
    if not tree.crlf:
        return ()
    first, others = tree.crlf[0], len(tree.crlf) - 1
    more = f" and {others} more" if others else ""
    return (f"'{first}'{more} with CRLF line ends: a checkout with LF gives another hash",)


def specification(definition: Environment, given: Given) -> Spec:
    """The conda specification of a definition; what azure-ai-ml takes for none is none."""
    pair = definition.conda_file
    if pair is None or definition.is_conda_empty:
        return Spec()
    value = follow(pair.value)
    if isinstance(value, Scalar):
        if definition.conda_path is None:
            is_text = kind_of(value) == "str"
            return Spec(problem=TEMPLATE if is_text else "the conda specification is neither a path nor a mapping")
        return spec_of(given.conda)
    return spec_of(Conda(value))


def _written(definition: Environment) -> list[str]:
    """What stands in a definition itself and counts, or leads to what counts."""
    pairs = [definition.image_pair, definition.conda_file, *_build_pairs(definition.context)]
    return [text for text in map(text_of, pairs) if text is not None]


def _is_template(definition: Environment, given: Given) -> bool:
    """Whether something else fills in what counts, before or after azure-ai-ml reads it."""
    for pair in (definition.image_pair, definition.os_type, *_build_pairs(definition.context)):
        value = follow(pair.value) if pair is not None else None
        if isinstance(value, Scalar) and kind_of(value) == "str" and is_filled_in_later(value):
            return True
        if isinstance(value, Mapping) and value.is_template:
            return True
    node = follow(definition.conda_file.value) if definition.conda_file else None
    if isinstance(node, Scalar) and kind_of(node) == "str" and is_filled_in_later(node):
        return True
    if isinstance(node, Mapping | Sequence) and holds_template(node):
        return True
    if given.conda is None:
        return False
    root = given.conda.root
    return holds_template(root) if root is not None else given.conda.is_template


def _build_pairs(block: BuildBlock | None) -> tuple[Pair | None, ...]:
    return (find(block.node, "path"), find(block.node, "dockerfile_path")) if block is not None else ()


def _is_followed(definition: Environment) -> bool:
    """Whether all that merge keys bring in is seen: they are followed a few levels deep only."""
    nodes = (definition.node, *((definition.context.node,) if definition.context else ()))
    if not any(is_merge(pair) for node in nodes for pair in node.pairs):
        return True
    value = construct(definition.node).value
    inner = value.get("build") if isinstance(value, dict) else None
    image, conda, build = definition.image_pair, definition.conda_file, definition.build
    path, dockerfile = _build_pairs(definition.context) or (None, None)
    return _agree(
        value, {"image": image, "conda_file": conda, "os_type": definition.os_type, "build": build}
    ) and _agree(inner if isinstance(inner, dict) else {}, {"path": path, "dockerfile_path": dockerfile})


def _agree(value: object, pairs: dict[str, Pair | None]) -> bool:
    """Whether the pairs that were found are those of the mapping that PyYAML makes."""
    if not isinstance(value, dict):
        return False
    texts = {key: each if isinstance(each, str) else None for key, each in value.items()}
    return all((key in texts) is (pair is not None) and texts.get(key) == text_of(pair) for key, pair in pairs.items())


def _is_empty(pair: Pair | None) -> bool:
    return pair is None or text_of(pair) == ""


def _os_type(definition: Environment) -> str | None:
    """The operating system in lower case, None for what is no text."""
    text = text_of(definition.os_type)
    return "linux" if definition.os_type is None else text.lower() if text is not None else None
