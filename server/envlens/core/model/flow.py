"""What follows for the build where a command of a RUN fails: it ends, or it may go on, or nobody can say.

A RUN fails with its last command, and `&&` leads no further than the first that fails. Behind `;` all go on, but for
`set -e`, which counts for what no `&&` follows.
"""

import re
from enum import Enum

from ..syntax import commands
from ..syntax.dockerfile import Instruction
from ..syntax.shell import Command


class Failure(Enum):
    """What a command that fails does to the build."""

    ENDS_BUILD = "ends-build"
    MAY_GO_ON = "may-go-on"
    UNKNOWN = "unknown"  # it may not run at all, or its failure is meant to be no matter


# A command behind one of these runs only where there is what it needs, for all we know.
GUARD = re.compile(r"\b(?:if|while|until|case|command|which|type|hash)\b")
_COMPOUND = re.compile(r"\b(?:for|function|trap)\b|(?:\A|[\s;&|])[!{](?=\s)|\(\)")
_ODD = frozenset({"||", "(", ")", ";;", "&"})
_EXITS = re.compile(r"-[a-z]*e[a-z]*")


def failure(it: Instruction, at: int) -> Failure:
    """What follows where the command number `at` of a RUN fails."""
    if _last.instruction is not it:
        _last.instruction, _last.outcomes = it, _outcomes(it)
    return _last.outcomes[at]


class _Last:
    """The outcomes of the instruction that was asked about last: of one with many commands, each is asked about."""

    instruction: Instruction | None = None
    outcomes: tuple[Failure, ...] = ()


_last = _Last()


def _outcomes(it: Instruction) -> tuple[Failure, ...]:
    run = commands.of(it)
    unknown = (Failure.UNKNOWN,) * len(run)
    if it.heredocs or GUARD.search(it.args.text) or _COMPOUND.search(it.args.text):
        return unknown
    if any(each.before in _ODD or (number and not each.before) for number, each in enumerate(run)):
        return unknown
    # Behind this one, all are joined by `&&`.
    last_break = max((number for number, each in enumerate(run) if number and each.before != "&&"), default=0)
    first_set = next((number for number, each in enumerate(run) if _is_set_e(each)), len(run))
    outcomes = []
    for at in range(len(run)):
        ends = at >= last_break or (run[at + 1].before in {";", "\n"} and first_set < at)
        outcomes.append(Failure.ENDS_BUILD if ends else Failure.MAY_GO_ON)
    return tuple(outcomes)


def _is_set_e(command: Command) -> bool:
    return command.name == "set" and any(_EXITS.fullmatch(word.text) for word in command.words[1:])
