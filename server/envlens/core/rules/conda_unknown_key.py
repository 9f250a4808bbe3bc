"""A key that conda does not know.

## Why
conda prints a line that it ignores the section, and goes on: what stands under it has no effect. The v1 SDK refuses the
definition.
Source: conda's `env.py` (source of 2026-08), run; azureml-core 1.61.0.post4, run.

## Bad
```yaml conda.yml
Channels:
  - conda-forge
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
Unsafe: renames the key to the one that it was probably meant to be; what was ignored then counts.
"""

from collections.abc import Iterator
from functools import lru_cache

from ..model.conda import CONDA_KEYS, CondaSpec
from ..model.document import FileKind
from ..syntax.changes import rename
from ..syntax.nodes import is_merge, key_text
from ..text.diagnostic import Finding, Severity
from ..text.spelling import nearest
from ._rule import Context, rule

_MAX_GUESSED = 100
# What other tools that read conda files know (conda-lock, mamba, conda-project), and conda passes over.
_OTHER_TOOLS = {"platforms", "category", "categories", "sources", "pip-repositories"}


@rule("conda-unknown-key", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    is_v1 = ctx.document.kind is FileKind.V1
    for number, pair in enumerate(spec.node.pairs):
        key = key_text(pair)
        if key is None or key in CONDA_KEYS or is_merge(pair) or "{" in key or number > _MAX_GUESSED:
            continue
        meant = _meant(key)
        severity = Severity.ERROR if is_v1 else Severity.INFO if key in _OTHER_TOOLS else None
        outcome = "azureml-core refuses the definition" if is_v1 else "conda ignores it"
        if key == "pip":
            message = f"'pip' belongs into 'dependencies': {outcome}, and nothing of it is installed"
            yield Finding(pair.key.span, message, severity=Severity.ERROR)
            continue
        if meant == "dependencies" and not is_v1:
            severity, outcome = Severity.ERROR, "conda ignores it, and nothing of it is installed"
        hint = f", '{meant}' is one" if meant else ""
        fixes = rename(spec.node, pair.key, _meant, safe=False)
        yield Finding(pair.key.span, f"'{key}' is no key of a conda file{hint}: {outcome}", fixes, severity)


@lru_cache(maxsize=256)
def _meant(key: str) -> str | None:
    """The key that a word is a slip of the pen for."""
    if key in CONDA_KEYS or len(key) > 30:
        return None
    return nearest(key.lower(), CONDA_KEYS, cutoff=0.75)
