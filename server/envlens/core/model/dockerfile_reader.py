"""Reads a Dockerfile into its model: walks through the stages, puts arguments in, and follows what is copied."""

import posixpath
import re
from collections.abc import Callable

from ..syntax import dockerfile
from ..syntax.dockerfile import Before, DockerfileTree, Instruction, Stage
from ..syntax.joined import Word
from . import dockerfile_files, dockerfile_indexes, dockerfile_runs, known_bases, makes
from .dockerfile import BaseImage, Copy, Dockerfile, IndexOption, Known, Made, Make, Origin, Package, RunInstall, Taken
from .dockerfile_files import Copies
from .dockerfile_runs import PIPS, is_plain, is_template
from .image import ImageReference
from .image import parse as parse_image

_MAX_CHAIN = 50
_DEEPEST = 50
_MAKE = re.compile(r"\bmake\b")
_REMOTE = ("http://", "https://", "ftp://", "git@", "git://", "ssh://")


def build(text: str, known: Known | None = None, before: Before | None = None) -> Dockerfile:
    """The model of a Dockerfile's text; `known` and `before` are as in `dockerfile.parse`. Never raises."""
    known = known or Known()
    tree = dockerfile.parse(text, known.instructions, before)
    bases = _bases(tree)
    reader = _Reader(text, tree, bases, known)
    for stage in tree.stages:
        reader.take(stage)
    return Dockerfile(
        tree,
        bases,
        tuple(reader.copies),
        tuple(reader.installs),
        tuple(reader.packages),
        tuple(reader.requirements),
        tuple(reader.conda_files),
        tuple(reader.archives),
        (*dockerfile_indexes.of_variables(tree), *reader.index_options),
        tuple(reader.makes),
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

    def __init__(self, text: str, tree: DockerfileTree, bases: tuple[BaseImage, ...], known: Known) -> None:
        self.copies: list[Copy] = []
        self.installs: list[RunInstall] = []
        self.packages: list[Package] = []
        self.index_options: list[IndexOption] = []
        self.requirements: list[Taken] = []
        self.conda_files: list[Taken] = []
        self.archives: list[Taken] = []
        self.makes: list[Make] = []
        self._text = text
        self._known = known
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
        return None if is_template(text) else _put_in(text, self._variables)

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
        written = instruction.args.text
        if "make" in written and _MAKE.search(written) and not instruction.heredocs:
            self._take_makes(stage, instruction)
        run = dockerfile_runs.of(instruction, self._text, self._known)
        if run.made is None:
            made.unread.append(instruction)
            return
        directory = self._directories[stage]
        for step in run.steps:
            where = directory if not step.directory else _join(directory, step.directory)
            found = RunInstall(step.home, step.by, instruction, stage, None if step.directory is None else where)
            self.installs.append(found)
            self.packages += step.packages
            self.index_options += step.options
            self._take_files(found, step.made)
        made.take(run.made)

    def _take_files(self, found: RunInstall, made: Made) -> None:
        install, by = found.home, found.by
        if install.tool in PIPS:
            self.archives += [
                self._taken(found, _archive(word.shift(by)), made) for word in install.packages if _is_archive(word)
            ]
        if not install.options:
            return
        if install.tool in PIPS:
            files = (*install.values("--requirement"), *install.values("--constraint"))
            self.requirements += [self._taken(found, word.shift(by), made) for word in files if is_plain(word)]
        elif install.subcommand.startswith("env "):
            files = install.values("--file")
            self.conda_files += [self._taken(found, word.shift(by), made) for word in files if is_plain(word)]

    def _taken(self, install: RunInstall, word: Word, made: Made) -> Taken:
        path = _join(install.directory, word.text)
        if path is None or is_remote(word.text):
            return Taken(install, word, None, Origin((), False))
        return Taken(install, word, path, self._origin(path, install.instruction, install.stage, made))

    def _take_makes(self, stage: int, instruction: Instruction) -> None:
        for at, (command, directory, made) in enumerate(dockerfile_runs.walk(instruction)):
            chosen = makes.directory(command)
            if chosen is None or directory is None:
                continue
            where = _join(self._directories[stage], directory or ".")
            where = _join(where, chosen)
            # Deeper than anyone goes; each folder above would be asked for.
            if where is not None and where.count("/") < _DEEPEST:
                files = [posixpath.join(where, name) for name in makes.FILES]
                origins = tuple(self._origin(file, instruction, stage, made) for file in files)
                self.makes.append(Make(command, instruction, at, where, origins))

    def _origin(self, path: str, instruction: Instruction, stage: int, made: Made) -> Origin:
        mounted = dockerfile_files.mounted(path, instruction, self._directories[stage])
        copied = self._copied.origin(path, self._chains[stage])
        candidates = tuple(dict.fromkeys((*mounted.candidates, *copied.candidates)))
        name = posixpath.basename(path)
        may_be_made = made.anything or name in made.names or self._made[stage].may_be(name, self._read)
        return Origin(candidates, mounted.is_sure and copied.is_sure and not may_be_made)

    def _read(self, instruction: Instruction) -> Made:
        return dockerfile_runs.of(instruction, self._text, self._known, whole=True).made or Made(False)


class _Made:
    """What the commands of a stage may have made. They are read when somebody asks: most Dockerfiles name no files."""

    def __init__(self, anything: bool) -> None:
        self.unread: list[Instruction] = []
        self._anything = anything
        self._names: set[str] = set()

    def copy(self) -> "_Made":
        """What a stage starts with that builds on this one."""
        new = _Made(self._anything)
        new._names = set(self._names)
        new.unread = list(self.unread)
        return new

    def take(self, made: Made) -> None:
        """Takes up what commands may have made."""
        if not self._anything:
            self._anything = made.anything
            self._names.update(made.names)

    def may_be(self, name: str, read: Callable[[Instruction], Made]) -> bool:
        """Whether a file of that name may have been made."""
        for instruction in self.unread if not self._anything else ():
            self.take(read(instruction))
        self.unread.clear()
        return self._anything or name in self._names


def is_remote(text: str) -> bool:
    """Whether a source of ADD, or a file of pip, is fetched from elsewhere."""
    return text.startswith(_REMOTE)


# Behind the name of the file, pip takes extras.
_ARCHIVE = re.compile(r"(?P<path>[^:@\s;\[\]]+\.(?:whl|tar\.gz|zip))(?:\[[^\]]*\])?")


def _is_archive(word: Word) -> bool:
    """Whether pip installs a file of the image, by its path."""
    text = word.text  # looked at for all packages of all commands at each edit
    may_be = ".whl" in text or ".tar.gz" in text or ".zip" in text
    return may_be and is_plain(word) and _ARCHIVE.fullmatch(text) is not None


def _archive(word: Word) -> Word:
    """The path without what stands behind it."""
    found = _ARCHIVE.fullmatch(word.text)
    if found is None or found["path"] == word.text:
        return word
    return Word(found["path"], word.span_of(0, found.end("path")), word.inner)


def _is_folder(written: str) -> bool:
    return written.endswith(("/", "/.", "/..")) or written in {".", ".."}


def _join(directory: str | None, path: str | None) -> str | None:
    """An absolute path; None where a part of it is not known."""
    if not path:
        return None
    if path.startswith("/"):
        return posixpath.normpath(path)
    return posixpath.normpath(posixpath.join(directory, path)) if directory else None
