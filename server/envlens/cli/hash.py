"""`envlens hash`: predicted hashes, what they are made of, what differs, and whose hash a key is."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..core.hashing import sdk
from ..core.hashing.difference import Difference, compare
from ..core.hashing.earlier import match
from ..core.hashing.prediction import Prediction
from ..host.host import Host
from .definitions import Defined, Look, find
from .errors import UsageError
from .projects import Projects, open_host, roots_of
from .report import say

_GIT = "git:"


class Against(NamedTuple):
    """How a definition differs from another one: what that is called, and the difference; None for no such one."""

    label: str
    difference: Difference | None


class Answer(NamedTuple):
    """A definition and, where that was asked for, how it differs from another one."""

    defined: Defined
    against: Against | None = None


def run(args: argparse.Namespace) -> int:
    """Runs the command; the exit code."""
    if args.find is not None and (args.against is not None or args.explain):
        raise UsageError("--find goes with neither --against nor --explain")
    if not args.paths and args.find is None:
        raise UsageError("hash needs a FILE; see envlens hash --help")
    if args.sdk is not None and sdk.algorithm_of(args.sdk) is None:
        raise UsageError(f"--sdk takes a release of azure-ai-ml such as {sdk.NEWEST_RELEASE}, not '{args.sdk}'")
    paths = args.paths or ["."]
    gc.disable()  # leaves of a large context are tuples without cycles: looking for some took a third of a run
    projects = Projects(args)
    is_file = args.against is not None and os.path.isfile(args.against) and not args.against.startswith(_GIT)
    host = open_host(roots_of([*paths, *([args.against] if is_file else [])]), projects, None)
    if projects.problems:
        raise UsageError("\n".join(projects.problems))
    from .contexts import looker

    look = looker(host, args)
    if args.find is not None:
        from . import finding

        return finding.run(host, paths, look, args)
    found = list(find(host, paths, look, args.sdk))
    if not found:
        raise UsageError(f"{', '.join(paths)}: no environment definition there")
    answers = [Answer(each) for each in found] if args.against is None else _compared(host, found, look, args)
    _show(answers, args)
    if args.against is not None:
        return _exit_code(answers)
    return 0


def _compared(host: Host, found: Sequence[Defined], look: Look, args: argparse.Namespace) -> list[Answer]:
    others = _others(host, look, args)
    answers = []
    for each in found:
        candidates = others(each)
        other = match(each.prediction.place, candidates)
        difference = compare(other, each.prediction) if other is not None else None
        answers.append(Answer(each, Against(args.against, difference)))
    return answers


def _others(host: Host, look: Look, args: argparse.Namespace) -> Callable[[Defined], Sequence[Prediction]]:
    """The definitions that one of ours may have to be compared with."""
    if not args.against.startswith(_GIT):
        if os.path.isfile(args.against):
            other = [each.prediction for each in find(host, [args.against], look, args.sdk)]
        else:
            other = [_registered(args)]
        return lambda _: other
    from . import looking_back

    look_back = looking_back.earlier_of(host, args.against)

    def at_revision(each: Defined) -> Sequence[Prediction]:
        earlier = look_back(each.document)
        if earlier is None:
            raise UsageError(f"{each.shown} lies in no git repository")
        if earlier.problem is not None:
            raise UsageError(f"{each.shown} at {args.against}: {earlier.problem}")
        return earlier.predictions

    return at_revision


def _registered(args: argparse.Namespace) -> Prediction:
    """What is predicted of a registered version."""
    from ..core.workspace.definition import predict
    from .workspace import opening

    with opening.opened(args, f"'{args.against}' is neither a file nor git:REVISION") as workspace:
        version = opening.version(workspace, args.against)
        return predict(version, workspace.leaves(version))


def _exit_code(answers: Iterable[Answer]) -> int:
    """0 for the same image, 1 for another one, 2 where that cannot be told."""
    verdicts = []
    for each in answers:
        difference = each.against.difference if each.against else None
        verdict = difference.is_same if difference is not None else False
        if verdict is None and difference is not None:
            say(f"{each.defined.title}: {difference.verdict}")
        verdicts.append(verdict)
    return 1 if False in verdicts else 2 if None in verdicts else 0


def _show(answers: Sequence[Answer], args: argparse.Namespace) -> None:
    if args.format == "json":
        from .render.hash_json import render

        sys.stdout.write(render(answers))
        return
    from .render import hash_text
    from .render.style import of_stdout

    style = of_stdout()
    sys.stdout.write("\n".join(hash_text.render(each, style, explain=args.explain) for each in answers))
