"""Reads a Dockerfile into its model: walks through the stages, puts arguments in, and follows what is copied."""

import posixpath
import re
from collections.abc import Iterator

from ..syntax import commands, dockerfile, installs, matchspec, requirements
from ..syntax.dockerfile import DockerfileTree, Instruction, Known, Stage
from ..syntax.installs import Install, Tool
from ..syntax.joined import Word, inside
from ..syntax.requirements import LineKind
from ..syntax.shell import Command
from . import dockerfile_files, dockerfile_indexes, known_bases
from .dockerfile import BaseImage, Copy, Dockerfile, Origin, Package, RunInstall, Taken
from .dockerfile_files import Copies
from .image import ImageReference
from .image import parse as parse_image

_PIPS = frozenset({Tool.PIP, Tool.UV})
_CONDAS = frozenset({Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA})
_MAX_CHAIN = 50
# `{{latest-version}}`: what a template engine fills in before Docker sees it.
_TEMPLATE = re.compile(r"\{[{%]")
_REMOTE = ("http://", "https://", "ftp://", "git@", "git://", "ssh://")


def build(text: str, before: Known | None = None) -> Dockerfile:
    """The model of a Dockerfile's text; `before` is what is known from an earlier version of it. Never raises."""
    tree = dockerfile.parse(text, before)
    bases = _bases(tree)
    reader = _Reader(tree, bases)
    for stage in tree.stages:
        reader.take(stage)
    return Dockerfile(
        tree,
        bases,
        tuple(reader.copies),
        tuple(reader.installs),
        tuple(each for found in reader.installs for each in _packages(found.install)),
        tuple(reader.requirements),
        tuple(reader.conda_files),
        tuple(dockerfile_indexes.find(tree, (each.install for each in reader.installs))),
    )


def _bases(tree: DockerfileTree) -> tuple[BaseImage, ...]:
    """What each stage builds on. A stage is named by AS, or by its number in COPY only."""
    variables = _variables(tree)
    names: dict[str, int] = {}
    found: list[BaseImage] = []
    for stage in tree.stages:
        if stage.image is not None:
            # A variable may stand for a part of a stage's name, too.
            text = _put_in(stage.image.text, variables)
            parent = names.get(text.lower()) if text is not None else None
            image = _image(stage.image, text) if parent is None else None
            found.append(BaseImage(stage.number, stage.image, parent, image))
        if stage.name is not None:
            names[stage.name.text.lower()] = stage.number
    return tuple(found)


_Variables = dict[str, str | None]


# ARGs that each hold the one before twice would double without end.
_MAX_VALUE = 4_096


def _put_in(text: str, variables: _Variables) -> str | None:
    """A text with its variables put in; None where that is not known, or longer than anything meant."""
    value = dockerfile.substitute(text, variables)
    return value if value is not None and len(value) <= _MAX_VALUE else None


def _variables(tree: DockerfileTree) -> _Variables:
    """What the ARGs before the first FROM stand for by default; None for those that have none."""
    variables: _Variables = {}
    for each in tree.global_args:
        value = _put_in(each.value.text, variables) if each.value is not None else None
        variables[each.name.text] = value
    return variables


def _image(word: Word, text: str | None) -> ImageReference | None:
    if text is None or text == "scratch" or not text:
        return None
    # With a variable put in, no part of the text stands in the file.
    return parse_image(word if text == word.text else Word(text, word.span, None))


