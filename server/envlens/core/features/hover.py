"""What a person sees when pointing at a key, a value, a package, a finding or an ignore comment."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingABC
from typing import TYPE_CHECKING, NamedTuple

from ..index.snapshot import Snapshot
from ..model.conda import CondaSpec
from ..model.dockerfile import Dockerfile
from ..model.document import Document, FileKind
from ..model.image import ImageReference
from ..model.reference import Form, Reference, registry_parts
from ..rules import RULES
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Mapping, Node, Pair, key_text
from ..syntax.pins import Pin
from ..syntax.requirements import LineKind, Requirement
from ..syntax.schema import Schema
from ..text.diagnostic import Diagnostic
from ..text.span import Span
from . import dockerfile_places, hash_hover, registered_hover
from .pages import summary, why

if TYPE_CHECKING:
    from ..hashing.prediction import Prediction
    from ..syntax.requirements_file import RequirementsFile

_COMMENT_RULE = re.compile(r"#\s*envlens:\s*ignore(?:-file)?\[([^\]\r\n]*)\]")
_CONDA_KEYS = {
    "name": "Name of the conda environment. Azure ML replaces it: it has no influence on the image.",
    "channels": "Channels in which conda looks for packages, the first having the highest priority. "
    "Their order is part of what the image is: another order is another image.",
    "dependencies": "Conda packages, and under `pip:` pip requirements, installed after them. "
    "Order counts: moving an entry makes Azure ML build another image.",
    "prefix": "Path of the environment on the machine where it was exported. Better left out.",
    "variables": "Environment variables that conda sets when the environment is activated.",
    "pip": "Packages that pip installs after conda is done. They follow pip's syntax: `==`, not `=`.",
}
_PINS = {
    Pin.NONE: "any version: the build chooses one",
    Pin.RANGE: "a range: the build chooses within it",
    Pin.SERIES: "one series: a new patch version can still come in",
    Pin.EXACT: "exactly this version",
}


class Hover(NamedTuple):
    """Markdown, and the span that it is about."""

    span: Span
    markdown: str


class Known(NamedTuple):
    """What is known of a document: its findings, the schema of its keys, and how to come by its predictions."""

    diagnostics: Sequence[Diagnostic]
    schema: Schema
    predict: Callable[[], "Sequence[Prediction]"]


def hover(snapshot: Snapshot, document: Document, offset: int, known: Known) -> Hover | None:
    """The hover at an offset: the value's own description, then what the findings there mean."""
    comment = _ignore_comment(document, offset)
    if comment:
        return comment
    about = _about(snapshot, document, offset, known.schema)
    predicted = hash_hover.about(snapshot, document, offset, known.predict)
    found = [each for each in known.diagnostics if each.span.start <= offset < max(each.span.end, each.span.start + 1)]
    parts = [f"**{each.rule}** · {each.severity.label}\n\n{why(each.rule)}" for each in found]
    parts += [predicted[1]] if predicted else []
    parts += [about.markdown] if about else []
    spans = [each.span for each in (*found, about) if each] + ([predicted[0]] if predicted else [])
    return Hover(spans[0], "\n\n---\n\n".join(dict.fromkeys(parts))) if parts else None


def _ignore_comment(document: Document, offset: int) -> Hover | None:
    lines = document.source.lines
    start = lines.line_start(lines.line_of(offset))
    for found in _COMMENT_RULE.finditer(lines.line_text(lines.line_of(offset))):
        for name in re.finditer(r"[^,\s]+", found[1]):
            span = Span(start + found.start(1) + name.start(), start + found.start(1) + name.end())
            if span.contains(offset):
                text = f"**{name[0]}**: {summary(name[0])}" if name[0] in RULES else f"no rule is called `{name[0]}`"
                return Hover(span, text)
    return None


