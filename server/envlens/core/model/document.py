"""One file of ours, parsed and modelled, and the decision whether a file is ours at all."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from ..syntax import yaml_tree
from ..syntax.joined import Joined
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Mapping, Node, Scalar, follow, key_text
from ..syntax.requirements import Requirement
from ..syntax.schema import Schema, SchemaFailure
from ..syntax.yaml_tree import YamlTree
from ..text.source import Source
from ..text.span import Span
from . import conda, environment, job, v1
from .conda import CondaSpec
from .dockerfile import Dockerfile, Known
from .environment import BuildBlock, Environment
from .job import Holder
from .reference import Reference
from .v1 import V1Environment

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded where such a file is met: a run over YAML needs neither
    from ..syntax.dockerfile import Before
    from ..syntax.requirements_file import RequirementsFile


class FileKind(StrEnum):
    """The kinds of file that are ours; the values are what the `include` setting takes."""

    ENVIRONMENT = "environment"
    CONDA = "conda"
    REQUIREMENTS = "requirements"
    DOCKERFILE = "dockerfile"
    JOB = "job"
    V1 = "v1"

    @property
    def is_yaml(self) -> bool:
        """Whether its text is YAML, or JSON, which is parsed as such."""
        return self not in _PLAIN


_PLAIN = frozenset({FileKind.REQUIREMENTS, FileKind.DOCKERFILE})


class Draw(NamedTuple):
    """A path that a document draws on, as written.

    `kind` is what it makes of the file, None where it is only looked at.
    `span` is where it is written, empty where nothing is. `context` is the build context, for the Dockerfile of one.
    `in_context` says that the path counts from the build context and not from the folder of the document.
    `as_constraint`: a requirements file of which nothing is installed.
    """

    path: str
    kind: FileKind | None
    span: Span = Span(0, 0)
    context: str | None = None
    in_context: bool = False
    as_constraint: bool = False


class Document(NamedTuple):
    """A file in scope. For an oversized file the source is empty and `size_limit` what it may have, in bytes."""

    source: Source
    kind: FileKind
    tree: YamlTree
    environments: tuple[Environment, ...] = ()
    references: tuple[Reference, ...] = ()
    holders: tuple[Holder, ...] = ()
    specs: tuple[CondaSpec, ...] = ()
    v1: V1Environment | None = None
    requirements: "RequirementsFile | None" = None
    dockerfile: Dockerfile | None = None
    failures: tuple[SchemaFailure, ...] = ()
    size_limit: int | None = None
    draws: tuple[Draw, ...] = ()
    """What it draws on, in the order of the file."""

    @property
    def path(self) -> str:
        """The path of its source."""
        return self.source.path

    @property
    def root(self) -> Node | None:
        """The root node, aliases followed; None for a file that is no YAML."""
        return follow(self.tree.root) if self.tree.root is not None else None

    @property
    def environment(self) -> Environment | None:
        """The definition that the file is, None for a file that only holds some."""
        return self.environments[0] if self.kind is FileKind.ENVIRONMENT and self.environments else None

    @property
    def is_template(self) -> bool:
        """Whether the text is made for a template engine, so that YAML errors in it are no mistakes."""
        return _TEMPLATE.search(self.source.text) is not None

    @property
    def is_whole(self) -> bool:
        """Whether everything was read: only then may a rule say that something is missing."""
        return self.tree.is_whole and not self.source.problem and not self.size_limit

    def entries(self) -> Iterator[tuple[MatchSpec | Requirement, Scalar | Joined]]:
        """The packages, each with the text in the file that it was read from."""
        for spec in self.specs:
            for entry in spec.entries:
                if entry.spec is not None:
                    yield entry.spec, entry.scalar
            for block in spec.pip_blocks:
                for item in block.entries:
                    yield item.requirement, item.scalar
        if self.requirements is not None:
            for line in self.requirements.lines:
                if line.requirement is not None:
                    yield line.requirement, line.joined
        if self.dockerfile is not None:
            yield from self.dockerfile.packages


# Not behind a `#`: what a comment says of templates makes no template.
_TEMPLATE = re.compile(r"^[^#\r\n]*\{[{%]", re.MULTILINE)
_NO_TREE = YamlTree(None, (), ())

DEFAULT_CONDA_NAMES = tuple(
    f"{stem}.{ending}" for stem in ("conda", "conda_dependencies", "environment") for ending in ("yml", "yaml")
)


def classify(tree: YamlTree) -> FileKind | None:
    """The kind that `$schema` or the shape of a YAML document shows, None for somebody else's."""
    root = follow(tree.root) if tree.root is not None else None
    schema = environment.schema_kind(root)
    if schema is not None:
        if schema == "environment":
            return FileKind.ENVIRONMENT
        return FileKind.JOB if job.kind_of(root) else None
    if environment.has_environment_shape(root) and not conda.has_conda_shape(root):
        return FileKind.ENVIRONMENT
    if conda.has_conda_shape(root):
        return FileKind.CONDA
    return FileKind.JOB if job.kind_of(root) else None


