"""One file of ours, parsed and modelled, and the decision whether a file is ours at all."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ..syntax import yaml_tree
from ..syntax.nodes import Mapping, Node, Scalar, follow, key_text
from ..syntax.schema import Schema, SchemaFailure
from ..syntax.yaml_tree import YamlTree
from ..text.source import Source
from ..text.span import Span
from . import conda, environment
from .conda import CondaSpec
from .environment import Environment


class FileKind(StrEnum):
    """The kinds of file that are ours; the values are what the `include` setting takes."""

    ENVIRONMENT = "environment"
    CONDA = "conda"


class Document(NamedTuple):
    """A file in scope. For an oversized file the source is empty and `size_limit` what it may have, in bytes."""

    source: Source
    kind: FileKind
    tree: YamlTree
    environment: Environment | None = None
    conda: CondaSpec | None = None
    failures: tuple[SchemaFailure, ...] = ()
    size_limit: int | None = None

    @property
    def path(self) -> str:
        """The path of its source."""
        return self.source.path

    @property
    def root(self) -> Node | None:
        """The root node, aliases followed."""
        return follow(self.tree.root) if self.tree.root is not None else None

    @property
    def is_template(self) -> bool:
        """Whether the text is made for a template engine, so that YAML errors in it are no mistakes."""
        return _TEMPLATE.search(self.source.text) is not None

    @property
    def is_whole(self) -> bool:
        """Whether everything was read: only then may a rule say that something is missing."""
        return self.tree.is_whole and not self.source.problem and not self.size_limit


# Not behind a `#`: what a comment says of templates makes no template.
_TEMPLATE = re.compile(r"^[^#\r\n]*\{[{%]", re.MULTILINE)

DEFAULT_CONDA_NAMES = tuple(
    f"{stem}.{ending}" for stem in ("conda", "conda_dependencies", "environment") for ending in ("yml", "yaml")
)


def classify(tree: YamlTree) -> FileKind | None:
    """The kind that `$schema` or the shape of a document shows, None for somebody else's."""
    root = follow(tree.root) if tree.root is not None else None
    schema = environment.schema_kind(root)
    if schema is not None:
        return FileKind.ENVIRONMENT if schema == "environment" else None
    if environment.has_environment_shape(root) and not conda.has_conda_shape(root):
        return FileKind.ENVIRONMENT
    return FileKind.CONDA if conda.has_conda_shape(root) else None


def is_somebody_elses(tree: YamlTree) -> bool:
    """Whether a document says clearly that it is another tool's: by its `$schema` or by a key that only others have."""
    root = follow(tree.root) if tree.root is not None else None
    if environment.schema_kind(root) not in {None, "environment"}:
        return True
    return isinstance(root, Mapping) and any(key_text(pair) in _OTHERS_KEYS for pair in root.pairs)


_OTHERS_KEYS = {
    "services",
    "jobs",
    "steps",
    "stages",
    "apiVersion",
    "kind",
    "runs",
    "on",
    "command",
    "trial",
    "traffic",
}


def build(source: Source, kind: FileKind, schema: Schema | None, tree: YamlTree | None = None) -> Document:
    """The document of a file whose kind is decided."""
    tree = tree or yaml_tree.parse(source.text)
    root = follow(tree.root) if tree.root is not None else None
    is_whole = tree.is_whole and not source.problem
    if kind is FileKind.CONDA:
        spec = conda.build(root, is_whole=is_whole) if isinstance(root, Mapping) else None
        return Document(source, kind, tree, conda=spec)
    failures = schema.failures(root) if schema and root is not None else ()
    if root is None and is_whole:
        failures = (SchemaFailure("type", (), Span(0, 0), "", ("object",), None, None),)
    if not is_whole:
        failures = tuple(each for each in failures if each.keyword != "required" and not _is_empty(each))
    if not isinstance(root, Mapping):
        return Document(source, kind, tree, failures=failures)
    definition = environment.build(root, is_whole=is_whole)
    return Document(source, kind, tree, environment=definition, conda=definition.conda, failures=failures)


def _is_empty(failure: SchemaFailure) -> bool:
    """Whether a value is empty: in a broken file its content may be what could not be read."""
    value = follow(failure.pair.value) if failure.pair else None
    return isinstance(value, Scalar) and not value.text and value.is_plain


def oversized(path: str, kind: FileKind, limit: int) -> Document:
    """The document of a file that is too large to be read."""
    return Document(Source(path, ""), kind, YamlTree(None, (), ()), size_limit=limit)


def drawn_paths(document: Document) -> Sequence[str]:
    """The paths that a document draws on, as written in it."""
    path = document.environment.conda_path if document.environment else None
    return (path.text,) if path else ()
