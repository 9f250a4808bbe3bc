"""What the commands of a RUN do, whatever stands above it: files repeat such lines, and an edit leaves most alone."""

import posixpath
import re
from collections.abc import Iterator

from ..syntax import commands, installs, matchspec, requirements
from ..syntax.dockerfile import Instruction
from ..syntax.installs import Install, Tool
from ..syntax.joined import Word, inside
from ..syntax.requirements import LineKind
from ..syntax.shell import Command
from . import dockerfile_files, dockerfile_indexes
from .dockerfile import Known, Made, Package, Run, Step

PIPS = frozenset({Tool.PIP, Tool.UV})
_CONDAS = frozenset({Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA})
# `{{latest-version}}`: what a template engine fills in before Docker sees it.
_TEMPLATE = re.compile(r"\{[{%]")


def of(instruction: Instruction, text: str, known: Known, *, whole: bool = False) -> Run:
    """What a RUN in `text` does. What it may have made is left open where it installs nothing, but for `whole`."""
    start, end = instruction.span
    written = text[start:end]
    run = None if instruction.heredocs else known.runs.get(written)
    if run is None or (whole and run.made is None):
        is_read = whole or installs.may_install(instruction)
        run = _run(instruction) if is_read else Run(start, (), None)
        if instruction.heredocs:
            return run
    elif run.start != start:
        by = start - run.start
        run = Run(start, tuple([each.shift(by) for each in run.steps]), run.made)
    else:
        return run
    known.runs.put(written, run)
    return run


def _run(instruction: Instruction) -> Run:
    steps = []
    made = Made(False)
    for command, directory, before in walk(instruction):
        for install in installs.find((command,)):
            options = tuple(dockerfile_indexes.of_install(install))
            steps.append(Step(install, 0, directory, before, tuple(_packages(install)), options))
        made = _with(before, command)
    return Run(instruction.span.start, tuple(steps), made)


def walk(instruction: Instruction) -> Iterator[tuple[Command, str | None, Made]]:
    """The commands of a RUN, where each runs as in `Step`, and what those in front of it may have made."""
    directory: str | None = ""
    made = Made(False)
    for command in commands.of(instruction):
        directory = _moved(directory, command)
        yield command, directory, made
        made = _with(made, command)


def _with(before: Made, command: Command) -> Made:
    if before.anything:
        return before
    more = dockerfile_files.made(command)
    return Made(more.anything, before.names + more.names)


def _moved(directory: str | None, command: Command) -> str | None:
    """The directory in which a command runs, and in which the next one runs where it is `cd`."""
    if command.before not in {"", "&&", ";", "\n"}:
        return None  # the other side of a pipe or of a bracket: anything can have happened
    if command.name in {"cd", "pushd"}:
        is_plain = len(command.words) == 2 and command.words[1].is_literal and command.words[1].text != "-"
        return _entered(directory, command.words[1].text) if is_plain else None
    return None if command.name == "popd" else directory


def _entered(directory: str | None, path: str) -> str | None:
    if path.startswith("/"):
        return path
    return posixpath.join(directory, path) if path and directory is not None else None


def is_plain(word: Word) -> bool:
    """Whether a word means what is written."""
    return word.is_literal and not is_template(word.text)


def is_template(text: str) -> bool:
    """Whether a template engine fills in something before Docker sees the text."""
    return "{" in text and _TEMPLATE.search(text) is not None


# What `pip install --upgrade` brings up to date before the real work, as every tutorial does.
_TOOLS = frozenset({"pip", "setuptools", "wheel", "uv", "pip-tools"})


def _packages(install: Install) -> Iterator[Package]:
    """The packages that a command names, letter by letter where they stand so.

    Left out is what the shell parts from its version: `numpy>=1.26` without quotes.
    """
    redirected = {each.span.start for each in install.command.redirections}
    if install.tool in PIPS:
        constrained = install.has("--constraint")
        upgraded = install.has("--upgrade")
        for word in install.packages:
            if not is_plain(word) or not word.text or word.span.end in redirected:
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
            spec = matchspec.parse(word.text) if is_plain(word) and "/" not in word.text.split("::")[-1] else None
            if spec is not None:
                yield spec, inside(word)
