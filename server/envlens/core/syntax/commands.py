"""The commands that an instruction of a Dockerfile runs: shell form, exec form, heredocs, and scripts of `sh -c`."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ..text.span import Span
from . import shell
from .dockerfile_parts import Instruction
from .joined import Joined, Word, inside
from .shell import Command

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_SCRIPT_OPTION = re.compile(r"-[a-z]*c[a-z]*")
# `sh -c "sh -c '…'"`: deeper than anyone writes.
_MAX_DEPTH = 4


def of(instruction: Instruction) -> tuple[Command, ...]:
    """The commands of RUN, CMD, ENTRYPOINT, HEALTHCHECK or what ONBUILD wraps, in order; of others none."""
    it = instruction.inner if instruction.inner is not None else instruction
    if it.keyword not in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
        return ()
    return _of(it)


# Several look at the same instruction, and after an edit at the same ones again.
@lru_cache(maxsize=2048)
def _of(it: Instruction) -> tuple[Command, ...]:
    words = it.words[1:] if it.keyword == "HEALTHCHECK" else it.words
    if it.is_json:
        return tuple(_with_scripts(_exec(words), 0))
    script = it.args
    if it.keyword == "HEALTHCHECK":
        start = len(it.args.text) - len(words[0].text) if words else len(it.args.text)
        script = it.args.part(start, len(it.args.text))
    commands = tuple(_with_scripts(shell.split(script), 0))
    return commands if not it.heredocs else (*commands, *_heredocs(it, commands))


def _exec(words: tuple[Word, ...]) -> tuple[Command, ...]:
    if not words:
        return ()
    return (Command(words, (), (), Span(words[0].span.start, words[-1].span.end), ""),)


def _with_scripts(commands: tuple[Command, ...], depth: int) -> Iterator[Command]:
    """The commands, those of `bash -c "…"` in place of it."""
    for command in commands:
        script = _script(command) if depth < _MAX_DEPTH else None
        if script is None:
            yield command
        else:
            yield from _with_scripts(shell.split(script), depth + 1)


def _script(command: Command) -> Joined | None:
    if command.name not in _SHELLS:
        return None
    for at, word in enumerate(command.words[1:], 1):
        if _SCRIPT_OPTION.fullmatch(word.text):
            return inside(command.words[at + 1]) if at + 1 < len(command.words) else None
        if word.text[:1] not in "-+" and command.words[at - 1].text not in {"-o", "+o"}:
            return None
    return None


def _heredocs(it: Instruction, commands: tuple[Command, ...]) -> Iterator[Command]:
    """The commands of the heredocs that a shell runs; others are the input of some program, or files."""
    opened = {at.span.end: each for each in commands for at in each.redirections if at.operator.endswith(("<<", "<<-"))}
    for heredoc in it.heredocs:
        reader = opened.get(heredoc.operator_end)
        if reader is None:
            continue
        if reader.words:
            runs = (
                reader.name in _SHELLS
                and _script(reader) is None
                and all(word.text[:1] in "-+" for word in reader.words[1:])
            )
        else:
            runs = _interpreter(heredoc.body.text) in _SHELLS
        if runs:
            yield from _with_scripts(shell.split(heredoc.body), 0)


def _interpreter(script: str) -> str:
    """The program that `#!` in the first line names; a shell where there is none."""
    if not script.startswith("#!"):
        return "sh"
    names = [word.rpartition("/")[2] for word in script[2:].partition("\n")[0].split() if word[0] != "-"]
    return next((name for name in names if name != "env" and "=" not in name), "")
