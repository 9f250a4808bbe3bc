"""pip installs from a git repository, and the image has no git.

## Why
For `git+https://…` pip calls git: `Cannot find command 'git'`, and the build ends. Slim images have none.
Source: Azure ML, Troubleshoot environment issues; pip 23.0.1 in Docker 20.10 on a minimal Debian 12, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12-slim
RUN pip install git+https://example.org/churn.git@v1.0
```

## Good
```dockerfile Dockerfile
FROM python:3.12-slim
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
RUN pip install git+https://example.org/churn.git@v1.0
```

## Fix safety
Unsafe: the image gets git for good, where an archive (`https://…/v1.0.tar.gz`) would do without.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model import known_bases, programs
from ..model.dockerfile import Dockerfile
from ..model.dockerfile_runs import PIPS
from ..model.flow import Failure, failure
from ..syntax import installs
from ..syntax.changes import Fixes, insert_before
from ..syntax.dockerfile import Instruction
from ..syntax.installs import Install
from ..syntax.requirements_file import Line
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

_ASKED = frozenset({"git", "pip", "pip3", "python", "python3"})
_GIT = re.compile(r"(?:[\w.\-]+(?:\[[\w.,\- ]*\])?\s*@\s*)?git\+\w+:")


class _Need(NamedTuple):
    span: Span
    text: str
    file: str | None = None


@rule("missing-command-in-build", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if not any(each.install.tool in PIPS for each in dockerfile.installs):
        return
    if not any(root is not None and known_bases.lacks(root) for root in dockerfile.roots.values()):
        return
    said = set()
    for each in programs.moments(dockerfile, ctx.facts.installed().apt, _ASKED):
        found = installs.find((each.command,))
        if not found or found[0].tool not in PIPS or "git" not in each.lacking or each.root.text in said:
            continue
        if found[0].program.text in each.lacking or failure(each.instruction, each.at) is not Failure.ENDS_BUILD:
            continue
        need = _need(found[0], dockerfile, ctx)
        if need is None:
            continue
        said.add(each.root.text)
        what = f"'{need.text}' in '{need.file}'" if need.file else f"'{need.text}'"
        yield Finding(
            need.span,
            f"pip calls git for {what}, and '{each.root.text}' has none: the build fails here",
            _fixes(each.instruction, dockerfile, ctx),
        )


def _need(install: Install, dockerfile: Dockerfile, ctx: Context) -> _Need | None:
    if install.has("--dry-run") or install.has("--help"):
        return None
    for word in (*install.packages, *install.values("--editable")):
        if word.is_literal and ";" not in word.text and _GIT.match(word.text):
            return _Need(word.span, word.text)
    for taken in dockerfile.requirements:
        if taken.install.install.command.span == install.command.span and taken.word in install.values("--requirement"):
            found = next(filter(None, map(_line, ctx.lines_of(taken))), None)
            if found:
                return _Need(taken.word.span, found, taken.word.text)
    return None


def _line(line: Line) -> str | None:
    text = line.requirement.text if line.requirement is not None else ""
    texts = (text, *(each.value for each in line.options if each.name == "--editable" and each.value))
    return next((each.strip() for each in texts if ";" not in each and "$" not in each and _GIT.match(each)), None)


def _fixes(it: Instruction, dockerfile: Dockerfile, ctx: Context) -> Fixes:
    is_ours = programs.is_all_root(dockerfile)
    return insert_before(ctx.document.source, it.span.start, programs.install_line("git")) if is_ours else ()
