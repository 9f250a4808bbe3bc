"""Finds the commands that install packages: pip, uv pip, conda, mamba, micromamba, apt.

Says which of a command's words are packages and which are options and their values. What a package's text means is read
by `requirements` and `matchspec`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from ..text.span import Span
from . import commands, install_options
from .dockerfile_parts import Instruction
from .joined import Word, shifted
from .shell import Command

# A named tuple's own constructor takes twice the time, and an edit moves thousands.
_new = tuple.__new__


class Tool(StrEnum):
    """What installs. `apt` stands for apt-get too, `pip` for `python -m pip`."""

    PIP = "pip"
    UV = "uv"
    CONDA = "conda"
    MAMBA = "mamba"
    MICROMAMBA = "micromamba"
    APT = "apt"


class Option(NamedTuple):
    """An option. `name` is one name for all its spellings (`--requirement` for `-r`); an unknown one stays as written.

    `value` is None for a switch, and where the value that it needs is missing. `span` is all of it, value included.
    """

    name: str
    value: Word | None
    span: Span

    def shift(self, by: int) -> "Option":
        """The same option, so many characters further on."""
        name, value, (start, end) = self
        shifted_value = value.shift(by) if value is not None else None
        return _new(Option, (name, shifted_value, _new(Span, (start + by, end + by))))


class Install(NamedTuple):
    """A command that installs. `subcommand` is `install`, `create`, `env create` or `env update`.

    `program` is the word that names the tool, `environment` the option of `conda run` that says where it runs.
    """

    tool: Tool
    subcommand: str
    program: Word
    packages: tuple[Word, ...]
    options: tuple[Option, ...]
    environment: Option | None
    command: Command

    def values(self, name: str) -> tuple[Word, ...]:
        """The values of an option, by its first name in `install_options`, in order."""
        return tuple(each.value for each in self.options if each.name == name and each.value is not None)

    def has(self, name: str) -> bool:
        """Whether an option stands there, with a value or without."""
        return any(each.name == name for each in self.options)

    def shift(self, by: int) -> "Install":
        """The same command, so many characters further on."""
        tool, subcommand, program, packages, options, environment, command = self
        first, *others = shifted((program, *packages), by)
        return _new(
            Install,
            (
                tool,
                subcommand,
                first,
                tuple(others),
                tuple([each.shift(by) for each in options]) if options else (),
                environment.shift(by) if environment is not None else None,
                command.shift(by),
            ),
        )


# Any text without one of these installs nothing that we know: most instructions are not looked into.
_HINT = re.compile(r"pip|\buv\b|conda|mamba|\bapt\b|apt-get")
_PIP = re.compile(r"pip[0-9.]*")
_PYTHON = re.compile(r"(?:python|pypy)[0-9.]*")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_TABLES = {
    Tool.PIP: install_options.PIP,
    Tool.UV: install_options.UV,
    Tool.CONDA: install_options.CONDA,
    Tool.MAMBA: install_options.MAMBA,
    Tool.MICROMAMBA: install_options.MAMBA,
    Tool.APT: install_options.APT,
}
_SUBCOMMANDS = {
    Tool.PIP: frozenset({"install"}),
    Tool.UV: frozenset({"install"}),
    Tool.CONDA: frozenset({"install", "create", "env create", "env update"}),
    Tool.MAMBA: frozenset({"install", "create", "env create", "env update"}),
    Tool.MICROMAMBA: frozenset({"install", "create", "env create", "env update"}),
    Tool.APT: frozenset({"install"}),
}
_SWITCHES = install_options.SWITCHES
_CONDAS = {each.value: each for each in (Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA)}


def of(instruction: Instruction) -> tuple[Install, ...]:
    """The installs of an instruction of a Dockerfile, in order."""
    return find(commands.of(instruction)) if may_install(instruction) else ()


def may_install(instruction: Instruction) -> bool:
    """Whether it is worth looking for installs: a quick look at the text."""
    it = instruction.inner if instruction.inner is not None else instruction
    texts = [it.args.text, *(each.body.text for each in it.heredocs)]
    return any(map(_HINT.search, texts))


def find(found: Iterable[Command]) -> tuple[Install, ...]:
    """The installs among some commands, in order."""
    return tuple(install for command in found if (install := _of(command)) is not None)


def _of(command: Command) -> Install | None:
    at, environment = _behind_prefixes(command.words)
    words = command.words[at:]
    if len(words) < 2:
        return None
    tool, start = _tool(words)
    if tool is None:
        return None
    table = _TABLES[tool]
    rest: list[Word] = []
    options: list[Option] = []
    for each in _parted(words[start:], table):
        (options if isinstance(each, Option) else rest).append(each)  # type: ignore[arg-type]
    taken = 2 if rest and rest[0].text == "env" and tool in _CONDAS.values() else 1
    subcommand = " ".join(word.text for word in rest[:taken])
    if subcommand not in _SUBCOMMANDS[tool]:
        return None
    return Install(tool, subcommand, words[0], tuple(rest[taken:]), tuple(options), environment, command)


def _behind_prefixes(words: Sequence[Word]) -> tuple[int, Option | None]:
    """Where the program itself stands, behind `sudo`, `env A=b`, `conda run -n x` and the like."""
    at = 0
    environment = None
    while at < len(words):
        name = _base(words[at])
        prefix = install_options.PREFIXES.get(name)
        if prefix is not None:
            at = _behind_prefix(words, at + 1, *prefix)
        elif name in _CONDAS and (ran := _behind_run(words, at)) is not None:
            at, environment = ran
        else:
            break
    return at, environment


def _behind_prefix(words: Sequence[Word], at: int, with_value: frozenset[str], arguments: int) -> int:
    while at < len(words):
        text = words[at].text
        if text == "--":
            return at + 1 + arguments
        if text.startswith("-") and len(text) > 1:
            at += 2 if text in with_value else 1
        elif _ASSIGNMENT.match(text):
            at += 1
        else:
            break
    return at + arguments


def _behind_run(words: Sequence[Word], at: int) -> tuple[int, Option | None] | None:
    """Behind `conda run` and its options; None where it is another subcommand."""
    table = install_options.RUN_OPTIONS
    environment = None
    has_run = False
    at += 1
    while at < len(words):
        text = words[at].text
        if text.startswith("-") and len(text) > 1:
            option, at = _option(words, at, table)
            environment = option if option.name in {"--name", "--prefix"} else environment
        elif has_run:
            return at, environment
        elif text == "run":
            has_run = True
            at += 1
        else:
            return None
    return None


def _tool(words: Sequence[Word]) -> tuple[Tool | None, int]:
    """What the first words call, and where its arguments begin."""
    name = _base(words[0])
    if _PYTHON.fullmatch(name):
        module = _module(words)
        if module >= len(words):
            return None, 0
        name, words = words[module].text, words[module:]
        start = module + 1
    else:
        start = 1
    if _PIP.fullmatch(name):
        return Tool.PIP, start
    if name in _CONDAS:
        return _CONDAS[name], start
    if name in {"apt", "apt-get"}:
        return Tool.APT, start
    if name == "uv":
        # Its own options may stand in front of `pip`.
        at = 1
        while at < len(words) and words[at].text.startswith("-"):
            _, at = _option(words, at, install_options.UV)
        if at < len(words) and words[at].text == "pip":
            return Tool.UV, start + at
    return None, 0


def _module(words: Sequence[Word]) -> int:
    """Where the name of the module of `python -m NAME` stands; beyond the end where there is none."""
    at = 1
    while at < len(words):
        text = words[at].text
        if not text.startswith("-") or text.startswith("--") or len(text) < 2:
            break
        if text.endswith("m"):
            return at + 1
        at += 2 if text[-1] in install_options.PYTHON_VALUES else 1
    return len(words)


def _parted(words: Sequence[Word], table: dict[str, str]) -> Iterator[Word | Option]:
    """Options with their values, and what is neither."""
    at = 0
    while at < len(words):
        text = words[at].text
        if text == "--":
            yield from words[at + 1 :]
            return
        if text.startswith("-") and len(text) > 1:
            word = words[at]
            option, at = _option(words, at, table)
            yield from _switches(word, table)
            if option.name != "-":
                yield option
        else:
            yield words[at]
            at += 1


def _option(words: Sequence[Word], at: int, table: dict[str, str]) -> tuple[Option, int]:
    """The option at `at`, and where the next word stands. One of no name stands for switches that stand together."""
    word = words[at]
    text = word.text
    if text.startswith("--"):
        name, sign, _ = text.partition("=")
        if sign:
            return Option(table.get(name, name), _tail(word, len(name) + 1), word.span), at + 1
        known = table.get(text)
    else:
        cut = _cut(text, table)
        if cut == len(text) and len(text) > 2:
            return Option("-", None, word.span), at + 1
        text = f"-{text[cut : cut + 1] or text[1]}"
        known = table.get(text)
        if known and cut + 1 < len(word.text):
            value_at = cut + 2 if word.text[cut + 1] == "=" else cut + 1
            return Option(known, _tail(word, value_at), word.span), at + 1
    if known is None:
        return Option(_SWITCHES.get(text, text), None, word.span), at + 1
    if at + 1 >= len(words):
        return Option(known, None, word.span), at + 1
    value = words[at + 1]
    return Option(known, value, Span(word.span.start, max(word.span.end, value.span.end))), at + 2


def _cut(text: str, table: dict[str, str]) -> int:
    """Where the letter of the option with a value stands among letters that stand together; the end without one."""
    return next((at for at in range(1, len(text)) if f"-{text[at]}" in table), len(text))


def _switches(word: Word, table: dict[str, str]) -> Iterator[Option]:
    """The switches among short options that stand together: -yq, and the `-q` of -qr FILE."""
    text = word.text
    cut = 0 if text.startswith("--") else _cut(text, table)
    if cut > 1 and len(text) > 2:
        for letter in text[1:cut]:
            yield Option(_SWITCHES.get(f"-{letter}", f"-{letter}"), None, word.span)


def _tail(word: Word, start: int) -> Word:
    """A word from `start` on."""
    inner = None if word.inner is None else word.inner + start
    span = word.span if inner is None else Span(inner, inner + len(word.text) - start)
    return Word(word.text[start:], span, inner, word.is_literal)


def _base(word: Word) -> str:
    return word.text.rpartition("/")[2]
