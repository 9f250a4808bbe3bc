"""A RUN calls a program that the base image lacks, and no step before it brings the program.

## Why
Slim images hold little: `python:3.12-slim`, `debian` and `ubuntu` have no git, curl, wget, unzip, compiler or make, and
no image here has `sudo`, which RUN does not need, being root until a `USER`. The shell says `not found` with code 127.
Source: Azure ML, Troubleshoot environment issues; the Dockerfiles of the official images, read; Docker 20.10 on a
minimal Debian 12, run. What comes with a package of apt: Debian 12, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12-slim
RUN git clone https://example.org/churn.git /churn
```

## Good
```dockerfile Dockerfile
FROM python:3.12-slim
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
RUN git clone https://example.org/churn.git /churn
```

## Fix safety
Unsafe: the newest version of the program is installed, which may not be the one that was meant.
"""

from collections.abc import Iterator

from ..model import known_bases, programs
from ..model.dockerfile import Dockerfile
from ..model.flow import Failure, failure
from ..model.programs import Moment
from ..syntax import commands
from ..syntax.changes import insert_before
from ..syntax.dockerfile import Instruction
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_ASKED = frozenset(
    (
        *("git", "curl", "wget", "unzip", "zip", "sudo", "jq", "gcc", "g++", "cc", "c++", "make", "cmake"),
        *("python", "python3", "pip", "pip3", "apk", "dnf", "yum", "microdnf", "apt", "apt-get", "bash"),
    )
)
# What brings a program, for those whose fix is no question of taste.
_PACKAGES = {
    **{name: name for name in ("git", "curl", "wget", "unzip", "zip", "jq", "make", "cmake")},
    **dict.fromkeys(("gcc", "g++", "cc", "c++"), "build-essential"),
}


@rule("command-not-recognized", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if not any(root is not None and known_bases.lacks(root) for root in dockerfile.roots.values()):
        return
    said = set()
    for each in programs.moments(dockerfile, ctx.facts.installed().apt, _ASKED):
        words = each.command.words
        name = words[0].text if words and words[0].is_literal else ""
        # Once is enough: the stages that build on it do not run.
        if name not in each.lacking or (each.root.text, name) in said:
            continue
        outcome = failure(each.instruction, each.at)
        if outcome is Failure.UNKNOWN:
            continue
        said.add((each.root.text, name))
        ends = outcome is Failure.ENDS_BUILD
        yield Finding(
            words[0].span,
            f"'{each.root.text}' has no {name}, and no step before this brings it: "
            + ("the build fails here" if ends else "the command is not found"),
            tuple(_fixes(each, name, dockerfile, ctx)),
            severity=Severity.ERROR if ends else Severity.WARNING,
        )


def _fixes(found: Moment, name: str, dockerfile: Dockerfile, ctx: Context) -> Iterator[Fix]:
    if not programs.is_all_root(dockerfile):
        return
    if name == "sudo":
        edits = tuple(_without_sudo(found.instruction, ctx.document.source.text))
        if edits:
            yield Fix("delete 'sudo': RUN is root here", edits, safe=False)
    if name in _PACKAGES and known_bases.has_no_package_lists(found.root):
        line = programs.install_line(_PACKAGES[name])
        yield from insert_before(ctx.document.source, found.instruction.span.start, line)


def _without_sudo(it: Instruction, text: str) -> Iterator[Edit]:
    for command in commands.of(it):
        words = command.words
        if len(words) > 1 and words[0].text == "sudo" and not words[1].text.startswith("-"):
            span = Span(words[0].span.start, words[1].span.start)
            if "\n" not in text[span.start : span.end]:
                yield Edit(span, "")
