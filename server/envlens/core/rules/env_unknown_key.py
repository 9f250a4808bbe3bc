"""The environment has a key that Azure ML does not know.

## Why
The client refuses the whole file for one unknown key, and does not say on which line it stands. Most are slips
(`conda` for `conda_file`) or belong to a job (`environment_variables`).
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
descripton: trains the churn model
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
description: trains the churn model
```

## Fix safety
Safe for a slip of the pen; unsafe where another key is only likely to be meant.
"""

from collections.abc import Iterator

from ..model.environment import is_guessable, meant_key, near_key
from ..syntax.changes import rename
from ..syntax.nodes import Mapping
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule

_ADVICE = {
    "docker": "use 'image', or 'build' with 'dockerfile_path'",
    "dockerfile": "use 'build' with 'path' and 'dockerfile_path'",
    "environment_variables": "they belong to the job or deployment",
    "properties": "use 'tags'",
    "type": "the kind is stated by '$schema'",
    "pip": "list packages in the conda file",
    "packages": "list packages in the conda file",
}
_CONDA_KEYS = {"channels", "dependencies"}


@rule("env-unknown-key", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "additionalProperties" or failure.path or failure.key in _CONDA_KEYS or failure.pair is None:
        return
    key = failure.key
    meant = None
    fixes: tuple[Fix, ...] = ()
    if isinstance(failure.parent, Mapping) and is_guessable(failure.parent) and key not in _ADVICE:
        meant = meant_key(key)
        fixes = rename(failure.parent, failure.pair.key, meant_key, safe=near_key(key) is not None)
    hint = f"; did you mean '{meant}'?" if meant else f"; {_ADVICE[key]}" if key in _ADVICE else ""
    yield Finding(
        failure.span, f"an environment has no key '{key}': the file is refused when it is loaded{hint}", fixes
    )
