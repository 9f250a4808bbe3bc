"""What is to be installed is no package, but a module: of Python itself, or of a package with another name.

## Why
`json`, `os` or `sqlite3` come with Python, and there is no package of that name: pip says that no distribution
matches, conda that the package is not found, and the build fails. `cv2` and `PIL` are what one imports; the packages
are called `opencv-python` and `pillow`. `sklearn` is there on PyPI, but its only purpose is to stop the build and to
say `scikit-learn`. Names of modules that somebody has used for another package are left alone.
Source: pip 26.3, run (`os`, `json`, `cv2`, `PIL`, `sklearn`); a list of all names on PyPI of 2026-11 and
conda-forge/feedstock-outputs of 2026-08, read; Azure ML, Troubleshoot environment issues.

## Bad
```requirements requirements.txt
pandas==2.2.3
json
```

## Good
```requirements requirements.txt
pandas==2.2.3
```

## Fix safety
Unsafe: an index of your own may have a package of that name.
"""

import re
from collections.abc import Iterator

from ..model import channels
from ..model.conda import CondaSpec
from ..model.document import FileKind
from ..model.facts import PackageNames
from ..syntax.changes import delete_lines
from ..syntax.conda_verdict import problem
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import follow
from ..syntax.requirements import LineKind, Requirement
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("missing-python-module", on=(MatchSpec, Requirement, RequirementsFile, CondaSpec), severity=Severity.ERROR)
def check(value: MatchSpec | Requirement | RequirementsFile | CondaSpec, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, MatchSpec | Requirement):
        if ctx.document.kind is FileKind.DOCKERFILE:  # elsewhere an entry has a line that can go
            for found in _entry(value, ctx.facts.package_names()):
                # A variable of the image can let the stub pass.
                is_stub = value.name in ctx.facts.package_names().stubs
                yield found._replace(severity=Severity.WARNING) if is_stub else found
    elif isinstance(value, RequirementsFile):
        if not ctx.is_constraints_file:
            yield from _file(value, ctx)
    else:
        yield from _conda(value, ctx)
        yield from _pip(value, ctx)


def _file(value: RequirementsFile, ctx: Context) -> Iterator[Finding]:
    names = ctx.facts.package_names()
    for line in value.lines:
        if line.requirement is None or line.wrong is not None or line.requirement.name not in names.odd_for_pip:
            continue
        for found in _entry(line.requirement, names):
            span = line.joined.span_of(*found.span)
            fixes = tuple(
                Fix(fix.title, (Edit(span, fix.edits[0].text),), fix.safe)
                for fix in found.fixes
                if line.joined.is_contiguous(*found.span)
            )
            if line.requirement.name in names.no_pip_packages and len(value.lines) > 1:
                fixes = delete_lines(ctx.document.source, line.span, _title(line.requirement), safe=False)
            yield found._replace(span=span, fixes=fixes)


def _conda(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    if not spec.entries or spec.dependencies is None:
        return
    names = ctx.facts.package_names()
    if not any(_plain(name) in names.no_conda_packages for name in spec.by_name):
        return
    known = bool(spec.channels) and all(channels.name_of(each.text) in channels.KNOWN for each in spec.channels)
    entries = {id(entry.scalar): entry.spec for entry in spec.entries}
    for item in spec.dependencies.items:
        entry = entries.get(id(follow(item)))
        if entry is not None:
            for found in _entry(entry, names):
                fixes = delete_lines(ctx.document.source, item.span, _title(entry), safe=False, dash=True)
                severity = Severity.ERROR if known and not entry.channel else Severity.WARNING
                yield found._replace(span=item.span, fixes=fixes, severity=severity)


def _pip(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    names = ctx.facts.package_names()
    for block in spec.pip_blocks[-1:]:  # of several, conda takes the last
        for item in block.entries:
            for found in _entry(item.requirement, names) if item.requirement.name in names.odd_for_pip else ():
                is_plain = item.scalar.is_contiguous(*found.span)
                span = item.scalar.span_of(*found.span)
                fixes = tuple(
                    Fix(fix.title, (Edit(span, fix.edits[0].text),), fix.safe) for fix in found.fixes if is_plain
                )
                if item.requirement.name in names.no_pip_packages and is_plain and len(block.entries) > 1:
                    title = _title(item.requirement)
                    fixes = delete_lines(ctx.document.source, item.scalar.span, title, safe=False, dash=True)
                yield found._replace(span=span, fixes=fixes)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name) if "_" in name or "." in name else name


def _entry(entry: MatchSpec | Requirement, names: PackageNames) -> Iterator[Finding]:
    written = entry.text[entry.name_span.start : entry.name_span.end]
    if isinstance(entry, MatchSpec):
        if _plain(entry.name) in names.no_conda_packages and not problem(entry.text):
            message = f"'{written}' comes with Python: conda's usual channels have no package of that name"
            yield Finding(entry.name_span, message, (), Severity.WARNING)
        return
    if entry.kind is not LineKind.REQUIREMENT or entry.rest or entry.marker or "{" in entry.text:
        return
    if entry.name in names.no_pip_packages:
        yield Finding(entry.name_span, f"'{written}' comes with Python: pip finds no package of that name")
        return
    is_bare = not entry.specifiers and not entry.extras
    meant = names.pip_names.get(entry.name) or (names.stubs.get(entry.name) if is_bare else None)
    if meant is not None:
        fixes = (Fix(f"use '{meant}'", (Edit(entry.name_span, meant),), safe=False),) if is_bare else ()
        message = f"'{written}' is the name to import: pip finds no such package, it is called '{meant}'"
        if entry.name in names.stubs:
            message = f"'{written}' on PyPI is a stub that ends the build: the package is called '{meant}'"
        yield Finding(entry.name_span, message, fixes)


def _title(entry: MatchSpec | Requirement) -> str:
    return f"delete '{_span_text(entry.text, entry.name_span)}'"


def _span_text(text: str, span: Span) -> str:
    return text[span.start : span.end]
