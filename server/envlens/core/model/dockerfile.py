"""A Dockerfile as Azure ML builds it: its base images, what it installs, and what it takes from the build context."""

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..syntax import dockerfile, installs, matchspec, requirements
from ..syntax.dockerfile import DockerfileTree, Instruction, Known, Stage
from ..syntax.installs import Install, Tool
from ..syntax.joined import Joined, Word, inside
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import LineKind, Requirement
from . import image
from .image import ImageReference

Package = tuple[MatchSpec | Requirement, Joined]

_PIPS = frozenset({Tool.PIP, Tool.UV})
_CONDAS = frozenset({Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA})
_REMOTE = ("http://", "https://", "ftp://", "git@", "git://", "ssh://")
_MAX_CANDIDATES = 4


class BaseImage(NamedTuple):
    """What a FROM names. `parent` is the stage that it builds on, `image` the image; neither where it is not known.

    `image` has its variables put in, as far as ARG gives them a default. `is_final` says whether it is part of the
    image that comes out.
    """

    stage: int
    word: Word
    parent: int | None
    image: ImageReference | None
    is_final: bool


class Copy(NamedTuple):
    """A COPY or ADD that takes files from the build context, in stage `stage`; `directory` is what WORKDIR says there.

    Sources with variables that are not known are left out. `destination` is absolute, None where it is not known.
    """

    instruction: Instruction
    stage: int
    sources: tuple[Word, ...]
    destination: str | None


class RunInstall(NamedTuple):
    """A command of a RUN that installs packages. `directory` is where it runs, None where that is not known."""

    install: Install
    instruction: Instruction
    stage: int
    directory: str | None


class Taken(NamedTuple):
    """A file that a RUN names. `candidates` are the paths of the build context that can have become it, latest first.

    `install` is the command, `word` the path as written.
    """

    install: RunInstall
    word: Word
    candidates: tuple[str, ...]


class Dockerfile(NamedTuple):
    """A Dockerfile. `packages` are those that its RUN commands name."""

    tree: DockerfileTree
    bases: tuple[BaseImage, ...]
    copies: tuple[Copy, ...]
    installs: tuple[RunInstall, ...]
    packages: tuple[Package, ...]
    requirements: tuple[Taken, ...]
    conda_files: tuple[Taken, ...]

    @property
    def values(self) -> Iterator[Any]:
        """The values that rules look at: the whole, its base images, its installs."""
        yield self
        yield from (base.image for base in self.bases if base.image is not None)
        yield from self.installs

    @property
    def context_paths(self) -> Iterator[str]:
        """The paths of the build context that it names."""
        for copy in self.copies:
            yield from (source.text for source in copy.sources)
        for taken in (*self.requirements, *self.conda_files):
            yield from taken.candidates


def build(text: str, before: Known | None = None) -> Dockerfile:
    """The model of a Dockerfile's text; `before` is what is known from an earlier version of it. Never raises."""
    tree = dockerfile.parse(text, before)
    reader = _Reader(tree)
    for stage in tree.stages:
        reader.take(stage)
    return Dockerfile(
        tree,
        _bases(tree),
        tuple(reader.copies),
        tuple(reader.installs),
        tuple(each for found in reader.installs for each in _packages(found.install)),
        tuple(reader.requirements),
        tuple(reader.conda_files),
    )


def _bases(tree: DockerfileTree) -> tuple[BaseImage, ...]:
    """What each stage builds on. A stage is named by AS, or by its number in COPY only."""
    variables = _variables(tree)
    names: dict[str, int] = {}
    found: list[BaseImage] = []
    for stage in tree.stages:
        if stage.image is not None:
            parent = names.get(stage.image.text.lower())
            found.append(BaseImage(stage.number, stage.image, parent, _image(stage.image, parent, variables), False))
        if stage.name is not None:
            names[stage.name.text.lower()] = stage.number
    by_stage = {each.stage: at for at, each in enumerate(found)}
    at = by_stage.get(len(tree.stages) - 1)
    while at is not None:
        found[at] = found[at]._replace(is_final=True)
        parent = found[at].parent
        at = by_stage.get(parent) if parent is not None else None
    return tuple(found)


