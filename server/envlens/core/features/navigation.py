"""What a place in a file is about, so that one can go to it, or find all that uses it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..index.snapshot import Snapshot
from ..model.dockerfile import Dockerfile
from ..model.document import Document, FileKind
from ..model.environment import Definition
from ..model.reference import Form
from ..syntax.dockerfile import Instruction
from ..syntax.nodes import Scalar, follow
from ..text.span import Span
from .links import link_at

# What others draw on as a whole: a place in them that is about nothing else is about the file.
_DRAWN = frozenset({FileKind.CONDA, FileKind.REQUIREMENTS, FileKind.DOCKERFILE})


class Target(NamedTuple):
    """What a place is about: a file, an environment by its name, or a stage of the same Dockerfile by its number.

    `version` is that of a reference, None for any.
    """

    path: str | None = None
    name: str | None = None
    version: str | None = None
    stage: int | None = None


def target(snapshot: Snapshot, document: Document, offset: int) -> Target | None:
    """What the place at an offset is about; None for nothing that can be gone to."""
    link = link_at(snapshot, document, offset)
    if link is not None:
        return Target(path=link.path)
    for reference in document.references:
        if reference.form is Form.SHORT and reference.scalar.span.contains(offset):
            return Target(name=reference.name, version=reference.version)
    if document.dockerfile is not None:
        for stage, span in _stage_places(document.dockerfile):
            if span.contains(offset):
                return Target(stage=stage)
    environment = document.environment
    if environment is not None and environment.name is not None and environment.name.span.contains(offset):
        value = follow(environment.name.value)
        return Target(name=value.text) if isinstance(value, Scalar) and value.text else None
    return None


def whole(document: Document) -> Target | None:
    """The document itself, where others can draw on it."""
    return Target(path=document.path) if document.kind in _DRAWN else None


def meant(found: Target, definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions that a name means: of the version asked for where there is one, else all of that name."""
    # By path: in which order files were met must not show.
    same = sorted((each for each in definitions if each.name == found.name), key=lambda each: (each.path, each.span))
    exact = [each for each in same if found.version is not None and each.version == found.version]
    return exact or same


def uses_of_name(document: Document, name: str) -> Iterator[Span]:
    """Where a document refers to an environment by its name."""
    for reference in document.references:
        if reference.form is Form.SHORT and reference.name == name:
            yield reference.span_of(*reference.name_span)


def uses_of_stage(document: Document, stage: int) -> Iterator[Span]:
    """Where a Dockerfile uses one of its stages."""
    if document.dockerfile is not None:
        names = {each.name.span for each in document.dockerfile.tree.stages if each.name is not None}
        for number, span in _stage_places(document.dockerfile):
            if number == stage and span not in names:
                yield span


def stage_name(document: Document, stage: int) -> Span | None:
    """Where a stage of a Dockerfile begins: its name, or its image."""
    if document.dockerfile is None:
        return None
    found = next((each for each in document.dockerfile.tree.stages if each.number == stage), None)
    word = (found.name or found.image) if found is not None else None
    return word.span if word is not None else None


def _stage_places(dockerfile: Dockerfile) -> Iterator[tuple[int, Span]]:
    """The places where stages are named: by AS, in FROM, and in `--from=`."""
    numbers: dict[str, int] = {}
    parents = {each.stage: each for each in dockerfile.bases}
    for stage in dockerfile.tree.stages:
        base = parents.get(stage.number)
        if base is not None and base.parent is not None:
            yield base.parent, base.word.span
        if stage.name is not None:
            numbers[stage.name.text.lower()] = stage.number
            yield stage.number, stage.name.span
        for instruction in stage.instructions:
            yield from _sources(instruction, numbers, stage.number)


def _sources(instruction: Instruction, numbers: dict[str, int], current: int) -> Iterator[tuple[int, Span]]:
    flag = instruction.flag("from")
    if flag is None or flag.value is None:
        return
    text = flag.value.text.lower()
    number = numbers.get(text, int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1)
    if 0 <= number < current:
        yield number, flag.value.span
