"""A route of the inference configuration lacks its port or path, or has a wrong one.

## Why
Each route needs `port` and `path`. The client refuses a port that is no whole number (it takes one in quotes); whether
there is such a port, and whether the path begins with `/`, it does not check.
Source: Azure ML, Environment YAML; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
  liveness_route: {port: 5001, path: /}
  readiness_route: {port: 5001, path: /}
  scoring_route: {port: 5001}
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
inference_config:
  liveness_route: {port: 5001, path: /}
  readiness_route: {port: 5001, path: /}
  scoring_route: {port: 5001, path: /score}
```

## Fix safety
Unsafe: a path without its `/` is only likely to be meant with one.
"""

from collections.abc import Iterator

from ..model.environment import ROUTES, Environment
from ..syntax.changes import replace
from ..syntax.nodes import Mapping, Pair, Scalar, find, follow
from ..syntax.scalars import kind_of, value_of
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_PORTS = range(1, 65_536)


@rule("inference-route-incomplete", on=(Environment, SchemaFailure), severity=Severity.ERROR)
def check(value: Environment | SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, SchemaFailure):
        yield from _refused(value)
        return
    pair = find(value.node, "inference_config")
    config = follow(pair.value) if pair else None
    for name in ROUTES if isinstance(config, Mapping) else ():
        route = find(config, name) if isinstance(config, Mapping) else None
        node = follow(route.value) if route else None
        if isinstance(node, Mapping):
            yield from _doubtful(find(node, "port"), find(node, "path"))


def _refused(failure: SchemaFailure) -> Iterator[Finding]:
    where = ".".join(failure.path)
    if failure.path[:1] != ("inference_config",):
        return
    if failure.keyword == "required" and len(failure.path) == 2:
        yield Finding(failure.span, f"'{where}' has no '{failure.key}': the file is refused when it is loaded")
    elif len(failure.path) == 3 and failure.keyword not in {"required", "additionalProperties"}:
        value = follow(failure.pair.value) if failure.pair else None
        shown = f" '{value.text}'" if isinstance(value, Scalar) and value.text else ""
        wanted = "a whole number" if failure.path[-1] == "port" else "a text"
        yield Finding(failure.span, f"'{where}'{shown} must be {wanted}: the file is refused when it is loaded")


def _doubtful(port: Pair | None, path: Pair | None) -> Iterator[Finding]:
    value = follow(port.value) if port else None
    number = _number(value) if isinstance(value, Scalar) else None
    if isinstance(value, Scalar) and number is not None:
        if int(number) not in _PORTS:
            yield Finding(value.span, f"there is no port {value.text}: ports go from 1 to 65535", (), Severity.WARNING)
        elif number != int(number):
            yield Finding(value.span, f"port {value.text} is cut off to {int(number)}", (), Severity.WARNING)
    value = follow(path.value) if path else None
    if isinstance(value, Scalar) and kind_of(value) == "str" and not value.is_template and value.text[:1] not in "/$<":
        fixes = replace(value, f"/{value.text}", f"use '/{value.text}'", safe=False)
        message = f"path '{value.text}' does not begin with '/': the server in the container is asked for another one"
        yield Finding(value.span, message, fixes, Severity.WARNING)


def _number(scalar: Scalar) -> int | float | None:
    """A port as the client reads it, None for what it refuses."""
    value = value_of(scalar)
    if isinstance(value, str) and len(value) < 10 and value.strip().lstrip("+-").isdecimal():
        return int(value)
    is_finite = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**9
    return value if isinstance(value, int | float) and is_finite else None
