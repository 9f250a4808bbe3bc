"""An environment definition (CLI v2): the mapping of an environment YAML and what its keys mean."""

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..syntax.nodes import Mapping, Node, Pair, Scalar, Sequence, find, follow, key_text
from ..syntax.scalars import kind_of, value_of
from ..text.source import Source
from ..text.span import Span
from ..text.spelling import nearest
from . import conda, image
from .conda import CondaSpec
from .image import ImageReference
from .placeholder import is_filled_in_later

if TYPE_CHECKING:  # a job holds environments, and an environment knows what holds it
    from .job import Holder

# facts/sdk.md section 1: what azure-ai-ml 1.35.2 takes; the last three are dropped unread.
KEYS = (
    "$schema",
    "name",
    "version",
    "description",
    "tags",
    "image",
    "conda_file",
    "build",
    "os_type",
    "inference_config",
    "datastore",
    "auto_delete_setting",
    "id",
    "creation_context",
    "latest_version",
    "intellectual_property",
)
# What the service refuses as the beginning of a name: so Microsoft's own are called.
RESERVED_PREFIXES = ("AzureML", "Microsoft")
# The routes of `inference_config`.
ROUTES = ("liveness_route", "readiness_route", "scoring_route")
# Keys that people write in an environment by mistake; they do not make it somebody else's file.
MISTAKEN_KEYS = (
    "channels",
    "conda",
    "condaFile",
    "conda_dependencies",
    "dependencies",
    "docker",
    "dockerfile",
    "base_image",
    "environment_variables",
    "is_anonymous",
    "packages",
    "pip",
    "properties",
    "variables",
)
# What people write for a key of ours, where the spelling does not show it.
_MEANT = {
    "base_image": "image",
    "conda": "conda_file",
    "condaFile": "conda_file",
    "conda_dependencies": "conda_file",
    "docker": "image",
    "dockerImage": "image",
    "docker_image": "image",
    "dockerfile": "build",
    "inferenceConfig": "inference_config",
    "labels": "tags",
    "osType": "os_type",
}


@lru_cache(maxsize=1024)
def near_key(key: str) -> str | None:
    """The key of an environment that `key` is a slip of the pen for, if it is one."""
    if key in KEYS or not _WORD.fullmatch(key):
        return None  # `name:x`, a blank forgotten, is no slip for `name`: its value would be lost
    return nearest(key.lower(), KEYS, cutoff=0.75)


def meant_key(key: str) -> str | None:
    """The key of an environment in whose place people write `key`; None for a key that is right, or a riddle."""
    return None if key in KEYS else near_key(key) or _MEANT.get(key)


_WORD = re.compile(r"[$A-Za-z][\w -]{0,30}", re.ASCII)
_MAX_GUESSED = 200


def is_guessable(mapping: Mapping) -> bool:
    """Whether to ask what unknown keys were meant to be: it takes a millisecond a key, and hundreds are no slip."""
    return len(mapping.pairs) <= _MAX_GUESSED


class BuildBlock(NamedTuple):
    """The mapping under `build:`. Scalars are None where the key is absent or holds no usable text."""

    node: Mapping
    path: Scalar | None
    dockerfile_path: Scalar | None

    @property
    def folder(self) -> str | None:
        """The context folder as written, None for an address or nothing."""
        return None if self.path is None or is_address(self.path.text) else self.path.text

    @property
    def dockerfile(self) -> str:
        """The path of the Dockerfile in the context, as written or by default."""
        return self.dockerfile_path.text if self.dockerfile_path else "Dockerfile"

    @property
    def leaves_context(self) -> bool:
        """Whether the path of the Dockerfile leads out of the context folder, as far as the text shows."""
        path = self.dockerfile.replace("\\", "/")
        return path.startswith("/") or posixpath.normpath(path).split("/")[0] == ".."


_BUILD_KEYS = ("path", "dockerfile_path")
_MEANT_IN_BUILD = {
    "context": "path",
    "dir": "path",
    "directory": "path",
    "docker_file": "dockerfile_path",
    "dockerfile": "dockerfile_path",
    "dockerFile": "dockerfile_path",
    "Dockerfile": "dockerfile_path",
    "file": "dockerfile_path",
    "folder": "path",
    "local_path": "path",
}


def near_build_key(key: str) -> str | None:
    """The key of `build:` that `key` is a slip of the pen for, if it is one."""
    if key in _BUILD_KEYS or key in _MEANT_IN_BUILD or not _WORD.fullmatch(key):
        return None
    return nearest(key.lower(), _BUILD_KEYS, cutoff=0.7)


def meant_build_key(key: str) -> str | None:
    """The key of `build:` in whose place people write `key`; None for a key that is right, or a riddle."""
    return None if key in _BUILD_KEYS else near_build_key(key) or _MEANT_IN_BUILD.get(key)


def is_address(path: str) -> bool:
    """Whether a build path is no folder but something with a scheme (`https://…`, `azureml:…`, `git@host:…`)."""
    return _SCHEME.match(path) is not None


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|git@")


class Definition(NamedTuple):
    """A named definition somewhere in the folder, as little of it as is needed to find and to refer to it.

    `version` is as the SDK reads it, empty where there is none. `span` is where the name stands, `line` its line from
    0 and `head` that line up to the name's end, so that its place can be told without reading the file again.
    """

    name: str
    version: str
    path: str
    span: Span
    line: int
    head: str


