"""pip is used but not listed among the conda dependencies.

## Why
conda then adds a pip of its own choice, and warns; the resolver of that pip decides what is installed.
Source: Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip:
      - azure-ai-ml==1.23.0
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - azure-ai-ml==1.23.0
```

## Fix safety
Unsafe: an old Python may need an older pip than the one inserted.
"""

from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..syntax.changes import insert_before
from ..text.diagnostic import Finding, Fix, Severity
from ._rule import Context, rule


@rule("pip-not-listed", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    if not spec.is_whole or spec.dependencies is None or spec.named("pip"):
        return
    if not spec.pip_blocks:
        return  # conda brings pip along with python, and nothing here needs it
    block = spec.pip_blocks[0]
    fixes: tuple[Fix, ...] = ()
    source = ctx.document.source
    before = source.text[source.lines.whole(block.item).start : block.item.start]
    if spec.dependencies.dashes and before.strip() == "-":
        fixes = insert_before(source, block.item.start, "pip>=24.0")
    yield Finding(block.item, "packages are installed with pip, but pip is not among the conda dependencies", fixes)
