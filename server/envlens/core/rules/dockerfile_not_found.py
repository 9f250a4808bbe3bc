"""The Dockerfile does not exist.

## Why
The service looks for `dockerfile_path` in the build context, and for `Dockerfile` where none is given. The client does
not check; the image build fails.
Source: Azure ML, Troubleshoot environment issues; azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: context
```
```dockerfile context/train.Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
build:
  path: context
  dockerfile_path: train.Dockerfile
```
```dockerfile context/train.Dockerfile
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: the only Dockerfile of the folder is only likely to be meant.
"""

import re
from collections.abc import Iterator

from ..model.environment import BuildBlock, Environment, meant_build_key
from ..model.facts import FileState
from ..syntax.changes import insert_after, replace
from ..syntax.nodes import find, key_text
from ..text.diagnostic import Finding, Fix, NotRun, Severity
from ._rule import Context, rule

_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")


@rule("dockerfile-not-found", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    block = environment.context
    if block is None or block.path is None or block.folder is None or block.leaves_context:
        return
    folder = ctx.draw(block.folder)
    # Of a folder that is absent or empty, that is said.
    if folder is None or folder.state is not FileState.DIRECTORY or (folder.context and folder.context.is_empty):
        return
    drawn = ctx.draw(f"{block.folder}/{block.dockerfile}")
    if drawn is None or (block.dockerfile_path is None and (_is_named(block) or not environment.is_whole)):
        return
    if drawn.state is FileState.OUTSIDE:
        yield NotRun(f"Dockerfile '{block.dockerfile}' {drawn.state.obstacle}")
    if drawn.state not in {FileState.MISSING, FileState.DIRECTORY}:
        return
    only = drawn.nearby[0] if len(drawn.nearby) == 1 else None
    fixes = _fixes(block, only, ctx) if only else ()
    if block.dockerfile_path:
        what = "is a folder" if drawn.state is FileState.DIRECTORY else "does not exist"
        message = f"'{block.dockerfile}' {what} in build context '{block.path.text}': the image build fails"
        yield Finding(block.dockerfile_path.span, message, fixes)
    else:
        message = f"build context '{block.path.text}' has no 'Dockerfile', the default: the image build fails"
        yield Finding(block.path.span, message, fixes)


def _is_named(block: BuildBlock) -> bool:
    """Whether another Dockerfile is named, in a way that is a template or a mistake of its own."""
    keys = [key_text(pair) or "" for pair in block.node.pairs]
    return "dockerfile_path" in keys or any(meant_build_key(key) == "dockerfile_path" for key in keys)


def _fixes(block: BuildBlock, name: str, ctx: Context) -> tuple[Fix, ...]:
    if block.dockerfile_path:
        return replace(block.dockerfile_path, name, f"use '{name}'", safe=False)
    pair = find(block.node, "path")
    if pair is None or not block.node.block or not _PLAIN.fullmatch(name):
        return ()
    return insert_after(ctx.document.source, pair.span, f"dockerfile_path: {name}")
