"""A package is asked for twice, in versions that exclude each other.

## Why
pip and conda each take all entries of one name together: where no version fits all of them, nothing is installed. Of
conda's entry and pip's entry for the same package, pip's is installed last and stays.
Source: pip 23.2.1, run; conda's `MatchSpec.merge` (source of 2026-08), read.

## Bad
```requirements requirements.txt
idna==3.7
idna==3.6
```

## Good
```requirements requirements.txt
idna==3.7; python_version >= "3.9"
idna==3.6; python_version < "3.9"
```

## Fix safety
Unsafe: which of the two is meant is yours to choose.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..model import pip_list
from ..model.conda import CondaSpec
from ..model.document import INCLUDES
from ..syntax import ranges
from ..syntax.changes import delete_lines
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import follow
from ..syntax.ranges import Range
from ..syntax.requirements import Requirement
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Fix, Related, Severity
from ..text.source import Source
from ..text.span import Span
from ._rule import Context, rule

# Of one name; more is no slip of the pen, and each is compared with each.
_MAX_ENTRIES = 20


class _Entry(NamedTuple):
    entry: Requirement | MatchSpec
    span: Span
    path: str
    line: Span | None = None  # what could be deleted

    @property
    def ranges(self) -> Sequence[Range]:
        """What it asks for; worked out for names that stand more than once alone."""
        entry = self.entry
        return ranges.of_matchspec(entry) if isinstance(entry, MatchSpec) else ranges.of_requirement(entry)

    @property
    def shown(self) -> str:
        if isinstance(self.entry, MatchSpec):
            return self.entry.text.strip()
        start = self.entry.name_span.start
        return self.entry.text[start : max(self.entry.constraint_span.end, self.entry.name_span.end)]


@rule("conflicting-pins", on=(RequirementsFile, CondaSpec), severity=Severity.ERROR)
def check(value: RequirementsFile | CondaSpec, ctx: Context) -> Iterator[Finding]:
    if not value.has_repeats and (isinstance(value, CondaSpec) or not any(value.option_values(*INCLUDES))):
        return
    if isinstance(value, CondaSpec):
        conda, pip = _conda(value, ctx.document.path), _listed(value, ctx.document.path)
        yield from _among(conda, ctx, "conda finds none")
        yield from _among(pip, ctx, "pip stops here")
        by_name = _by_name(conda)
        for each in pip:
            for other in by_name.get(each.entry.name, ())[:1]:
                if ranges.exclude(each.ranges, other.ranges):
                    message = f"pip puts '{each.shown}' in the place of conda's '{other.shown}'"
                    yield Finding(each.span, message, (), Severity.WARNING, (_related(other),))
        return
    own = _listed(value, ctx.document.path)
    yield from _among(own, ctx, "pip stops here")
    if not own:
        return
    others: list[_Entry] = []
    for option in value.option_values(*INCLUDES):
        drawn = ctx.draw(option.value or "")
        if drawn and drawn.document and drawn.document.requirements:
            others += _listed(drawn.document.requirements, drawn.path)
    by_name = _by_name(others)
    for each in own:
        rivals = [other for other in by_name.get(each.entry.name, ()) if ranges.exclude(each.ranges, other.ranges)]
        for other in rivals[:1]:
            message = f"'{each.shown}' and '{other.shown}' exclude each other: pip stops here"
            yield Finding(each.span, message, related=(_related(other),))


def _among(entries: Sequence[_Entry], ctx: Context, outcome: str) -> Iterator[Finding]:
    for named in _by_name(entries).values():
        kept: list[_Entry] = []
        for each in named[:_MAX_ENTRIES]:
            rival = next((other for other in kept if ranges.exclude(each.ranges, other.ranges)), None)
            if rival:
                message = f"'{rival.shown}' and '{each.shown}' exclude each other: {outcome}"
                fixes = _choices(ctx.document.source, rival, each) if len(named) == len((rival, each)) else ()
                yield Finding(each.span, message, fixes, related=(_related(rival),))
            kept.append(each)


def _choices(source: Source, one: _Entry, other: _Entry) -> tuple[Fix, ...]:
    """Each of the two as the one that stays; both or none."""
    fixes: tuple[Fix, ...] = ()
    for kept, gone in ((one, other), (other, one)):
        if gone.line is not None:
            dash = isinstance(gone.entry, MatchSpec) or gone.line != gone.span
            fixes += delete_lines(source, gone.line, f"delete all but '{kept.shown}'", safe=False, dash=dash)
    return fixes if len(fixes) == len((one, other)) else ()


def _related(entry: _Entry) -> Related:
    return Related(entry.path, entry.span, "the other entry")


def _by_name(entries: Sequence[_Entry]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for each in entries:
        found.setdefault(each.entry.name, []).append(each)
    return found


def _listed(value: RequirementsFile | CondaSpec, path: str) -> list[_Entry]:
    return [
        _Entry(each.requirement, each.span, path, each.line)
        for each in pip_list.of(value)
        if each.is_unconditional and each.requirement.specifiers
    ]


def _conda(spec: CondaSpec, path: str) -> list[_Entry]:
    entries = {id(entry.scalar): entry.spec for entry in spec.entries}
    found = []
    for item in spec.dependencies.items if spec.dependencies else ():
        entry = entries.get(id(follow(item)))
        if entry is not None and entry.name != "python":  # python-version-multiple says it
            found.append(_Entry(entry, item.span, path, item.span))
    return found
