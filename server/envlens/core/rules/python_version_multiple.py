"""Python stands more than once among the conda dependencies, or the packages of one command.

## Why
conda takes all entries of one name together as one constraint. Two different versions exclude each other, so that none
is found: an error. Two ranges narrow each other: a warning. The same entry again, or one without a version, changes
nothing: info. Beside that, Azure ML names more than one Python version as a reason why a registration fails.
Source: Azure ML, Troubleshoot environment issues; conda's `MatchSpec.merge` (source of 2026-08) and the solver of
py-rattler 0.28.0, run. No registration was run.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.11
  - numpy=2.1.3
  - python=3.12
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=2.1.3
```

## Fix safety
Safe where an entry adds nothing: it repeats another, or names no version beside one that does. Unsafe where the entries
exclude each other: which of the two is meant is yours to choose. Ranges are left alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model.conda import CondaSpec
from ..model.dockerfile import RunInstall
from ..syntax import matchspec
from ..syntax.changes import delete_lines
from ..syntax.joined import Word
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Node, follow
from ..text.diagnostic import Finding, Fix, Related, Severity
from ..text.source import Source
from ._rule import Context, rule

# Only what surely means one version or one series: '=3.11', '==3.11.4', '3.11.*'.
_SERIES = re.compile(r"={0,2}\s*(\d+(?:\.\d+)*)(?:\.\*)?")
# As their commands are called; an enumeration would load the reading of commands.
_CONDAS = frozenset({"conda", "mamba", "micromamba"})
# Of more than anybody writes, comparing each with each takes too long.
_MOST = 50


class _Python(NamedTuple):
    item: Node
    spec: MatchSpec

    @property
    def text(self) -> str:
        return self.spec.text.strip()

    @property
    def constraint(self) -> tuple[str | None, str]:
        return self.spec.channel, self.spec.text[self.spec.name_span.end :].strip()

    @property
    def is_bare(self) -> bool:
        return self.constraint == (None, "")


@rule("python-version-multiple", on=(CondaSpec, RunInstall), severity=Severity.WARNING)
def check(value: CondaSpec | RunInstall, ctx: Context) -> Iterator[Finding]:
    yield from _of_command(value, ctx) if isinstance(value, RunInstall) else _of_spec(value, ctx)


def _of_command(found: RunInstall, ctx: Context) -> Iterator[Finding]:
    """Two in one command that exclude each other; what else may stand there is left alone."""
    if found.install.tool not in _CONDAS or found.install.subcommand not in {"install", "create"}:
        return
    kept: list[tuple[Word, MatchSpec]] = []
    for word in found.install.packages:
        spec = matchspec.parse(word.text) if word.is_literal and word.text.startswith("python") else None
        if spec is None or spec.name != "python":
            continue
        rival = next((other for other in kept if _exclude(other[1], spec)), None)
        if rival is not None:
            message = f"'{word.text}' and '{rival[0].text}' exclude each other: conda finds no such Python"
            related = (Related(ctx.document.path, rival[0].span, "the other entry"),)
            yield Finding(word.span, message, (), Severity.ERROR, related)
        kept.append((word, spec))
        if len(kept) == _MOST:
            return


def _of_spec(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    source = ctx.document.source
    kept: list[_Python] = []
    pythons = _pythons(spec)
    if len(pythons) > _MOST:
        return
    for python in pythons:
        severity: Severity | None = None
        if same := next((each for each in kept if each.constraint == python.constraint), None):
            other, severity, fixes = same, Severity.INFO, _delete(source, [python], f"delete this '{python.text}'")
            message = "'{}' repeats '{}': to conda it changes nothing"
        elif python.is_bare and (fuller := next((each for each in pythons if not each.is_bare), None)):
            other, severity, fixes = fuller, Severity.INFO, _delete(source, [python], f"delete this '{python.text}'")
            message = "'{}' adds nothing to '{}': conda takes both together"
        elif rival := next((each for each in kept if _exclude(each.spec, python.spec)), None):
            other, severity, fixes = rival, Severity.ERROR, _choices(source, (rival, python), pythons)
            message = "'{}' and '{}' exclude each other: conda finds no such Python"
            kept.append(python)
        elif kept:
            other, fixes = kept[0], ()
            message = "'{}' stands beside '{}': conda obeys both, Azure ML asks for one Python version"
            kept.append(python)
        else:
            kept.append(python)
            continue
        related = (Related(ctx.document.path, other.item.span, "the other entry"),)
        yield Finding(python.item.span, message.format(python.text, other.text), fixes, severity, related)


def _pythons(spec: CondaSpec) -> list[_Python]:
    specs = {id(scalar): python for python, scalar in spec.specs_of("python")}
    items = spec.dependencies.items if spec.dependencies and len(spec.by_name.get("python", ())) > 1 else ()
    return [_Python(item, specs[id(follow(item))]) for item in items if id(follow(item)) in specs]


def _exclude(one: MatchSpec, other: MatchSpec) -> bool:
    """Whether no version satisfies both: `=3.11` and `=3.12` differ in a number that both have."""
    found, others = _SERIES.fullmatch(one.version), _SERIES.fullmatch(other.version)
    if not found or not others:
        return False
    pairs = zip(found[1].split("."), others[1].split("."), strict=False)
    return any(number.lstrip("0") != counterpart.lstrip("0") for number, counterpart in pairs)


def _choices(source: Source, rivals: tuple[_Python, _Python], pythons: list[_Python]) -> tuple[Fix, ...]:
    """Each of the two as the one that stays. Both or none: a single fix would choose for the user."""
    fixes: tuple[Fix, ...] = ()
    for kept in rivals:
        others = [each for each in pythons if each is not kept]
        fixes += _delete(source, others, f"delete every python but '{kept.text}'", safe=False)
    return fixes if len(fixes) == len(rivals) else ()


def _delete(source: Source, pythons: list[_Python], title: str, *, safe: bool = True) -> tuple[Fix, ...]:
    """Deletes the lines of entries; none if one of them cannot go (it shares its line, or is an anchor)."""
    deletions = [delete_lines(source, each.item.span, title, safe=safe, dash=True) for each in pythons]
    if not all(deletions):
        return ()
    return (Fix(title, tuple(edit for fixes in deletions for fix in fixes for edit in fix.edits), safe),)
