"""A definition changed, and its version did not.

## Why
A registered version is immutable but for its description and tags: registering another definition under it is refused.
This is said where the file can be compared with an earlier one: in a git repository the editor compares with HEAD.
Whether that one was ever registered is not known here.
Source: Azure ML, Manage environments.

## Bad
```yaml environment.yml earlier
name: churn
version: "3"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```yaml environment.yml
name: churn
version: "3"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20260201.v1
```

## Good
```yaml environment.yml earlier
name: churn
version: "3"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```
```yaml environment.yml
name: churn
version: "4"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20260201.v1
```

## Fix safety
Unsafe: what refers to the old version goes on using that.
"""

import re
from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.nodes import Scalar, find, follow
from ..text.diagnostic import Edit, Finding, Fix, NotRun, Severity
from ._rule import Context, rule

TYPE_CHECKING = False
if TYPE_CHECKING:  # most runs compare with nothing, and it takes time to load
    from ..hashing.earlier import Earlier
    from ..hashing.prediction import Prediction

_MAX_SHOWN = 3
_MAX_LONG = 200  # characters of one change
_INTEGER = re.compile(r"0|[1-9][0-9]{0,17}")


@rule("definition-changed-same-version", on=Environment, severity=Severity.INFO)
def check(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    earlier, name, version = ctx.earlier, environment.registered_name, environment.version
    if earlier is None or name is None or version is None or not environment.is_whole:
        return
    if earlier.problem is not None:
        yield NotRun(f"what stood here at {earlier.label} is not known: {earlier.problem}")
        return
    from ..hashing.earlier import match

    if all(each.place.name != name.text for each in earlier.predictions):
        return
    present = ctx.predictions()[_index(ctx.document.environments, environment)]
    ours = [each for each in earlier.predictions if each.place[2:] == present.place[2:]]
    before = match(present.place, ours) if present.place.version is not None else None
    changes = [each[:_MAX_LONG] for each in _changes(before, present, earlier, environment)] if before else []
    if changes:
        more = len(changes) - _MAX_SHOWN
        words = ", ".join([*changes[:_MAX_SHOWN], *([f"{more} more"] if more > 0 else [])])
        message = (
            f"version '{present.place.version}' of '{name.text}' changed since {earlier.label} ({words}): "
            "where it is registered, it cannot be registered again"
        )
        yield Finding(version.value.span, message, _next(version.value))


def _index(environments: tuple[Environment, ...], environment: Environment) -> int:
    return next(at for at, each in enumerate(environments) if each is environment)


def _changes(
    before: "Prediction", present: "Prediction", earlier: "Earlier", environment: Environment
) -> Iterator[str]:
    """What is registered and differs, in few words. What is not known is taken for the same."""
    from ..hashing.difference import compare

    found = compare(before, present)
    yield from (each.words for each in found.changes)
    if earlier.document is None:
        return
    at = next(at for at, each in enumerate(earlier.predictions) if each is before)
    old = earlier.document.environments[at]
    systems = _os_type(old), _os_type(environment)
    if systems[0] != systems[1]:
        yield f"os_type {systems[0]} → {systems[1]}"
    if _inference(old) != _inference(environment):
        yield "'inference_config' changed"


def _os_type(environment: Environment) -> str:
    value = follow(environment.os_type.value) if environment.os_type else None
    return value.text.strip().lower() if isinstance(value, Scalar) else "linux"


def _inference(environment: Environment) -> str | None:
    """What is said of inference, in one form whatever the order of keys and the quotes."""
    from ..hashing.dump import dump
    from ..hashing.values import construct

    pair = find(environment.node, "inference_config")
    return dump(construct(pair.value).value).text if pair else None


def _next(value: object) -> tuple[Fix, ...]:
    """The next version, where it is a number; quotes stay as they are."""
    if not isinstance(value, Scalar) or value.written is None or not _INTEGER.fullmatch(value.text):
        return ()
    version = str(int(value.text) + 1)
    return (
        Fix(
            f"set the version to {version}", (Edit(value.written, f"{value.style}{version}{value.style}"),), safe=False
        ),
    )