def _about(snapshot: Snapshot, document: Document, offset: int, schema: Schema) -> Hover | None:
    for reference in document.references:
        if reference.scalar.span.contains(offset):
            return Hover(reference.scalar.span, _describe_reference(reference, snapshot))
    if document.dockerfile is not None:
        return _about_dockerfile(document.dockerfile, snapshot, offset)
    spec = next((each for each in document.specs if each.node.span.contains(offset)), None)
    entry = _package(spec, offset) if spec else None
    if entry:
        return Hover(entry[0], _describe_package(entry[1], snapshot))
    if spec is not None:
        return _about_key(spec.node, offset, _CONDA_KEYS)
    if document.requirements is not None:
        return _requirements_line(document.requirements, offset, snapshot)
    definition = next((each for each in document.environments if each.node.span.contains(offset)), None)
    chain = _chain(definition.node if definition else document.root, offset)
    if not chain:
        return None
    pair = chain[-1]
    path = [text for pair in chain if (text := key_text(pair)) is not None]
    span = pair.key.span if pair.key.span.contains(offset) else pair.value.span
    image = definition.image if definition else None
    if path == ["image"] and image and not pair.key.span.contains(offset):
        return Hover(span, _describe_image(image, snapshot))
    # In a job only the environments are ours to explain.
    described = schema.description(path) if definition or document.kind is FileKind.ENVIRONMENT else {}
    text = described.get("description")
    return Hover(span, f"**{'.'.join(path)}**\n\n{text}") if text else None


def _about_key(node: Node, offset: int, described: MappingABC[str, str]) -> Hover | None:
    chain = _chain(node, offset)
    text = described.get(key_text(chain[-1]) or "") if chain else None
    if not text:
        return None
    pair = chain[-1]
    span = pair.key.span if pair.key.span.contains(offset) else pair.value.span
    return Hover(span, f"**{key_text(pair)}**\n\n{text}")


def _describe_reference(reference: Reference, snapshot: Snapshot) -> str:
    registry = registry_parts(reference)
    if registry:
        lines = [f"**{registry.name}** · environment of the registry `{registry.registry}`"]
        lines.append(f"{'label' if registry.by == 'labels' else 'version'} `{registry.version}`")
    elif reference.form is Form.FILE:
        lines = [f"**{reference.path}** · definition in a file, used without being registered"]
    elif reference.form is Form.SHORT:
        lines = [f"**{reference.name}** · {'curated' if reference.is_curated else 'registered'} environment"]
        if reference.label == "latest":
            lines.append("the version that was made last, when the job is sent: the same file can give another image")
        elif reference.version:
            lines.append(f"version `{reference.version}`")
        looked = snapshot.names.get(reference.name)
        if looked is not None and looked.registered is not None and not reference.is_curated:
            lines += registered_hover.describe(reference, looked.registered)
    else:
        lines = [f"`{reference.text}` · reference to an environment"]
    return "\n\n".join(lines)


def _about_dockerfile(dockerfile: Dockerfile, snapshot: Snapshot, offset: int) -> Hover | None:
    found = dockerfile_places.find(dockerfile, offset)
    if found is None:
        return None
    span, thing = found
    if isinstance(thing, ImageReference):
        return Hover(span, _describe_image(thing, snapshot))
    return Hover(span, thing if isinstance(thing, str) else _describe_package(thing, snapshot))


def _chain(root: Node | None, offset: int) -> list[Pair]:
    """The pairs from the root down to the one that holds the offset."""
    chain: list[Pair] = []
    node = root
    while isinstance(node, Mapping):
        pair = next(
            (each for each in node.pairs if each.key.span.contains(offset) or each.value.span.contains(offset)), None
        )
        if pair is None:
            break
        chain.append(pair)
        if pair.key.span.contains(offset):
            break
        node = pair.value
    return chain


