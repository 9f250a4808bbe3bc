"""The name is a number, a boolean, empty or a collection.

## Why
YAML reads an unquoted `2024` as a number and `on` as true; the client refuses anything but a string as a name.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: 2024
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: "2024"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe: the text stays, quoted.
"""

from collections.abc import Iterator

from ..syntax.changes import quote
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_WORDS = {"int": "a number", "float": "a number", "bool": "a boolean", "null": "empty", "timestamp": "a date"}


@rule("env-name-not-string", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.path != ("name",) or failure.keyword != "type" or failure.pair is None:
        return
    value = follow(failure.pair.value)
    kind = kind_of(value) if isinstance(value, Scalar) else "collection"
    word = _WORDS.get(kind, "no string")
    shown = f"name '{value.text}'" if isinstance(value, Scalar) and value.text else "'name'"
    fixes: tuple[Fix, ...] = ()
    if isinstance(value, Scalar) and value.is_plain and value.text and kind != "null":
        fixes = quote(value)
    yield Finding(failure.span, f"{shown} is {word}: a name must be a string", fixes)
