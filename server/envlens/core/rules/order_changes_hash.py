"""Packages or channels stand in another order than before, and nothing else changed.

## Why
Azure ML tells images apart by the list as it stands: another order is another image, which is built and stored anew
though the same packages are asked for. The order of channels means something to conda, too: the first one comes first.
This is said where the file can be compared with an earlier one: in a git repository the editor compares with HEAD.
Source: Azure ML, Azure Machine Learning environments (environment caching and reuse).

## Bad
```yaml conda.yml earlier
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=1.26.4
  - pandas=2.2.3
```
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pandas=2.2.3
  - numpy=1.26.4
```

## Good
```yaml conda.yml earlier
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=1.26.4
  - pandas=2.2.3
```
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=1.26.4
  - pandas=2.2.3
```

## Fix safety
Unsafe: the new order may be meant, of channels above all.
"""

import re
from collections.abc import Iterator
from collections.abc import Sequence as Entries

from ..model.conda import CondaSpec
from ..model.document import FileKind
from ..syntax.nodes import Mapping, Node, Scalar, Sequence, find, follow
from ..text.diagnostic import Edit, Finding, Fix, NotRun, Severity
from ..text.source import Source
from ..text.span import Span
from ._rule import Context, rule

TYPE_CHECKING = False
if TYPE_CHECKING:  # most runs compare with nothing, and it takes time to load
    from ..hashing.earlier import Earlier
    from ..hashing.reordering import Reordered


@rule("order-changes-hash", on=CondaSpec, severity=Severity.INFO)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding | NotRun]:
    earlier = ctx.earlier
    if earlier is None or not spec.is_whole:
        return
    if earlier.problem is not None:
        yield NotRun(f"what stood here at {earlier.label} is not known: {earlier.problem}")
        return
    for found in _reordered(spec, ctx, earlier):
        items = _items(spec.node, found.part)
        if len(items) == len(found.values):
            fixes = _restore(ctx.document.source, items, found.places, f"restore the order of {earlier.label}")
            yield Finding(_place(items[found.moved[0]]), _message(found, earlier.label), fixes)


def _reordered(spec: CondaSpec, ctx: Context, earlier: "Earlier") -> "tuple[Reordered, ...]":
    """The lists in another order, where a hash is known and nothing else changes it."""
    from ..hashing.earlier import match
    from ..hashing.prediction import Part
    from ..hashing.reordering import reordered
    from ..hashing.values import construct

    now = construct(spec.node).value
    if ctx.document.kind is FileKind.CONDA:
        specs = earlier.document.specs if earlier.document is not None else ()
        found = reordered(construct(specs[0].node).value, now) if specs else ()
        keys = [each.conda_key for each in (*earlier.predictions, *(ctx.predictions() if found else ()))]
        return found if earlier.predictions and None not in keys else ()
    if not any(each.counted and reordered(each.counted.conda, now) for each in earlier.predictions):
        return ()
    at = next((at for at, each in enumerate(ctx.document.environments) if each.conda is spec), 0)
    present = ctx.predictions()[at]
    before = match(present.place, earlier.predictions)
    # Beside a conda file of its own, what stands in a v1 definition does not count.
    if before is None or before.counted is None or present.counted is None or present.counted.conda != now:
        return ()
    beside = [
        [field for field in each.fields() if field[0] is not Part.CONDA] for each in (before.counted, present.counted)
    ]
    return reordered(before.counted.conda, now) if beside[0] == beside[1] else ()


def _message(found: "Reordered", label: str) -> str:
    names = [_name(found.values[at]) for at in found.moved[:_MAX_NAMES]]
    more = len(found.moved) - len(names)
    if more:
        names.append(f"{more} more")
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    if found.part == "channels":
        return f"{listed} moved since {label}: Azure builds another image, and conda prefers channels in another order"
    return f"{listed} moved since {label}: Azure builds another image, though the same packages are asked for"


_MAX_NAMES = 3
_MAX_LONG = 200  # characters of an entry


def _name(value: str) -> str:
    from ..hashing.conda_parts import PIP_LIST

    return "the list for pip" if value == PIP_LIST else f"'{value[:_MAX_LONG]}'"


def _items(spec: Mapping, part: str) -> tuple[Node, ...]:
    """The entries of a list as they are written."""
    if part == "channels":
        return _listed(spec, part)
    packages = _listed(spec, "dependencies")
    if part == "conda-packages":
        return packages
    return tuple(each for item in map(follow, packages) if isinstance(item, Mapping) for each in _listed(item, "pip"))


def _listed(mapping: Mapping, key: str) -> tuple[Node, ...]:
    pair = find(mapping, key)
    value = follow(pair.value) if pair else None
    return value.items if isinstance(value, Sequence) else ()


def _place(item: Node) -> Span:
    return item.pairs[0].key.span if isinstance(item, Mapping) and item.pairs else item.span


def _restore(source: Source, items: Entries[Node], places: Entries[int], title: str) -> tuple[Fix, ...]:
    """Puts entries back, each with the comment behind it; nothing where one is not a line of its own."""
    edits = []
    for at, place in enumerate(places):
        if at != place:
            old, new = _rest_of_line(source, items[at]), _rest_of_line(source, items[place])
            if old is None or new is None:
                return ()
            edits.append(Edit(old, source.text[new.start : new.end]))
    return (Fix(title, tuple(edits), safe=False),)


def _rest_of_line(source: Source, item: Node) -> Span | None:
    """An entry to the end of its line, where nothing but a dash stands before it and a comment behind it."""
    if not isinstance(item, Scalar) or item.written != item.span:
        return None  # several lines, an alias, or an anchor that an alias may need
    line = source.lines.line_of(item.span.start)
    start, end = source.lines.line_start(line), source.lines.line_end(line)
    before, behind = source.text[start : item.span.start], source.text[item.span.end : end]
    return Span(item.span.start, end) if _DASH.fullmatch(before) and _COMMENT.fullmatch(behind) else None


_DASH = re.compile(r"[ \t]*-[ \t]+")
_COMMENT = re.compile(r"([ \t]+#.*|[ \t]*)")
