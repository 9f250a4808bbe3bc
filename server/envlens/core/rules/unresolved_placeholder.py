"""A placeholder was left in.

## Why
The client fills nothing in: what is written is what is registered, looked for or pulled. `<NAME>` is mostly left over
from a document; `${NAME}` and the like are fine where a tool fills them in before. Azure ML's own expressions
(`${{inputs.…}}`) are not resolved in an environment. Other templates (`{{ … }}`, `${{ … }}` of a pipeline service) are
taken for deliberate.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: <REGISTRY>.azurecr.io/churn:1
```

## Good
```yaml environment.yml
name: churn
image: contoso.azurecr.io/churn:1
```

## Fix safety
There is no fix: only you know what belongs there.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..model.placeholder import expression, placeholder
from ..model.reference import Reference
from ..syntax.nodes import Pair, Scalar, find, follow
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("unresolved-placeholder", on=(Environment, Reference), severity=Severity.WARNING)
def check(value: Environment | Reference, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Reference):
        # Without the prefix an expression is refused, and that is said.
        yield from _find("environment", value.scalar, with_expressions=value.text.startswith("azureml:"))
        return
    for key, pair in _pairs(value):
        scalar = follow(pair.value) if pair else None
        if isinstance(scalar, Scalar):
            yield from _find(key, scalar, with_expressions=True)


def _pairs(environment: Environment) -> Iterator[tuple[str, Pair | None]]:
    if environment.keeps_name:
        yield "name", environment.name
        yield "version", environment.version
    yield "image", environment.image_pair
    yield "conda_file", environment.conda_file
    if environment.context is not None:
        yield "path", find(environment.context.node, "path")
        yield "dockerfile_path", find(environment.context.node, "dockerfile_path")


def _find(key: str, scalar: Scalar, *, with_expressions: bool) -> Iterator[Finding]:
    found = expression(scalar.text)
    if found is not None:
        if with_expressions:
            message = f"'{key}' holds '{found[0]}': Azure ML resolves no expression here"
            yield Finding(scalar.span_of(*found.span()), message)
        return
    found = placeholder(scalar.text) if not scalar.is_template else None
    if found is not None:
        message = f"'{key}' holds the placeholder '{found[0]}': nothing fills it in when the file is loaded"
        # A person forgot the one; a tool may fill in the other.
        severity = Severity.WARNING if found[0].startswith("<") else Severity.INFO
        yield Finding(scalar.span_of(*found.span()), message, severity=severity)
