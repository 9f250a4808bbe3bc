"""The build context has a key that Azure ML does not know.

## Why
`build` takes `path` and `dockerfile_path` only, and the client refuses the whole file for any other key. There are no
build arguments: give `ARG` a default in the Dockerfile.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: .
  dockerfile: Dockerfile
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
Safe for a slip of the pen; unsafe where another key is only likely to be meant.
"""

from collections.abc import Iterator

from ..model.environment import is_guessable, meant_build_key, near_build_key
from ..syntax.changes import rename
from ..syntax.nodes import Mapping
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_ADVICE = {
    "args": "give 'ARG' a default in the Dockerfile",
    "build_args": "give 'ARG' a default in the Dockerfile",
    "target": "the last stage of the Dockerfile is built",
    "image": "it stands beside 'build', or in the Dockerfile's FROM",
    "conda_file": "install packages in the Dockerfile",
}


@rule("build-unknown-key", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "additionalProperties" or failure.path != ("build",):
        return
    fixes: tuple[Fix, ...] = ()
    hint = f"; {_ADVICE[failure.key]}" if failure.key in _ADVICE else ""
    if failure.pair and isinstance(failure.parent, Mapping) and is_guessable(failure.parent) and not hint:
        meant = meant_build_key(failure.key)
        is_slip = near_build_key(failure.key) is not None
        fixes = rename(failure.parent, failure.pair.key, meant_build_key, safe=is_slip)
        hint = f"; did you mean '{meant}'?" if meant else "; it takes 'path' and 'dockerfile_path'"
    message = f"'build' has no key '{failure.key}': the file is refused when it is loaded{hint}"
    yield Finding(failure.span, message, fixes)