_Variables = dict[str, str | None]


def _variables(tree: DockerfileTree) -> _Variables:
    """What the ARGs before the first FROM stand for by default; None for those that have none."""
    variables: _Variables = {}
    for each in tree.global_args:
        value = dockerfile.substitute(each.value.text, variables) if each.value is not None else None
        variables[each.name.text] = value
    return variables


def _image(word: Word, parent: int | None, variables: _Variables) -> ImageReference | None:
    if parent is not None:
        return None
    text = dockerfile.substitute(word.text, variables)
    if text is None or text == "scratch" or not text:
        return None
    # With a variable put in, no part of the text stands in the file.
    return image.parse(word if text == word.text else Word(text, word.span, None))


class _Reader:
    """Walks through the stages, and keeps what decides where a path leads: WORKDIR, and what was copied before."""

    def __init__(self, tree: DockerfileTree) -> None:
        self.copies: list[Copy] = []
        self.installs: list[RunInstall] = []
        self.requirements: list[Taken] = []
        self.conda_files: list[Taken] = []
        self._escape = tree.escape
        self._globals = _variables(tree)
        self._names: dict[str, int] = {}
        self._parents: dict[int, int] = {}
        self._directories: dict[int, str | None] = {}
        self._variables: _Variables = {}

    def take(self, stage: Stage) -> None:
        """Reads the instructions of a stage."""
        parent = self._names.get(stage.image.text.lower()) if stage.image else None
        if parent is not None:
            self._parents[stage.number] = parent
        if stage.name is not None:
            self._names[stage.name.text.lower()] = stage.number
        # Where an image of somebody else's begins is not known, but nearly all begin at the root.
        self._directories[stage.number] = self._directories.get(parent, "/") if parent is not None else "/"
        self._variables = {}
        for instruction in stage.instructions:
            match instruction.keyword:
                case "WORKDIR":
                    self._change_directory(stage.number, instruction)
                case "ARG" | "ENV":
                    self._set(instruction)
                case "COPY" | "ADD":
                    self._copy(stage.number, instruction)
                case "RUN":
                    self._run(stage.number, instruction)

    def _value(self, text: str) -> str | None:
        return dockerfile.substitute(text, self._variables)

    def _set(self, instruction: Instruction) -> None:
        for each in instruction.assignments:
            name = each.name.text
            value = self._globals.get(name) if each.value is None else self._value(each.value.text)
            self._variables[name] = value

    def _change_directory(self, stage: int, instruction: Instruction) -> None:
        path = self._value(instruction.args.text.strip())
        self._directories[stage] = _join(self._directories[stage], path)

    def _copy(self, stage: int, instruction: Instruction) -> None:
        if instruction.flag("from") is not None or len(instruction.words) < 2 or instruction.refusal is not None:
            return
        sources = []
        for word in instruction.words[:-1]:
            text = self._value(word.text) if not instruction.is_json else word.text
            if text is None or "<<" in word.text or text.startswith(_REMOTE):
                continue
            sources.append(word if text == word.text else Word(text, word.span, None))
        last = instruction.words[-1].text
        written = last if instruction.is_json else self._value(last)
        destination = _join(self._directories[stage], written)
        if destination is not None and written is not None and (len(instruction.words) > 2 or _is_folder(written)):
            destination = destination.rstrip("/") + "/"
        self.copies.append(Copy(instruction, stage, tuple(sources), destination))

    def _run(self, stage: int, instruction: Instruction) -> None:
        directory = self._directories[stage]
        for command in installs.of(instruction):
            if command.command.before not in {"", "&&", ";", "\n"}:
                directory = None  # the other side of a pipe or of a bracket: anything can have happened
            found = RunInstall(command, instruction, stage, directory)
            self.installs.append(found)
            if command.tool in _PIPS:
                files = (*command.values("--requirement"), *command.values("--constraint"))
                self.requirements += [self._taken(found, word) for word in files if word.is_literal]
            elif command.subcommand.startswith("env "):
                self.conda_files += [self._taken(found, word) for word in command.values("--file") if word.is_literal]

    def _taken(self, install: RunInstall, word: Word) -> Taken:
        path = _join(install.directory, word.text)
        candidates = self._origins(path, install) if path and not word.text.startswith(_REMOTE) else ()
        return Taken(install, word, tuple(dict.fromkeys(candidates))[:_MAX_CANDIDATES])

    def _origins(self, path: str, install: RunInstall) -> Iterator[str]:
        """The paths of the context that can lie at `path` when the command runs, the latest copy first."""
        yield from _mounted(path, install.instruction)
        stages = [install.stage]
        while stages[-1] in self._parents and len(stages) <= len(self._parents):
            stages.append(self._parents[stages[-1]])
        for copy in reversed(self.copies):
            if copy.stage not in stages or copy.destination is None:
                continue
            for source in copy.sources:
                yield from _lands(source.text, copy.destination, path)


