"""A package has no version constraint.

## Why
The build chooses, mostly the newest version that fits everything else, and the image keeps it: later jobs with the same
definition reuse that image, while the same list built elsewhere, or on another day, can get another version.
Nothing is said of a name in a requirements file to which a constraints file (`-c`) gives a version.
hadolint's DL3013 is about pip's packages, and a comment that names it says nothing of conda's.
Source: Azure ML, What are environments; Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy
```
```dockerfile Dockerfile
FROM python:3.12
RUN pip install --no-cache-dir numpy
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=2.1.3
```
```dockerfile Dockerfile
FROM python:3.12
RUN pip install --no-cache-dir numpy==2.1.3
```

## Fix safety
There is no fix: the right version is not in the text.
"""

from collections.abc import Iterator

from ..model.document import CONSTRAINT, FileKind
from ..syntax.conda_verdict import MISWRITTEN_PYTHON, problem
from ..syntax.matchspec import MatchSpec
from ..syntax.pins import Pin
from ..syntax.requirements import LineKind, Requirement
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, NotRun, Severity
from ._rule import Context, rule


@rule(
    "unpinned-dependency",
    on=(MatchSpec, Requirement, RequirementsFile),
    severity=Severity.WARNING,
    hadolint=("DL3013",),
)
def check(value: MatchSpec | Requirement | RequirementsFile, ctx: Context) -> Iterator[Finding | NotRun]:
    if isinstance(value, RequirementsFile):
        yield from _file(value, ctx)
    elif ctx.document.kind is not FileKind.REQUIREMENTS:  # there, other lines and files count too
        yield from _entry(value)


def _entry(entry: MatchSpec | Requirement, chooser: str = "the build") -> Iterator[Finding]:
    if entry.pin is not Pin.NONE:
        return
    if isinstance(entry, Requirement):
        if entry.kind is not LineKind.REQUIREMENT or entry.rest or "{" in entry.text:
            return
    elif entry.name in {"pip", "python", "*"} or MISWRITTEN_PYTHON.match(entry.text) or problem(entry.text):
        return  # pip-not-pinned, python-version-missing, python-version-malformed and conda-bad-spec say it
    name = entry.text[entry.name_span.start : entry.name_span.end]
    # hadolint's DL3013 is about pip.
    by_hadolint = isinstance(entry, Requirement)
    yield Finding(entry.name_span, f"'{name}' has no version: {chooser} chooses one", by_hadolint=by_hadolint)


def _file(value: RequirementsFile, ctx: Context) -> Iterator[Finding | NotRun]:
    """The lines of a requirements file, but for names that a constraints file gives a version."""
    if ctx.is_constraints_file or (ctx.document.path.endswith(".in") and not ctx.users):
        return  # of a constraints file nothing is installed; of pip-tools' input another file is made
    found = [
        (line, finding)
        for line in value.lines
        if line.requirement is not None and line.wrong is None
        for finding in _entry(line.requirement, "pip")
    ]
    if not found:
        return
    fixed: set[str] = set()
    for option in value.option_values(CONSTRAINT):
        drawn = ctx.draw(option.value or "")
        constraints = drawn.document.requirements if drawn and drawn.document else None
        if constraints is None:
            yield NotRun(f"constraints file '{option.value}' was not read")
            return
        fixed |= {
            line.requirement.name for line in constraints.lines if line.requirement and line.requirement.specifiers
        }
    for line, finding in found:
        if line.requirement and line.requirement.name not in fixed:
            yield finding._replace(span=line.joined.span_of(*finding.span))
