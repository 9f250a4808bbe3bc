"""The conda specification is not a mapping.

## Why
A conda file is a mapping with `channels` and `dependencies`. The client accepts a list or a plain text in a conda file
and sends it; the image build fails. A list directly under `conda_file:` is refused with a bare TypeError.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  - python=3.12
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  channels: [conda-forge]
  dependencies:
    - python=3.12
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.document import Document, FileKind
from ..model.environment import Environment
from ..syntax.nodes import Mapping, Scalar, Sequence, follow, is_template
from ..text.diagnostic import Finding, NotRun, Related, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("conda-file-wrong-shape", on=Document, severity=Severity.ERROR)
def check(document: Document, ctx: Context) -> Iterator[Finding | NotRun]:
    if document.kind is FileKind.CONDA:
        wrong = _shape(document)
        if wrong:
            root = document.root
            span = Span(root.span.start, root.span.end) if root else Span(0, 0)
            yield Finding(span, f"a conda file is a mapping, this is {wrong}: the image build fails")
        return
    for environment in document.environments:
        yield from _drawn(environment, ctx)


def _drawn(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    if environment.conda_file is None:
        return
    value = follow(environment.conda_file.value)
    if isinstance(value, Sequence) and value.items and environment.is_whole:
        yield Finding(environment.conda_file.key.span, "'conda_file' is a list: it must be a path or a mapping")
        return
    path = environment.conda_path
    drawn = ctx.draw(path.text) if path else None
    if path and drawn and drawn.is_hidden:
        yield NotRun(f"conda file '{path.text}' {drawn.state.obstacle}")
    if path and drawn and drawn.document:
        wrong = _shape(drawn.document)
        if wrong:
            root = drawn.document.root
            span = root.span if root else Span(0, 0)
            message = f"conda file '{path.text}' is {wrong}, not a mapping: the image build fails"
            yield Finding(path.span, message, related=(Related(drawn.path, span, f"this is {wrong}"),))


def _shape(document: Document) -> str | None:
    """What a document is instead of a mapping; None where it is one, or where nothing can be said."""
    root = document.root
    if isinstance(root, Mapping) or not document.is_whole or document.is_template:
        return None
    if root is None:
        return "empty"
    if is_template(root):
        return None
    return "a list" if isinstance(root, Sequence) else "a plain text" if isinstance(root, Scalar) else None
