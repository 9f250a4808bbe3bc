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

from ..model.environment import MAX_GUESSED, meant_key, near_key
from ..syntax.changes import rename
from ..syntax.nodes import Mapping, key_text
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
    # Guessing takes a millisecond a key: a mapping of hundreds of unknown keys is nobody's slip of the pen.
    guess = isinstance(failure.parent, Mapping) and len(failure.parent.pairs) <= MAX_GUESSED
    near = near_key(key) if guess else None
    meant = meant_key(key) if guess and key not in _ADVICE else None
    fixes: tuple[Fix, ...] = ()
    if meant and _is_alone(failure.parent, meant):
        fixes = rename(failure.parent, failure.pair.key, meant, safe=bool(near))
    hint = f"; did you mean '{meant}'?" if meant else f"; {_ADVICE[key]}" if key in _ADVICE else ""
    yield Finding(
        failure.span, f"an environment has no key '{key}': the file is refused when it is loaded{hint}", fixes
    )


def _is_alone(parent: object, meant: str) -> bool:
    """Whether only one key can be meant: of two renamed alike, one would be lost."""
    return isinstance(parent, Mapping) and sum(meant_key(key_text(pair) or "") == meant for pair in parent.pairs) == 1