_REQUIREMENTS_NAME = re.compile(r"(?i).*requirements.*\.(txt|in)|.*constraints.*\.txt|.*\.requirements")
_DOCKERFILE_NAME = re.compile(r"(?i)(.*[-._])?(dockerfile|containerfile)([-._].*)?|base_?dockerfile")
# `dockerfile.md` tells of one, `dockerfile_test.go` tries one.
_ABOUT_DOCKERFILES = re.compile(r"(?i)\.(md|rst|html|go|py|js|ts|java|rb|sh|bat|ps1)$")
_YAML_NAME = re.compile(r"(?i).*\.ya?ml|.*\.json")


def kind_by_name(path: str) -> FileKind | None:
    """The kind that a file's name shows, for a file that somebody asks for; None where its content decides."""
    name = path.rpartition("/")[2]
    if name == v1.FILE_NAME:
        return FileKind.V1
    if _YAML_NAME.fullmatch(name):
        return None
    if _REQUIREMENTS_NAME.fullmatch(name) or (name.endswith(".txt") and "requirements" in path.split("/")[-2:-1]):
        return FileKind.REQUIREMENTS
    return FileKind.DOCKERFILE if _DOCKERFILE_NAME.fullmatch(name) and not _ABOUT_DOCKERFILES.search(name) else None


def is_somebody_elses(tree: YamlTree) -> bool:
    """Whether a document says clearly that it is another tool's: by its `$schema` or by a key that only others have."""
    root = follow(tree.root) if tree.root is not None else None
    if job.kind_of(root):
        return False
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


def parse_yaml(source: Source, kind: FileKind | None = None) -> YamlTree:
    """The tree of a text that is YAML. JSON allows tabs where YAML does not."""
    return yaml_tree.parse(source.text.replace("\t", " ") if kind is FileKind.V1 else source.text)


def build(
    source: Source,
    kind: FileKind,
    schema: Schema | None,
    tree: YamlTree | None = None,
    reuse: "Reuse | None" = None,
) -> Document:
    """The document of a file whose kind is decided. `schema` is that of environments, where they are checked by it."""
    document = _build(source, kind, schema, tree, reuse)
    return document._replace(draws=tuple(dict.fromkeys(_draws(document))))


def _build(
    source: Source, kind: FileKind, schema: Schema | None, tree: YamlTree | None, reuse: "Reuse | None"
) -> Document:
    if kind is FileKind.REQUIREMENTS:
        from ..syntax import requirements_file

        return Document(source, kind, _NO_TREE, requirements=requirements_file.parse(source.text))
    if kind is FileKind.DOCKERFILE:
        from . import dockerfile_reader

        text = "" if source.is_utf16 else source.text  # Docker can read nothing of UTF-16
        return Document(source, kind, _NO_TREE, dockerfile=dockerfile_reader.build(text, *_known(reuse)))
    tree = tree or parse_yaml(source, kind)
    root = follow(tree.root) if tree.root is not None else None
    is_whole = tree.is_whole and not source.problem
    document = Document(source, kind, tree)
    if kind is FileKind.CONDA:
        return (
            document._replace(specs=(conda.build(root, is_whole=is_whole),)) if isinstance(root, Mapping) else document
        )
    if kind is FileKind.V1:
        return _v1(document, root, is_whole)
    if kind is FileKind.JOB:
        return _job(document, root, schema, is_whole) if isinstance(root, Mapping) else document
    failures = schema.failures(root) if schema and root is not None else ()
    if root is None and is_whole:
        failures = (SchemaFailure("type", (), Span(0, 0), "", ("object",), None, None),)
    document = document._replace(failures=_sure(failures, is_whole))
    if not isinstance(root, Mapping):
        return document
    definition = environment.build(root, is_whole=is_whole)
    return document._replace(environments=(definition,), specs=_specs([definition]))


class Reuse(NamedTuple):
    """What saves time and changes nothing: what instructions of Dockerfiles mean, an earlier version of a document."""

    known: Known
    before: Document | None = None


def _known(reuse: Reuse | None) -> "tuple[Known | None, Before | None]":
    if reuse is None:
        return None, None
    before = reuse.before
    if before is None or before.dockerfile is None or before.source.is_utf16:
        return reuse.known, None
    from ..syntax.dockerfile import Before

    return reuse.known, Before(before.source.text, before.dockerfile.tree)


