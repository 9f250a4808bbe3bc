"""pip has to compile a package, and the image has no compiler.

## Why
Of most packages the index holds wheels, which need no compiler. Of some it holds the source only: psycopg2,
mysqlclient, annoy … pip then builds them, and slim images have nothing to build with.
Source: Azure ML, Troubleshoot environment issues; each package of the table was looked for as a wheel (Python 3.8 to
3.13, x86-64) and built with pip 23.0.1 on a minimal Debian 12 without a compiler in Docker 20.10, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12-slim
RUN pip install psycopg2==2.9.10
```

## Good
```dockerfile Dockerfile
FROM python:3.12-slim
RUN pip install psycopg2-binary==2.9.10
```

## Fix safety
Unsafe: `psycopg2-binary` brings libraries of its own; a compiler stays in the image.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model import known_bases, programs
from ..model.dockerfile import Dockerfile
from ..model.flow import Failure, failure
from ..syntax import installs, requirements
from ..syntax.changes import insert_before
from ..syntax.installs import Install, Tool
from ..syntax.joined import Word
from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_ASKED = frozenset({"gcc", "cc", "pip", "pip3", "python", "python3"})
_OLD = re.compile(r"(?:2|3\.[0-7])\b")
_SETTINGS = re.compile(r"PIP_(?:INDEX|EXTRA|FIND|ONLY|CONFIG|NO_INDEX|CONSTRAINT)|pip\.conf|pip3? config")
_BINARY = {"psycopg2": "psycopg2-binary"}
_ELSEWHERE = ("--no-index", "--only-binary", "--find-links", "--dry-run", "--help")


class _Built(NamedTuple):
    span: Span
    name: str
    file: str | None = None
    place: Word | None = None


@rule("compile-error", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    # Another index, or what a variable of pip says, may have wheels.
    if dockerfile.index_options or not dockerfile.installs:
        return
    if "PIP_" in ctx.document.source.text and re.search(
        r"PIP_(?!NO_CACHE|DISABLE|ROOT|DEFAULT)", ctx.document.source.text
    ):
        return
    said = set()
    for each in programs.moments(dockerfile, ctx.facts.installed().apt, _ASKED):
        found = installs.find((each.command,))
        if not found or found[0].tool is not Tool.PIP or not {"gcc", "cc"} <= each.lacking:
            continue
        install = found[0]
        is_known = known_bases.has_no_package_lists(each.root) and not _OLD.match(each.root.tag or "")
        if not is_known or install.program.text in each.lacking or any(map(install.has, _ELSEWHERE)):
            continue
        if failure(each.instruction, each.at) is not Failure.ENDS_BUILD:
            continue
        for built in _built(install, dockerfile, ctx):
            if (each.root.text, built.name) in said:
                continue
            said.add((each.root.text, built.name))
            where = f" in '{built.file}'" if built.file else ""
            fixes: tuple[Fix, ...] = ()
            packages = ctx.facts.installed().compiled[built.name]
            if packages and programs.is_all_root(dockerfile):
                line = programs.install_line(packages)
                fixes = insert_before(ctx.document.source, each.instruction.span.start, line)
            yield Finding(
                built.span,
                f"the index has no wheel of '{built.name}'{where}, and '{each.root.text}' no compiler to build it: "
                "the build fails here",
                (*_binary(built), *fixes),
            )


def _built(install: Install, dockerfile: Dockerfile, ctx: Context) -> Iterator[_Built]:
    compiled = ctx.facts.installed().compiled
    redirected = {each.span.start for each in install.command.redirections}
    for word in install.packages:
        if word.is_literal and word.span.end not in redirected:
            found = requirements.parse(word.text)
            if _is_plain(found) and found.name in compiled:
                yield _Built(word.span, found.name, place=word)
    for taken in dockerfile.requirements:
        same = taken.install.install.command.span == install.command.span
        if not same or taken.word not in install.values("--requirement"):
            continue
        lines = ctx.lines_of(taken)
        if any(each.requirement is None for each in lines):
            continue  # options may name another index, or further files
        for line in lines:
            if line.requirement is not None and _is_plain(line.requirement) and line.requirement.name in compiled:
                yield _Built(taken.word.span, line.requirement.name, taken.word.text)
                return


def _is_plain(found: Requirement) -> bool:
    return found.kind is LineKind.REQUIREMENT and not found.marker


def _binary(built: _Built) -> Iterator[Fix]:
    name = _BINARY.get(built.name)
    if name and built.place is not None and built.place.inner is not None and built.place.text.startswith(built.name):
        start = built.place.inner
        yield Fix(f"use '{name}'", (Edit(Span(start, start + len(built.name)), name),), safe=False)