def _mounted(path: str, instruction: Instruction) -> Iterator[str]:
    """The path of the context that `RUN --mount=type=bind` puts at `path`."""
    for flag in instruction.flags:
        if flag.name != "mount" or flag.value is None:
            continue
        parts = dict(part.partition("=")[::2] for part in flag.value.text.split(","))
        target = parts.get("target") or parts.get("dst") or parts.get("destination")
        if parts.get("type", "bind") == "bind" and "from" not in parts and target:
            source = parts.get("source") or parts.get("src") or "."
            yield from _lands(source, target, path)


def _lands(source: str, destination: str, path: str) -> Iterator[str]:
    """The path of the context that becomes `path` when `source` is copied to `destination`."""
    clean = posixpath.normpath(source.lstrip("/") or ".")
    folder = destination.rstrip("/") + "/"
    if destination.endswith("/") and folder + posixpath.basename(clean) == path and clean != ".":
        yield clean
    if destination == path:
        yield clean
    if path.startswith(folder):
        # The source may be a folder, whose content is copied.
        yield posixpath.normpath(posixpath.join(clean, path[len(folder) :]))


def _is_folder(written: str) -> bool:
    return written.endswith(("/", "/.", "/..")) or written in {".", ".."}


def _join(directory: str | None, path: str | None) -> str | None:
    """An absolute path; None where a part of it is not known."""
    if not path:
        return None
    if path.startswith("/"):
        return posixpath.normpath(path)
    return posixpath.normpath(posixpath.join(directory, path)) if directory else None


# What `pip install --upgrade` brings up to date before the real work, as every tutorial does.
_TOOLS = frozenset({"pip", "setuptools", "wheel", "uv", "pip-tools"})


def _packages(install: Install) -> Iterator[Package]:
    """The packages that a command names, letter by letter where they stand so."""
    if install.tool in _PIPS:
        constrained = install.has("--constraint")
        upgraded = install.has("--upgrade")
        for word in install.packages:
            if not word.is_literal or not word.text:
                continue
            parsed = requirements.parse(word.text)
            is_bare = parsed.kind is LineKind.REQUIREMENT and not parsed.specifiers and not parsed.rest
            if is_bare and (constrained or (upgraded and parsed.name in _TOOLS)):
                continue  # a constraints file may fix it
            yield parsed, inside(word)
    elif install.tool in _CONDAS and not install.subcommand.startswith("env "):
        for word in install.packages:
            spec = matchspec.parse(word.text) if word.is_literal and "/" not in word.text.split("::")[-1] else None
            if spec is not None:
                yield spec, inside(word)
