"""A value has a type that Azure ML refuses.

## Why
The client checks types when it loads the file, and says neither line nor column.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
tags: [training]
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
tags: {stage: training}
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.job import Holder, HolderKind
from ..syntax.nodes import Scalar, Sequence, follow
from ..syntax.scalars import kind_of
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_CLAIMED = {("name",), ("os_type",)}


@rule("wrong-type", on=(SchemaFailure, Holder), severity=Severity.ERROR)
def check(failure: SchemaFailure | Holder, ctx: Context) -> Iterator[Finding]:
    if isinstance(failure, Holder):
        yield from _environment(failure, ctx)
        return
    if failure.keyword not in {"type", "not", "anyOf", "oneOf"} or failure.path in _CLAIMED:
        return
    value = follow(failure.pair.value) if failure.pair else None
    if failure.path == ("version",) and isinstance(value, Scalar) and kind_of(value) == "timestamp":
        return  # env-version-coerced says it
    if failure.path == ("conda_file",) and isinstance(value, Sequence):
        return  # conda-file-wrong-shape says it
    empty = isinstance(value, Scalar) and kind_of(value) == "null"
    if empty and failure.path in {("image",), ("conda_file",)}:
        return  # image-blank and conda-spec-missing say it
    if failure.path[:1] == ("inference_config",) and failure.path[2:] in {("port",), ("path",)}:
        return  # inference-route-incomplete says it
    wanted = " or ".join(dict.fromkeys(_WORDS[each] for each in failure.expected if each in _WORDS))
    if not failure.path:
        what = "the file is empty" if ctx.document.root is None else "this is no mapping of keys and values"
        yield Finding(
            failure.span, f"{what}: an environment definition has at least a 'name' and an 'image' or 'build'"
        )
        return
    is_key = failure.pair is not None and failure.span == failure.pair.key.span and failure.path[:1] == ("tags",)
    if is_key and len(failure.path) > 1:
        yield Finding(failure.span, f"tag '{failure.key}' is not a string: quote it")
        return
    what = "is empty" if empty else "has the wrong type"
    yield Finding(failure.span, f"'{'.'.join(failure.path)}' {what}: it must be {wanted or 'something else'}")


def _environment(holder: Holder, ctx: Context) -> Iterator[Finding]:
    """What stands under `environment:` and is neither a reference nor a definition."""
    value = follow(holder.pair.value) if holder.pair else None
    what = None
    if isinstance(value, Sequence):
        what = "is a list"
    elif isinstance(value, Scalar) and kind_of(value) in _NO_REFERENCE:
        what = f"is {_NO_REFERENCE[kind_of(value)]}"
    elif isinstance(value, Scalar) and _is_empty(value, holder, ctx):
        what = "is empty"
    if what and holder.pair:
        message = f"'environment' {what}: it must be a reference such as 'azureml:name:1', or a definition"
        yield Finding(holder.pair.key.span, message)


_NO_REFERENCE = {"int": "a number", "float": "a number", "bool": "true or false", "timestamp": "a date"}


def _is_empty(value: Scalar, holder: Holder, ctx: Context) -> bool:
    """Whether a value is empty, and not what env-missing-in-command says. A schedule may empty that of its job."""
    if kind_of(value) != "null":
        return not value.text
    return not holder.is_required and holder.kind is not HolderKind.SCHEDULE and ctx.document.is_whole
