"""The conda specification names no channel.

## Why
conda then takes the channels that the base image is set up for. Another image, or a newer one, can mean other packages,
or none: `defaults` needs a licence in larger companies.
Source: Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
dependencies:
  - python=3.12
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
```

## Fix safety
Unsafe: packages come from another channel than before.
"""

from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..model.document import FileKind
from ..syntax.changes import insert_before
from ..syntax.nodes import Alias, Pair, Scalar, Sequence, find, follow, key_text
from ..text.diagnostic import Finding, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

_DECIDES = "conda's own configuration decides where packages come from"


@rule("conda-channels-missing", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    if not spec.is_whole or not spec.entries or all(each.spec and each.spec.channel for each in spec.entries):
        return
    pair = find(spec.node, "channels")
    if pair is not None:
        if _is_empty(pair):
            yield Finding(pair.key.span, f"'channels' is empty: {_DECIDES}")
        return
    if nearest("channels", [(key_text(each) or "").lower() for each in spec.node.pairs[:100]], cutoff=0.75):
        return  # conda-unknown-key says it
    pair = find(spec.node, "dependencies")
    if pair is None:
        return
    at = pair.key.span
    can_insert = spec.node.block and ctx.document.kind is not FileKind.V1 and pair in spec.node.pairs
    fixes = insert_before(ctx.document.source, at.start, "channels: [conda-forge]") if can_insert else ()
    yield Finding(at, f"no 'channels': {_DECIDES}", fixes)


def _is_empty(pair: Pair) -> bool:
    value = follow(pair.value)
    if isinstance(value, Sequence):
        return not value.items
    return isinstance(value, Scalar) and value.is_plain and not value.text and not isinstance(value, Alias)
