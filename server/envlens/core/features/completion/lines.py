"""Completions in files that are read line by line: requirements files and Dockerfiles."""

import re
from collections.abc import Iterator

from ...model.document import FileKind
from ...text.source import Source
from ...text.span import Span
from ..folding import folds
from .context import Place, Typing
from .item import Item, ItemKind, World, make
from .paths import Wanted, files
from .values import images, pip_packages

_OPTIONS = {
    "-r": "takes another requirements file in",
    "-c": "takes a constraints file",
    "-e": "installs a project in editable form",
    "--index-url": "the index to look in",
    "--find-links": "another place to look for archives",
    "--no-index": "asks no index",
    "--no-binary": "no wheels of these packages",
    "--only-binary": "nothing but wheels of these packages",
    "--prefer-binary": "rather an older wheel than a newer source",
    "--pre": "pre-releases too",
    "--require-hashes": "every line needs its --hash",
}
_ALONE = {"--no-index", "--prefer-binary", "--pre", "--require-hashes"}
_FILE_OPTION = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:[ \t]+|=)")
_INSTRUCTIONS = {
    "FROM": "begins a stage, from a base image",
    "RUN": "runs a command and keeps what it made",
    "COPY": "copies files of the build context or of another stage",
    "WORKDIR": "the folder for what follows",
    "ENV": "sets an environment variable for good",
    "ARG": "a variable of the build",
    "ADD": "copies, and fetches and unpacks as well",
    "CMD": "what the container runs unless told otherwise",
    "ENTRYPOINT": "what the container always runs",
    "EXPOSE": "says which port is listened on",
    "LABEL": "a note on the image",
    "USER": "who runs what follows",
    "SHELL": "the shell of RUN",
    "HEALTHCHECK": "how to see whether the container is well",
    "STOPSIGNAL": "the signal that ends the container",
    "VOLUME": "a place for data from outside",
    "ONBUILD": "an instruction for images made from this one",
}
_FROM = re.compile(r"[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?", re.IGNORECASE)
_COPY = re.compile(r"[ \t]*(?:COPY|ADD)[ \t]+((?:--\S+[ \t]+)*)(?:[^\s\[]+[ \t]+)*", re.IGNORECASE)
_COPY_FROM = re.compile(r"[ \t]*COPY[ \t]+(?:--(?!from=)\S+[ \t]+)*--from=", re.IGNORECASE)
_STAGE = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?\S+[ \t]+AS[ \t]+(\S+)", re.IGNORECASE | re.MULTILINE)


def requirements(world: World, file: str, text: str, offset: int) -> Iterator[Item]:
    """Options, the files that they take, and Azure ML's packages."""
    start, line = _line(text, offset)
    option = _FILE_OPTION.match(line)
    if _goes_on(text, offset):
        return
    if option and not re.search(r"\s", line[option.end() :]):
        yield from files(
            world, _place(text, start + option.end(), offset), Wanted(file, (".txt", ".in"), in_yaml=False)
        )
    elif not line.strip() or re.fullmatch(r"[\w.-]+", line):
        place = _place(text, start, offset)
        for item in pip_packages(place._replace(items=tuple(re.findall(r"^[\w.-]+", text, re.MULTILINE)))):
            if item.label != line:
                yield item
        for name, detail in _OPTIONS.items():
            yield make(place, name, ItemKind.KEYWORD, name if name in _ALONE else f"{name} ", detail=detail)


def dockerfile(world: World, file: str, text: str, offset: int) -> Iterator[Item]:
    """Instructions, base images, stages, and files to copy."""
    start, line = _line(text, offset)
    if _goes_on(text, offset):
        return  # what stands here is a shell's, or a file's
    if re.fullmatch(r"[ \t]*[A-Za-z]*", line):
        place = _place(text, start + len(line) - len(line.lstrip()), offset)
        for name, detail in _INSTRUCTIONS.items():
            yield make(place, name, ItemKind.KEYWORD, f"{name} ", detail=detail)
        return
    stages = [found[1] for found in _STAGE.finditer(text, 0, start)]
    found = _COPY_FROM.match(line)
    if found and " " not in line[found.end() :]:
        place = _place(text, start + found.end(), offset)
        yield from (make(place, stage, ItemKind.REFERENCE, detail="a stage above") for stage in stages)
        return
    found = _FROM.match(line)
    if found and not re.search(r"\s", line[found.end() :]):
        place = _place(text, start + found.end(), offset)
        yield from images(world.facts, place)
        yield from (make(place, stage, ItemKind.REFERENCE, detail="a stage above") for stage in stages)
        return
    found = _COPY.match(line)
    if found and "--from=" not in found[1].lower():
        yield from files(world, _place(text, start + found.end(), offset), Wanted(file, in_yaml=False))


def _goes_on(text: str, offset: int) -> bool:
    """Whether the cursor's line belongs to an instruction or requirement that began above it."""
    above = folds(text[:offset], FileKind.DOCKERFILE)
    last = max((fold.end for fold in above if not fold.is_comment), default=-1)
    return last >= 0 and last == Source("", text[:offset]).lines.line_count - 1


def _line(text: str, offset: int) -> tuple[int, str]:
    """Where the cursor's line begins, and its text up to the cursor."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return start, text[start:offset]


def _place(text: str, start: int, offset: int) -> Place:
    """The word under the cursor, from `start` on."""
    found = re.compile(r"\S*").match(text, offset)
    end = found.end() if found else offset
    return Place(Typing.VALUE, (), Span(start, end), text[start:offset], {}, (), 0, 0)


def word(text: str, offset: int) -> Span:
    """The name around the cursor: letters, digits, `-` and `_`."""
    start = end = offset
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "-_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in "-_"):
        end += 1
    return Span(start, end)