class _Reader:
    """Walks through the stages, and keeps what decides where a path leads: WORKDIR, and what was copied before."""

    def __init__(self, tree: DockerfileTree, bases: tuple[BaseImage, ...]) -> None:
        self.copies: list[Copy] = []
        self.installs: list[RunInstall] = []
        self.requirements: list[Taken] = []
        self.conda_files: list[Taken] = []
        self._globals = _variables(tree)
        self._bases = {each.stage: each for each in bases}
        self._chains: dict[int, tuple[int, ...]] = {}
        self._directories: dict[int, str | None] = {}
        self._variables: _Variables = {}
        self._copied = Copies()
        self._made: dict[int, _Made] = {}

    def take(self, stage: Stage) -> None:
        """Reads the instructions of a stage."""
        number = stage.number
        base = self._bases.get(number)
        parent = base.parent if base else None
        if parent is None:
            # Where an image of somebody else's begins is not known, but nearly all begin at the root.
            self._chains[number], self._directories[number] = (number,), "/"
            is_known = base is not None and base.image is not None and known_bases.holds_no_files(base.image)
            is_scratch = stage.image is not None and stage.image.text == "scratch"
            self._made[number] = _Made(not is_known and not is_scratch)
        else:
            # Longer chains than anyone writes are cut, and then nothing is sure.
            is_long = len(self._chains[parent]) > _MAX_CHAIN
            self._chains[number] = (number, *self._chains[parent][:_MAX_CHAIN])
            self._directories[number] = self._directories[parent]
            self._made[number] = _Made(True) if is_long else self._made[parent].copy()
        self._variables = {}
        for instruction in stage.instructions:
            match instruction.keyword:
                case "WORKDIR":
                    self._change_directory(number, instruction)
                case "ARG" | "ENV":
                    self._set(instruction)
                case "COPY" | "ADD":
                    self._copy(number, instruction)
                case "RUN":
                    self._run(number, instruction)

    def _value(self, text: str) -> str | None:
        return None if _TEMPLATE.search(text) else _put_in(text, self._variables)

    def _set(self, instruction: Instruction) -> None:
        for each in instruction.assignments:
            name = each.name.text
            value = self._globals.get(name) if each.value is None else self._value(each.value.text)
            self._variables[name] = value

    def _change_directory(self, stage: int, instruction: Instruction) -> None:
        path = self._value(instruction.args.text.strip())
        self._directories[stage] = _join(self._directories[stage], path)

    def _copy(self, stage: int, instruction: Instruction) -> None:
        if len(instruction.words) < 2 or instruction.refusal is not None:
            return
        last = instruction.words[-1].text
        written = last if instruction.is_json else self._value(last)
        destination = _join(self._directories[stage], written)
        if destination is not None and written is not None and (len(instruction.words) > 2 or _is_folder(written)):
            destination = destination.rstrip("/") + "/"
        sources = []
        if instruction.flag("from") is None:
            for word in instruction.words[:-1]:
                text = self._value(word.text) if not instruction.is_json else word.text
                if text is None or "<<" in word.text or is_remote(text):
                    continue
                sources.append(word if text == word.text else Word(text, word.span, None))
            self.copies.append(Copy(instruction, stage, tuple(sources), destination))
        self._copied.add(instruction, stage, sources, destination)

    def _run(self, stage: int, instruction: Instruction) -> None:
        made = self._made[stage]
        if not installs.may_install(instruction):
            made.unread.append(instruction)
            return
        run = commands.of(instruction)
        found = {id(each.command): each for each in installs.find(run)}
        directory = self._directories[stage]
        for command in run:
            directory = _moved(directory, command)
            install = found.get(id(command))
            if install is not None:
                self._install(RunInstall(install, instruction, stage, directory))
            made.take(command)

    def _install(self, found: RunInstall) -> None:
        self.installs.append(found)
        install = found.install
        if install.tool in _PIPS:
            files = (*install.values("--requirement"), *install.values("--constraint"))
            self.requirements += [self._taken(found, word) for word in files if _is_plain(word)]
        elif install.subcommand.startswith("env "):
            self.conda_files += [self._taken(found, word) for word in install.values("--file") if _is_plain(word)]

    def _taken(self, install: RunInstall, word: Word) -> Taken:
        path = _join(install.directory, word.text)
        if path is None or is_remote(word.text):
            return Taken(install, word, None, Origin((), False))
        mounted = dockerfile_files.mounted(path, install.instruction, self._directories[install.stage])
        copied = self._copied.origin(path, self._chains[install.stage])
        candidates = tuple(dict.fromkeys((*mounted.candidates, *copied.candidates)))
        is_sure = mounted.is_sure and copied.is_sure and not self._made[install.stage].may_be(posixpath.basename(path))
        return Taken(install, word, path, Origin(candidates, is_sure))


class _Made:
    """What the commands of a stage may have made. They are read when somebody asks: most Dockerfiles name no files."""

    def __init__(self, anything: bool) -> None:
        self.unread: list[Instruction] = []
        self._anything = anything
        self._names: set[str] = set()

    def copy(self) -> "_Made":
        """What a stage starts with that builds on this one."""
        self.may_be("")
        new = _Made(self._anything)
        new._names = set(self._names)
        return new

    def take(self, command: Command) -> None:
        """Takes up a command."""
        if not self._anything:
            found = dockerfile_files.made(command)
            self._anything = found.anything
            self._names.update(found.names)

    def may_be(self, name: str) -> bool:
        """Whether a file of that name may have been made."""
        for instruction in self.unread if not self._anything else ():
            for command in commands.of(instruction):
                self.take(command)
        self.unread.clear()
        return self._anything or name in self._names


def _moved(directory: str | None, command: Command) -> str | None:
    """The directory in which a command runs, and in which the next one runs where it is `cd`."""
    if command.before not in {"", "&&", ";", "\n"}:
        return None  # the other side of a pipe or of a bracket: anything can have happened
    if command.name in {"cd", "pushd"}:
        is_plain = len(command.words) == 2 and command.words[1].is_literal and command.words[1].text != "-"
        return _join(directory, command.words[1].text) if is_plain else None
    return None if command.name == "popd" else directory


def _is_plain(word: Word) -> bool:
    """Whether a word means what is written."""
    return word.is_literal and not _TEMPLATE.search(word.text)


def is_remote(text: str) -> bool:
    """Whether a source of ADD, or a file of pip, is fetched from elsewhere."""
    return text.startswith(_REMOTE)


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
    """The packages that a command names, letter by letter where they stand so.

    Left out is what the shell parts from its version: `numpy>=1.26` without quotes.
    """
    redirected = {each.span.start for each in install.command.redirections}
    if install.tool in _PIPS:
        constrained = install.has("--constraint")
        upgraded = install.has("--upgrade")
        for word in install.packages:
            if not _is_plain(word) or not word.text or word.span.end in redirected:
                continue
            parsed = requirements.parse(word.text)
            is_bare = parsed.kind is LineKind.REQUIREMENT and not parsed.specifiers and not parsed.rest
            if is_bare and (constrained or (upgraded and parsed.name in _TOOLS)):
                continue  # a constraints file may fix it
            yield parsed, inside(word)
    elif install.tool in _CONDAS and not install.subcommand.startswith("env "):
        for word in install.packages:
            if word.span.end in redirected:
                continue
            spec = matchspec.parse(word.text) if _is_plain(word) and "/" not in word.text.split("::")[-1] else None
            if spec is not None:
                yield spec, inside(word)
