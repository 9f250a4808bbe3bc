"""A package stands twice in one list.

## Why
pip, and conda in its own list, take both entries together. The second adds nothing, or narrows the first where nobody
looks for it; who changes the version in one of them finds that nothing changes, or that nothing is installed any more.
Source: pip 23.2.1, run; conda's `MatchSpec.merge` (source of 2026-08), read.

## Bad
```requirements requirements.txt
pandas==2.2.3
numpy==2.1.3
pandas==2.2.3
```

## Good
```requirements requirements.txt
pandas==2.2.3
numpy==2.1.3
```

## Fix safety
Safe where an entry repeats another word by word. Entries that differ are left alone.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..model.conda import CondaSpec
from ..syntax import ranges
from ..syntax.changes import delete_lines
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import follow
from ..syntax.requirements import LineKind, Requirement
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Fix, Related, Severity
from ..text.span import Span
from ._rule import Context, rule


class _Entry(NamedTuple):
    entry: Requirement | MatchSpec
    text: str
    whole: str
    span: Span
    line: Span | None
    dash: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What entries of one package share: extras and conditions may differ on purpose."""
        if isinstance(self.entry, MatchSpec):
            return self.entry.name, "", ""
        return self.entry.name, self.entry.extras, self.entry.marker

    @property
    def name(self) -> str:
        return self.entry.text[self.entry.name_span.start : self.entry.name_span.end]

    def excludes(self, other: "_Entry") -> bool:
        one, two = self.entry, other.entry
        if isinstance(one, MatchSpec) or isinstance(two, MatchSpec):
            return (
                isinstance(one, MatchSpec)
                and isinstance(two, MatchSpec)
                and ranges.exclude(ranges.of_matchspec(one), ranges.of_matchspec(two))
            )
        return ranges.exclude(ranges.of_requirement(one), ranges.of_requirement(two))


@rule("duplicate-requirement", on=(RequirementsFile, CondaSpec), severity=Severity.INFO)
def check(value: RequirementsFile | CondaSpec, ctx: Context) -> Iterator[Finding]:
    if not value.has_repeats:
        return
    lists = (_conda(value), _pip(value)) if isinstance(value, CondaSpec) else (_lines(value),)
    for entries in lists:
        seen: dict[tuple[str, str, str], _Entry] = {}
        for each in entries:
            earlier = seen.setdefault(each.key, each)
            if earlier is each or each.excludes(earlier):
                continue  # conflicting-pins says the latter
            same = each.whole == earlier.whole
            fixes: tuple[Fix, ...] = ()
            if same and each.line is not None:
                title = f"delete this '{each.name}'"
                fixes = delete_lines(ctx.document.source, each.line, title, safe=True, dash=each.dash)
            message = (
                f"'{each.text}' stands here twice: the second adds nothing"
                if same
                else f"'{each.name}' stands here twice: '{earlier.text}' and '{each.text}' count together"
            )
            yield Finding(each.span, message, fixes, related=(Related(ctx.document.path, earlier.span, "the first"),))


def _lines(value: RequirementsFile) -> Iterator[_Entry]:
    for line in value.lines:
        if line.requirement is not None and _counts(line.requirement):
            start, end = line.requirement.name_span.start, len(line.joined.text.rstrip())
            whole = line.joined.text.strip()
            yield _Entry(
                line.requirement,
                whole.partition(" -")[0].strip(),
                whole,
                line.joined.span_of(start, end),
                line.span,
                dash=False,
            )


def _conda(spec: CondaSpec) -> Iterator[_Entry]:
    entries = {id(entry.scalar): entry.spec for entry in spec.entries}
    for item in spec.dependencies.items if spec.dependencies else ():
        entry = entries.get(id(follow(item)))
        if entry is not None and entry.name not in {"python", "*"}:  # python-version-multiple says it
            yield _Entry(entry, entry.text.strip(), entry.text.strip(), item.span, item.span, dash=True)


def _pip(spec: CondaSpec) -> Iterator[_Entry]:
    for block in spec.pip_blocks[-1:]:  # of several, conda takes the last
        for item in block.entries:
            if _counts(item.requirement):
                span, text = item.scalar.span, item.requirement.text.strip()
                line = span if item.scalar.inner is not None else None
                yield _Entry(item.requirement, text, text, span, line, dash=True)


def _counts(requirement: Requirement) -> bool:
    return requirement.kind is LineKind.REQUIREMENT and not requirement.rest
