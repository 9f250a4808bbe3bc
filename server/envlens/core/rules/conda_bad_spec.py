"""A conda dependency is none that conda can read.

## Why
conda stops at the first entry that is no match spec, before it looks for any package. It has no extras, no markers and
no options as pip has them, and takes at most one blank on each side of an operator. In a Dockerfile, `conda create
--file` takes a list of such entries; given a conda file, conda before 26 stops at its first line.
Source: conda's `MatchSpec` (source of 2026-08), run; conda's issues 6827 and 15573; Azure ML, Troubleshoot environment
issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy  >=  1.26
```

```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
COPY train.yml /tmp/
RUN conda create -n train -f /tmp/train.yml
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy >=1.26
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
COPY train.yml /tmp/
RUN conda env create -n train -f /tmp/train.yml
```

## Fix safety
Safe where blanks, a comma or an operator without a version is too much. What has no place in a conda entry is yours to
move. Unsafe for `conda create`: `conda env create` makes an environment of all that the file says.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.conda import CondaSpec
from ..model.dockerfile import RunInstall
from ..syntax import conda_verdict
from ..syntax.conda_verdict import MISWRITTEN_PYTHON, problem
from ..syntax.joined import Word
from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

if TYPE_CHECKING:
    from ..syntax.installs import Install

_EXTRAS = re.compile(r"[A-Za-z0-9_.-]\s*(\[[A-Za-z0-9_.,\s-]+\])")
_BLANKS = re.compile(r"\s*([=<>!~,|]+)\s*")

# What `conda env` knows too.
_SHARED = frozenset({"--file", "--name", "--prefix", "--quiet", "--verbose", "--json"})
_YAML = (".yml", ".yaml")


@rule("conda-bad-spec", on=(MatchSpec, CondaSpec, RunInstall), severity=Severity.ERROR)
def check(value: MatchSpec | CondaSpec | RunInstall, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, MatchSpec):
        yield from _judged(value.text)
        return
    if isinstance(value, RunInstall):
        yield from _create(value)
        return
    for entry in value.entries:
        if entry.spec is None:
            for found in _judged(entry.scalar.text):
                yield found._replace(span=entry.scalar.span, fixes=())


def _judged(text: str) -> Iterator[Finding]:
    if not text.strip() or "{" in text or "\n" in text or MISWRITTEN_PYTHON.match(text):
        return
    found = problem(text)
    if found is None:
        extras = _EXTRAS.search(text)
        if extras:
            message = f"conda has no extras: '{extras[1]}' is dropped, and newer solvers refuse it"
            yield Finding(Span(*extras.span(1)), message, severity=Severity.WARNING)
        return
    hint = ""
    if ";" in text:
        hint = "; conditions belong to pip's entries"
    elif text.lstrip().startswith("-"):
        hint = "; options of pip belong into its list"
    elif "://" in text or text.startswith((".", "/", "git+")):
        hint = "; addresses and folders belong into pip's list"
    message = f"conda cannot read '{text.strip()}': {found.message}{hint}"
    yield Finding(found.span, message, _fixes(text))


def _fixes(text: str) -> tuple[Fix, ...]:
    """The text without what is too much, where conda reads it then."""
    close = _BLANKS.sub(r"\1", text).strip()
    bare = close.rstrip("=,|")
    start = len(text) - len(text.lstrip())
    whole = Span(start, start + len(text.strip()))
    for new, title in ((close, "delete the blanks"), (bare, f"write '{bare}'")):
        if new and new != text.strip() and conda_verdict.problem(new) is None:
            return (Fix(title, (Edit(whole, new),)),)
    return ()


def _create(found: RunInstall) -> Iterator[Finding]:
    """`conda create -f` with a conda file, which only `conda env create` reads in every version."""
    install = found.install
    if install.tool != "conda" or install.subcommand not in {"create", "install"}:
        return
    meant = "env create" if install.subcommand == "create" else "env update"
    verb = _verb(install)
    first = install.packages[0] if install.packages else None
    file = next((word for word in install.values("--file") if word.text.lower().endswith(_YAML)), None)
    if first is not None and first.text == "env" and verb is not None and file is not None:
        message = f"'conda {install.subcommand} env' looks for a package 'env': the build fails here"
        edits = (Edit(verb.span, "env"), Edit(first.span, install.subcommand))
        yield Finding(first.span, message, (Fix(f"use 'conda env {install.subcommand}'", edits, safe=False),))
    elif file is not None:
        fixes: tuple[Fix, ...] = ()
        if verb is not None and not install.packages and all(each.name in _SHARED for each in install.options):
            fixes = (Fix(f"use 'conda {meant}'", (Edit(verb.span, meant),), safe=False),)
        message = f"'conda {install.subcommand}' reads '{file.text}' as a list of packages, which fails before conda 26"
        yield Finding(file.span, message, fixes, Severity.WARNING)


def _verb(install: "Install") -> Word | None:
    """The word `create`, where it is written plainly."""
    words = install.command.words
    at = next((at for at, word in enumerate(words) if word.span == install.program.span), len(words))
    found = next((word for word in words[at + 1 :] if word.text == install.subcommand), None)
    if found is None or found.inner is None or found.span != Span(found.inner, found.inner + len(found.text)):
        return None
    return found
