"""Conda keys stand at the top level of an environment YAML.

## Why
`channels` and `dependencies` belong to a conda specification. The client refuses them here: it takes the file for a
conda file handed to `--file`.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
dependencies:
  - python=3.12
```

## Good
```yaml environment.yml
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  dependencies:
    - python=3.12
```

## Fix safety
Unsafe: it makes the keys an inline conda specification; a conda file of its own may suit better. Where no image is
named it inserts a supported one, which may not be the one you need.
"""

import re
from collections.abc import Iterator

from ..syntax.nodes import Mapping, find, key_text
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.source import BOM
from ._rule import Context, rule

_CONDA_KEYS = ("channels", "dependencies")


@rule("conda-keys-in-env-yaml", on=SchemaFailure, severity=Severity.ERROR)
def check(failure: SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if failure.keyword != "additionalProperties" or failure.path or failure.key not in _CONDA_KEYS:
        return
    root = failure.parent
    fixes = (_wrap(root, ctx),) if isinstance(root, Mapping) else ()
    message = f"'{failure.key}' belongs under 'conda_file': the client refuses it at the top level of an environment"
    yield Finding(failure.span, message, tuple(fix for fix in fixes if fix))


def _wrap(root: Mapping, ctx: Context) -> Fix | None:
    """Moves the conda keys under one `conda_file:`, each line two columns to the right; comments move along."""
    pairs = [pair for pair in root.pairs if key_text(pair) in _CONDA_KEYS]
    if not root.block or find(root, "conda_file") or any(pair.value.span.start < pair.key.span.end for pair in pairs):
        return None
    edits: list[Edit] = []
    text, newline = ctx.document.source.text, ctx.document.source.newline
    blocks = [ctx.document.source.lines.whole(pair.span) for pair in pairs]
    moved = "".join(_indented(text[block.start : block.end], newline) for block in blocks)
    indent = text[blocks[0].start : pairs[0].key.span.start].removeprefix(BOM)
    if indent.strip():
        return None
    image = _lacking_image(ctx)
    above = f"{indent}image: {image}{newline}" if image else ""
    for number, block in enumerate(blocks):
        edits.append(Edit(block, f"{above}{indent}conda_file:{newline}{moved}" if number == 0 else ""))
    title = "move the conda keys under 'conda_file'" + (f", above it 'image: {image}'" if image else "")
    return Fix(title, tuple(edits), safe=False)


def _lacking_image(ctx: Context) -> str | None:
    """A base image to put above a conda file that has none: it builds with none but that."""
    environment = ctx.document.environment
    if environment is None or environment.image_pair or environment.build or environment.has_mistaken("image", "build"):
        return None
    return ctx.facts.suggested_image


def _indented(block: str, newline: str) -> str:
    block = block if block.endswith(("\n", "\r")) else block + newline
    return re.sub(r"(?m)^(?=[^\r\n])", "  ", block)