class Environment(NamedTuple):
    """A definition. Pairs are None where the key is absent; `is_whole` is false where the YAML is broken.

    `holder` is what it stands in; None for an environment file.
    """

    node: Mapping
    is_whole: bool
    name: Pair | None
    version: Pair | None
    image_pair: Pair | None
    image: ImageReference | None
    build: Pair | None
    conda_file: Pair | None
    os_type: Pair | None
    conda: CondaSpec | None
    context: BuildBlock | None = None
    holder: "Holder | None" = None

    @property
    def keeps_name(self) -> bool:
        """Whether it is registered under its name and version: jobs and components drop both unread."""
        return self.holder is None or self.holder.keeps_name

    @property
    def registered_name(self) -> Scalar | None:
        """The name that it is registered under, where that is a text and stands there."""
        return _text(self.name) if self.keeps_name else None

    @property
    def registered_version(self) -> Scalar | None:
        """The version that it is registered under, where that is a text and stands there."""
        return _text(self.version) if self.keeps_name else None

    def has_mistaken(self, *keys: str) -> bool:
        """Whether a key that is wrong was probably meant to be one of `keys`, which is then not missing."""
        return any(meant_key(key_text(pair) or "") in keys for pair in self.node.pairs[:_MAX_GUESSED])

    @property
    def is_conda_empty(self) -> bool:
        """Whether `conda_file` has a value that the client takes for none: `""`, `{}`, `[]`, `false`, `0`."""
        value = follow(self.conda_file.value) if self.conda_file else None
        if isinstance(value, Mapping | Sequence):
            return not (value.pairs if isinstance(value, Mapping) else value.items)
        return isinstance(value, Scalar) and kind_of(value) != "null" and not value_of(value)

    @property
    def conda_path(self) -> Scalar | None:
        """The path under `conda_file`, where it is one."""
        value = _text(self.conda_file)
        return value if value is not None and value.text else None


def build(node: Mapping, *, is_whole: bool, holder: "Holder | None" = None) -> Environment:
    """The definition that a mapping holds."""
    pairs = {key: find(node, key) for key in ("name", "version", "image", "build", "conda_file", "os_type")}
    image_value = _value(pairs["image"])
    conda_value = _value(pairs["conda_file"])
    build_value = _value(pairs["build"])
    return Environment(
        node,
        is_whole,
        pairs["name"],
        pairs["version"],
        pairs["image"],
        image.parse(image_value) if isinstance(image_value, Scalar) and kind_of(image_value) == "str" else None,
        pairs["build"],
        pairs["conda_file"],
        pairs["os_type"],
        conda.build(conda_value, is_whole=is_whole)
        if isinstance(conda_value, Mapping) and not conda_value.is_template
        else None,
        BuildBlock(build_value, _path(build_value, "path"), _path(build_value, "dockerfile_path"))
        if isinstance(build_value, Mapping)
        else None,
        holder,
    )


def _path(node: Mapping, key: str) -> Scalar | None:
    value = _text(find(node, key))
    return value if value is not None and value.text else None


def _text(pair: Pair | None) -> Scalar | None:
    """A value that is a text, and not one that something else fills in."""
    value = follow(pair.value) if pair else None
    if not isinstance(value, Scalar) or kind_of(value) != "str" or is_filled_in_later(value):
        return None
    return value


def has_inline_shape(node: Mapping) -> bool:
    """Whether a mapping under `environment:` looks like a definition, and not like a list of variables."""
    keys = {key_text(pair) for pair in node.pairs}
    return bool(keys & {"image", "conda_file", "build"}) and keys <= _OWN


def define(source: Source, environment: Environment | None) -> Definition | None:
    """What others need to know of a definition; None for one without a name that can be referred to."""
    if environment is None:
        return None
    name, version = _value(environment.name), _value(environment.version)
    if not isinstance(name, Scalar) or not name.text or name.is_template or kind_of(name) != "str":
        return None
    span = name.span_of(0, len(name.text))
    line = source.lines.line_of(span.start)
    head = source.text[source.lines.line_start(line) : min(span.end, source.lines.line_end(line))]
    has_version = isinstance(version, Scalar) and kind_of(version) in {"str", "int", "float", "bool"}
    written = str(value_of(version)) if isinstance(version, Scalar) and has_version else ""
    return Definition(name.text, written, source.path, span, line, head)


def has_environment_shape(node: Node | None) -> bool:
    """Whether a document without `$schema` looks like an environment definition and like nothing else."""
    if not isinstance(node, Mapping):
        return False
    keys = {key_text(pair) for pair in node.pairs}
    strange = keys - _OWN
    # One or two slips of the pen do not make it somebody else's file; anything stranger does.
    if len(strange) > 2 or not all(key and nearest(key, KEYS, cutoff=0.75) for key in strange):
        return False
    build_pair = find(node, "build")
    build_value = follow(build_pair.value) if build_pair else None
    builds = isinstance(build_value, Mapping) and any(
        key_text(pair) in {"path", "dockerfile_path"} for pair in build_value.pairs
    )
    return "conda_file" in keys or ("name" in keys and ("image" in keys or builds))


def schema_kind(node: Node | None) -> str | None:
    """The file name under `$schema`, lower case and without its endings: `environment`, `commandjob`; None without."""
    pair = find(node, "$schema") if isinstance(node, Mapping) else None
    value = follow(pair.value) if pair else None
    if not isinstance(value, Scalar) or not value.text.strip():
        return None
    name = value.text.strip().rstrip("/#").replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".json").removesuffix(".schema")


_OWN = {*KEYS, *MISTAKEN_KEYS}


def _value(pair: Pair | None) -> Node | None:
    return follow(pair.value) if pair else None