def _package(spec: CondaSpec, offset: int) -> tuple[Span, MatchSpec | Requirement] | None:
    for entry in spec.entries:
        if entry.spec and entry.scalar.span.contains(offset):
            return entry.scalar.span, entry.spec
    for block in spec.pip_blocks:
        if block.item.contains(offset):
            return None
        for item in block.entries:
            if item.scalar.span.contains(offset) and item.requirement.kind is LineKind.REQUIREMENT:
                return item.scalar.span, item.requirement
    return None


def _requirements_line(found: "RequirementsFile", offset: int, snapshot: Snapshot) -> Hover | None:
    """The option at an offset, else the package of the line."""
    # Lines are in order: the last that begins before the offset holds it, if one does.
    at = bisect_right(found.lines, offset, key=lambda each: each.span.start) - 1
    line = found.lines[at] if at >= 0 else None
    if line is None or not line.span.contains(offset):
        return None
    for option in line.options:
        if option.name_span.contains(offset) and option.name in _OPTIONS:
            return Hover(option.name_span, f"**{option.name}**\n\n{_OPTIONS[option.name]}")
    entry = line.requirement
    if entry is None or entry.kind is not LineKind.REQUIREMENT:
        return None
    text = _describe_package(entry, snapshot)
    hashes = sum(option.name == "--hash" for option in line.options)
    if hashes:
        text += f"\n\nonly a file with {'this hash' if hashes == 1 else f'one of these {hashes} hashes'}"
    return Hover(line.span, text)


_OPTIONS = {
    "--requirement": "Installs what that file lists too. The path counts from this file's folder.",
    "--constraint": "Takes versions from that file for packages that are installed anyway; it installs nothing itself.",
    "--editable": "Installs a project from a folder or repository so that it is used where it lies.",
    "--index-url": "The package index, in place of the public one.",
    "--extra-index-url": "A further package index. pip takes each package from the index with the highest version.",
    "--no-index": "Asks no package index: only the places of `--find-links`.",
    "--find-links": "A page or folder with package files.",
    "--trusted-host": "A host that need not prove who it is.",
    "--pre": "Takes pre-releases too.",
    "--prefer-binary": "Takes an older version with a wheel before a newer one without.",
    "--only-binary": "Takes wheels alone for these packages.",
    "--no-binary": "Takes no wheels for these packages: they are built from source.",
    "--require-hashes": "Refuses every package whose hash is not given here.",
    "--hash": "The file that is installed must have this hash. With one hash in the file, every package needs one.",
}


def _describe_package(entry: MatchSpec | Requirement, snapshot: Snapshot) -> str:
    source = "conda package" if isinstance(entry, MatchSpec) else "pip package"
    text = f"**{entry.name}** · {source}"
    if isinstance(entry, MatchSpec) or entry.is_readable:
        text += f"\n\n{_PINS[entry.pin]}"
    if isinstance(entry, MatchSpec) and entry.name == "python" and entry.first_version:
        release = snapshot.facts.pythons.get(".".join(entry.first_version[1].split(".")[:2]))
        if release:
            word = "ended" if release.end_of_life < snapshot.facts.today else "ends"
            text += f"\n\nsupport of Python {release.minor} {word} {release.end_of_life:%B %Y}"
    if isinstance(entry, Requirement) and entry.extras.strip():
        text += f"\n\nwith extras `{entry.extras.strip()}`"
    if isinstance(entry, Requirement) and entry.marker:
        text += f"\n\nonly where `{entry.marker}`"
    return text


def _describe_image(image: ImageReference, snapshot: Snapshot) -> str:
    known = snapshot.facts.images.get(image.repository)
    lines = [f"**{image.repository}**"]
    if known:
        lines.append(f"{known.contents} · Ubuntu {known.ubuntu}")
        if known.newest_tag:
            lines.append(f"newest known tag: `{known.newest_tag}`")
    if image.digest:
        lines.append("fixed by its digest: it cannot move")
    elif image.tag == "latest" or image.tag is None:
        lines.append("no fixed version: the build takes what `latest` stands for")
    return "\n\n".join(lines)
