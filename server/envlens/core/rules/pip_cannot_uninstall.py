"""pip is to replace a package that apt installed, and cannot.

## Why
In Debian 13 the packages `python3-…` of apt come without a list of their files: told to put another version in the
place of one, pip stops with `Cannot uninstall`. Debian 12 lets it pass, and so do the images of Python, whose pip does
not see what apt installs.
Source: Docker 20.10 on a minimal Debian 13 (pip 25.1.1: it stops) and Debian 12 (pip 23.0.1: it passes), run.

## Bad
```dockerfile Dockerfile
FROM debian:13
RUN apt-get update && apt-get install -y python3-pip && rm -rf /var/lib/apt/lists/*
RUN pip install --break-system-packages --upgrade pip
```

## Good
```dockerfile Dockerfile
FROM debian:13
RUN apt-get update && apt-get install -y python3-venv && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/churn && /opt/churn/bin/pip install --upgrade pip
```

## Fix safety
Unsafe: with `--ignore-installed` both versions stay in the image, and the packages that it needs are installed anew.
"""

import re
from collections.abc import Iterator

from ..model import known_bases
from ..model.dockerfile import Dockerfile
from ..model.flow import Failure, failure
from ..syntax import commands, installs, requirements
from ..syntax.dockerfile import Instruction
from ..syntax.installs import Install, Tool
from ..syntax.requirements import LineKind
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_PROGRAMS = frozenset({"pip", "pip3", "python3"})
_ALLOWS = "--break-system-packages"
# It goes elsewhere, or nothing is taken away.
_APART = (
    *("--ignore-installed", "--target", "--prefix", "--root", "--user", "--python", "--constraint", "--dry-run"),
    "--help",
)
# Another Python may be the first in PATH.
_ELSEWHERE = re.compile(r"\bPATH\b|\bconda|PIP_|pip\.conf|pyenv|\bsource\b|bin/activate|python3?\.\d")


@rule("pip-cannot-uninstall", on=Dockerfile, severity=Severity.WARNING)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    text = ctx.document.source.text
    if "python3-" not in text or _ALLOWS not in text or _ELSEWHERE.search(text):
        return
    parents = {each.stage: each.parent for each in dockerfile.bases}
    roots = dockerfile.roots
    left: dict[int, frozenset[str]] = {}
    for stage in dockerfile.tree.stages:
        parent = parents.get(stage.number)
        root = roots.get(stage.number)
        by_apt = left[parent] if parent is not None else frozenset()
        is_kept = root is not None and known_bases.keeps_apt_packages(root)
        for it in stage.instructions if is_kept else ():
            for at, command in enumerate(commands.of(it)) if it.keyword == "RUN" else ():
                for install in installs.find((command,)):
                    if install.tool is Tool.APT:
                        by_apt |= {word.text for word in install.packages if word.text.startswith("python3-")}
                    elif install.tool is Tool.PIP and failure(it, at) is Failure.ENDS_BUILD:
                        yield from _replaced(install, it, by_apt)
        left[stage.number] = by_apt


def _replaced(install: Install, it: Instruction, by_apt: frozenset[str]) -> Iterator[Finding]:
    if install.program.text not in _PROGRAMS or not install.has(_ALLOWS) or any(map(install.has, _APART)):
        return
    redirected = {each.span.start for each in install.command.redirections}
    for word in install.packages:
        found = requirements.parse(word.text) if word.is_literal else None
        if found is None or found.kind is not LineKind.REQUIREMENT or found.marker or word.span.end in redirected:
            continue
        package = f"python3-{found.name}"
        is_moved = install.has("--upgrade") or any(each.operator == "==" for each in found.specifiers)
        if package not in by_apt or not is_moved:
            continue
        option = next(each for each in install.options if each.name == _ALLOWS)
        edit = Edit(Span(option.span.end, option.span.end), " --ignore-installed")
        fixes = () if it.is_json else (Fix("add '--ignore-installed'", (edit,), safe=False),)
        yield Finding(
            word.span,
            f"apt installed '{package}', which pip cannot uninstall: where '{word.text}' is another version, "
            "the build fails here",
            fixes,
        )
        return