def _v1(document: Document, root: Node | None, is_whole: bool) -> Document:
    if not isinstance(root, Mapping):
        return document
    definition = v1.build(root, is_whole=is_whole)
    return document._replace(v1=definition, specs=(definition.conda,) if definition.conda else ())


def _job(document: Document, root: Mapping, schema: Schema | None, is_whole: bool) -> Document:
    """The environments that a job, component or deployment holds, and those that it refers to."""
    kind = job.kind_of(root)
    holders = tuple(job.holders(root, kind)) if kind else ()
    environments: dict[int, Environment] = {}  # by node: an anchor can put one mapping in several places
    references: list[Reference] = []
    failures: list[SchemaFailure] = []
    for holder in holders:
        value = follow(holder.pair.value) if holder.pair else None
        found = holder.reference
        if found is not None:
            references.append(found)
        elif isinstance(value, Mapping) and not value.is_template and id(value) not in environments:
            definition = environments[id(value)] = environment.build(value, is_whole=is_whole, holder=holder)
            refused = schema.failures(value) if schema else ()
            failures += [each for each in refused if _counts_inline(each, definition)]
    made = tuple(environments.values())
    return document._replace(
        environments=made,
        references=tuple(references),
        holders=holders,
        specs=_specs(made),
        failures=_sure(tuple(failures), is_whole),
    )


def _counts_inline(failure: SchemaFailure, definition: Environment) -> bool:
    """Whether it is refused inside a job: a name is not needed there, and jobs drop name and version unread."""
    if failure.path == ():
        return failure.keyword != "required"
    return definition.keeps_name or failure.path[0] not in {"name", "version"}


def _specs(definitions: Sequence[Environment]) -> tuple[CondaSpec, ...]:
    return tuple(each.conda for each in definitions if each.conda is not None)


def _sure(failures: tuple[SchemaFailure, ...], is_whole: bool) -> tuple[SchemaFailure, ...]:
    """The failures that stand in broken text too: what is missing may be what could not be read."""
    if is_whole:
        return failures
    return tuple(each for each in failures if each.keyword != "required" and not _is_empty(each))


def _is_empty(failure: SchemaFailure) -> bool:
    """Whether a value is empty: in a broken file its content may be what could not be read."""
    value = follow(failure.pair.value) if failure.pair else None
    return isinstance(value, Scalar) and not value.text and value.is_plain


def oversized(path: str, kind: FileKind, limit: int) -> Document:
    """The document of a file that is too large to be read."""
    return Document(Source(path, ""), kind, _NO_TREE, size_limit=limit)


def _draws(document: Document) -> Iterator[Draw]:
    for definition in document.environments:
        if definition.conda_path:
            yield Draw(definition.conda_path.text, FileKind.CONDA, _text_span(definition.conda_path))
        if definition.context:
            yield from _context_draws(definition.context)
    for spec in document.specs:
        for line in spec.option_lines():
            for option in line.options:
                if option.name in INCLUDES and option.value and not _is_remote(option.value):
                    # What pip makes of it, it makes where the image is built.
                    yield Draw(option.value, None, option.value_span)
    for each in document.references:
        if each.path:
            yield Draw(each.path, FileKind.ENVIRONMENT, each.span_of(len(each.text) - len(each.path), len(each.text)))
    if document.v1 is not None:
        yield Draw(v1.CONDA_FILE, FileKind.CONDA)
        yield Draw(v1.DOCKERFILE, FileKind.DOCKERFILE)
    if document.requirements is not None:
        for option in document.requirements.option_values(*INCLUDES):
            if option.value and not _is_remote(option.value):
                constraint = option.name == CONSTRAINT
                yield Draw(option.value, FileKind.REQUIREMENTS, option.value_span, as_constraint=constraint)
    if document.dockerfile is not None:
        for kind, found in (
            (FileKind.REQUIREMENTS, document.dockerfile.requirements),
            (FileKind.CONDA, document.dockerfile.conda_files),
        ):
            for taken in found:
                for path in taken.candidates:
                    yield Draw(path, kind, taken.word.span, in_context=True)


def _context_draws(block: BuildBlock) -> Iterator[Draw]:
    folder = block.folder
    if folder and block.path:
        span = _text_span(block.path)
        yield Draw(folder, None, span)
        named = _text_span(block.dockerfile_path) if block.dockerfile_path else span
        yield Draw(f"{folder}/{block.dockerfile}", FileKind.DOCKERFILE, named, context=folder)


def _text_span(scalar: Scalar) -> Span:
    return scalar.span_of(0, len(scalar.text))


CONSTRAINT = "--constraint"
INCLUDES = ("--requirement", CONSTRAINT)


def _is_remote(path: str) -> bool:
    return "://" in path or "$" in path
