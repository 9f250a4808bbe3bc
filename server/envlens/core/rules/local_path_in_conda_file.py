"""A pip entry of a conda file names a folder or file beside it.

## Why
Only the text of the conda file is sent to Azure ML. What lies beside it is not there when the image is built, and pip
fails. In a build context, files that the Dockerfile copies are there.
Source: azure-ai-ml 1.35.2, read: of `conda_file` it sends the text alone; Azure ML, Use private Python packages.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  channels: [conda-forge]
  dependencies:
    - python=3.12
    - pip=24.3.1
    - pip:
        - -e ./churn
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  channels: [conda-forge]
  dependencies:
    - python=3.12
    - pip=24.3.1
    - pip:
        - churn @ https://files.example.com/churn-1.4-py3-none-any.whl
```

## Fix safety
There is no fix: the package has to be published, or the definition needs a build context.
"""

import re
from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..model.document import FileKind
from ..syntax.requirements import LineKind
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

# Beside the file; what begins with a slash may be part of the base image.
_BESIDE = re.compile(
    r"(?:file:)?(?:\.{1,2}(?:[\\/]|$|\[)|[A-Za-z]:[\\/]|(?!/)[\w.\-]+/)|[\w.+\-]+\.(?:whl|zip|tar\.gz|tgz)\b"
)


@rule("local-path-in-conda-file", on=CondaSpec, severity=Severity.ERROR)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    severity = _severity(ctx)
    for line in spec.option_lines():
        for option in line.options:
            if option.name == "--editable" and option.value and _is_beside(option.value):
                yield Finding(option.value_span, _message(option.value, severity), severity=severity)
    for block in spec.pip_blocks:
        for entry in block.entries:
            text = entry.scalar.text.strip()
            if entry.requirement.kind is LineKind.LINK and not entry.requirement.name and _is_beside(text):
                at = entry.scalar.text.index(text)
                path = re.split(r"\s*;|\s", text)[0]
                span: Span = entry.scalar.span_of(at, at + len(path))
                yield Finding(span, _message(path, severity), severity=severity)


def _is_beside(path: str) -> bool:
    if "$" in path or "{" in path or "://" in path or path.startswith("git+"):
        return False
    return _BESIDE.match(path) is not None


def _severity(ctx: Context) -> Severity:
    """Where no definition of Azure ML draws on the file, it may be used where the folder is."""
    document = ctx.document
    if document.kind is not FileKind.CONDA:
        return Severity.ERROR
    sent = {FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1}
    return Severity.ERROR if any(user.kind in sent for user in ctx.users) else Severity.INFO


def _message(path: str, severity: Severity) -> str:
    if severity is Severity.ERROR:
        return f"only the text of the conda specification is sent: '{path}' is not there when the image is built"
    return f"'{path}' lies beside the file: as the conda file of a definition it would not be sent"
