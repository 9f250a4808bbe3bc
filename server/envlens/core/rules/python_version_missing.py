"""No Python version stands among the conda dependencies.

## Why
conda takes the newest Python that fits the other packages; the next build may take another one, for which a pinned
package has no release.
Source: Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - numpy=2.1.3
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
Unsafe: which Python the packages need is not in the text.
"""

from collections.abc import Iterator
from datetime import timedelta

from ..model.conda import CondaEntry, CondaSpec
from ..model.document import FileKind
from ..model.facts import Facts
from ..syntax.changes import insert_before, replace
from ..syntax.conda_verdict import MISWRITTEN_PYTHON
from ..syntax.nodes import Mapping, Scalar, follow, is_template
from ..syntax.pins import Pin
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_YEAR = timedelta(days=366)


@rule("python-version-missing", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    pythons = spec.by_name.get("python", [])
    if any(each.spec and each.spec.pin is not Pin.NONE for each in pythons):
        return
    if spec.dependencies is None or _could_hold_python(spec):
        return
    version = _suggested(ctx.facts)
    for entry in pythons[:1]:
        yield Finding(
            entry.scalar.span,
            f"'{entry.scalar.text.strip()}' names no version: conda chooses the Python",
            replace(entry.scalar, f"python={version}", f"use Python {version}", safe=False) if _is_bare(entry) else (),
        )
    if pythons or not spec.is_whole or not (spec.entries or spec.pip_blocks):
        return
    dashes, items = spec.dependencies.dashes, spec.dependencies.items
    # A dash and a mapping make one item: before it, a line of its own is a new item.
    fixes: tuple[Fix, ...] = ()
    if dashes and version and ctx.document.kind is not FileKind.V1:
        fixes = insert_before(ctx.document.source, items[0].span.start, f"python={version}")
    first = items[0].span
    at = first if isinstance(follow(items[0]), Scalar) else spec.pip_blocks[0].item if spec.pip_blocks else first
    yield Finding(at, "no Python among the dependencies: conda chooses one", fixes)


def _could_hold_python(spec: CondaSpec) -> bool:
    """Whether something else fills in entries, or a Python was meant and written in a way that others report."""
    for item in spec.dependencies.items if spec.dependencies else ():
        target = follow(item)
        if is_template(target) or not isinstance(target, Scalar | Mapping):
            return True
        if isinstance(target, Scalar) and (MISWRITTEN_PYTHON.match(target.text) or "\n" in target.text):
            return True
        if isinstance(target, Mapping) and any(_is_python(pair.key) for pair in target.pairs):
            return True
    return False


def _is_python(key: object) -> bool:
    return isinstance(key, Scalar) and key.text == "python"


def _is_bare(entry: CondaEntry) -> bool:
    return entry.scalar.text.strip() == "python"


def _suggested(facts: Facts) -> str | None:
    """The oldest Python that has a year to live: most packages have releases for it."""
    alive = [each for each in facts.pythons.values() if each.end_of_life - facts.today > _YEAR]
    return min(alive, key=lambda each: each.end_of_life).minor if alive else None
