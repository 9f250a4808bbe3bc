"""A RUN calls conda, and nothing in the stage brings it.

## Why
`conda: not found`, and the build ends. The images of Python, Ubuntu, Debian and CUDA have no conda; those of Azure ML
(openmpi…), continuumio, condaforge and mambaorg have it.
Source: Azure ML, Troubleshoot environment issues; Docker 20.10 with and without BuildKit, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12
RUN conda install -y numpy=2.1.3
```

## Good
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
RUN conda install -y numpy=2.1.3
```

## Fix safety
There is no fix: another base, an installation of conda or pip in its place, only you can say which.
"""

import re
from collections.abc import Iterator

from ..model import known_bases
from ..model.dockerfile import Dockerfile
from ..model.dockerfile_files import made
from ..model.flow import GUARD
from ..model.programs import may_copy
from ..syntax import commands
from ..syntax.dockerfile import Instruction
from ..syntax.shell import Command
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_PROGRAMS = frozenset({"conda", "mamba", "micromamba"})
_NAMED = re.compile(r"conda|mamba", re.IGNORECASE)


@rule("conda-command-not-found", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if not _NAMED.search(ctx.document.source.text):
        return
    parents = {each.stage: each.parent for each in dockerfile.bases}
    roots = dockerfile.roots
    may_have: dict[int, bool] = {}
    for stage in dockerfile.tree.stages:
        number = stage.number
        root = roots.get(number)
        parent = parents.get(number)
        has = root is None or not known_bases.lacks_conda(root) or (parent is not None and may_have[parent])
        for it in stage.instructions:
            if has:
                break
            found = _call(it)
            if found is not None and root is not None:
                name = found.words[0].text
                yield Finding(
                    found.words[0].span,
                    f"'{root.text}' has no {name}, and no step before this brings it: the build fails here",
                )
                has = True  # once is enough
            has = has or _may_bring(it)
        may_have[number] = has


def _call(it: Instruction) -> Command | None:
    """The command of a RUN that calls conda, where no command before it can have brought it."""
    if it.keyword != "RUN" or not _NAMED.search(it.args.text) or it.flags or it.heredocs:
        return None
    run = commands.of(it)
    if GUARD.search(it.args.text):
        return None
    for at, each in enumerate(run):
        if each.words and each.words[0].text in _PROGRAMS and each.words[0].is_literal:
            is_optional = each.before in {"||", ")"} or (at + 1 < len(run) and run[at + 1].before == "||")
            return None if is_optional else each
        if _command_may_bring(each):
            return None
    return None


def _may_bring(it: Instruction) -> bool:
    """Whether an instruction can have brought conda, or a folder that holds it into PATH."""
    match it.keyword:
        case "RUN":
            return bool(it.flags or it.heredocs) or any(map(_command_may_bring, commands.of(it)))
        case "COPY" | "ADD":
            return may_copy(it) or _NAMED.search(it.args.text) is not None
        case "ENV" | "ARG" | "SHELL" | "USER" | "WORKDIR":
            return _NAMED.search(it.args.text) is not None
    return False


def _command_may_bring(command: Command) -> bool:
    texts = [word.text for word in (*command.words, *command.assignments)]
    is_call = bool(texts) and texts[0] in _PROGRAMS
    return made(command).anything or (not is_call and any(map(_NAMED.search, texts)))
