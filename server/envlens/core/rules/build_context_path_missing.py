"""The build context has no path.

## Why
`build` needs the folder that holds the Dockerfile. The client sends a `build` without one; the service has nothing to
build from.
Source: Azure ML, Troubleshoot environment issues; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  dockerfile_path: Dockerfile
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
build:
  path: .
  dockerfile_path: Dockerfile
```
```dockerfile Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: it takes the folder of this file for the build context.
"""

from collections.abc import Iterator

from ..model.environment import Environment, meant_build_key
from ..syntax.changes import insert_before
from ..syntax.nodes import Mapping, Scalar, find, follow, key_text
from ..syntax.scalars import kind_of
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("build-context-path-missing", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding]:
    if environment.build is None or environment.context is None or not environment.is_whole:
        return
    node = environment.context.node
    if node.is_template or any(meant_build_key(key_text(pair) or "") == "path" for pair in node.pairs):
        return
    pair = find(node, "path")
    message = "the build context has no 'path': there is no folder to build from, and the image build fails"
    if pair is None:
        yield Finding(environment.build.key.span, message, _fixes(node, ctx))
        return
    value = follow(pair.value)
    if isinstance(value, Scalar) and kind_of(value) == "str" and not value.text:
        yield Finding(value.span, message)


def _fixes(node: Mapping, ctx: Context) -> tuple[Fix, ...]:
    if not node.block or not node.pairs:
        return ()
    return insert_before(ctx.document.source, node.pairs[0].key.span.start, "path: .")
