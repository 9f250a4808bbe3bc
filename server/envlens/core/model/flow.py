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
    run = commands.of(it)
    if it.heredocs or GUARD.search(it.args.text) or _COMPOUND.search(it.args.text):
        return Failure.UNKNOWN
    if any(each.before in _ODD or (number and not each.before) for number, each in enumerate(run)):
        return Failure.UNKNOWN
    after = [each.before for each in run[at + 1 :]]
    if all(each == "&&" for each in after):
        return Failure.ENDS_BUILD
    return Failure.ENDS_BUILD if after[0] in {";", "\n"} and any(map(_is_set_e, run[:at])) else Failure.MAY_GO_ON


def _is_set_e(command: Command) -> bool:
    return command.name == "set" and any(_EXITS.fullmatch(word.text) for word in command.words[1:])
