"""A file that pip is to read with `-r` or `-c`, or a wheel that it is to install, is not there.

## Why
pip stops when it cannot open the file. Its path counts from the folder of the file that names it. Of a conda file only
the text is sent to Azure ML: no file beside it is there when the image is built. In a Dockerfile, pip sees the files of
the image, not those of the build context: a COPY before the RUN must bring them. The same holds for a wheel or an
archive that a RUN names by its path.
Source: pip 23.2.1 and 26.3, run; Docker 20.10 with and without BuildKit, run with `cat` in the place of pip;
azure-ai-ml 1.35.2, read: of `conda_file` it sends the text alone.

## Bad
```requirements requirements.txt
-r base.txt
pandas==2.2.3
```

```dockerfile Dockerfile
FROM python:3.12
RUN pip install -r requirements.txt
COPY requirements.txt .
```

## Good
```requirements requirements.txt
-r requirements-base.txt
pandas==2.2.3
```
```text requirements-base.txt
numpy==2.1.3
```
```dockerfile Dockerfile
FROM python:3.12
COPY requirements.txt requirements-base.txt ./
RUN pip install -r requirements.txt
```

## Fix safety
Unsafe: a file with a similar name is only likely to be meant.
"""

from collections.abc import Iterator

from ..model import taken
from ..model.conda import CondaSpec
from ..model.dockerfile import Dockerfile
from ..model.document import INCLUDES, FileKind
from ..model.facts import FileState
from ..syntax.requirements_file import Option, RequirementsFile
from ..text.diagnostic import Edit, Finding, Fix, NotRun, Severity
from ..text.spelling import nearest
from ._rule import Context, Drawn, rule


@rule("requirements-include-missing", on=(RequirementsFile, CondaSpec, Dockerfile), severity=Severity.ERROR)
def check(value: RequirementsFile | CondaSpec | Dockerfile, ctx: Context) -> Iterator[Finding | NotRun]:
    if isinstance(value, RequirementsFile):
        for option in value.option_values(*INCLUDES):
            yield from _file(option, ctx.draw(option.value) if option.value else None)
        return
    if isinstance(value, Dockerfile):
        for each in (*value.requirements, *value.archives):
            defect = taken.defect(each, value, ctx.build_context)
            if defect is not None:
                yield Finding(each.word.span, f"{defect}: the build fails here")
        return
    is_sent = ctx.document.kind is not FileKind.CONDA or any(
        user.kind in {FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1} for user in ctx.users
    )
    for line in value.option_lines():
        for option in line.options:
            if option.name in INCLUDES and option.value and not _is_elsewhere(option.value):
                yield _conda(option, is_sent=is_sent)


def _is_elsewhere(path: str) -> bool:
    """Whether a file is read from the net, lies in the base image, or is named by a variable."""
    return "://" in path or "$" in path or path.startswith("/")


def _conda(option: Option, *, is_sent: bool) -> Finding:
    if is_sent:
        message = (
            f"only the text of the conda specification is sent: '{option.value}' is not there when the image is built"
        )
        return Finding(option.value_span, message)
    message = f"'{option.value}' lies beside the file: as the conda file of a definition it would not be sent"
    return Finding(option.value_span, message, severity=Severity.INFO)


def _file(option: Option, drawn: Drawn | None) -> Iterator[Finding | NotRun]:
    if drawn is None:
        return
    if drawn.state is FileState.OUTSIDE:
        yield NotRun(f"requirements file '{option.value}' {drawn.state.obstacle}")
    if drawn.state not in {FileState.MISSING, FileState.DIRECTORY}:
        return
    meant = nearest(option.value or "", drawn.nearby, cutoff=0.6)
    fixes: tuple[Fix, ...] = ()
    if meant and option.inner is not None and not set(meant) & set(" \"'\\#"):
        fixes = (Fix(f"use '{meant}'", (Edit(option.value_span, meant),), safe=False),)
    outcome = "is a folder" if drawn.state is FileState.DIRECTORY else "does not exist"
    yield Finding(option.value_span, f"'{option.value}' {outcome}: pip stops here", fixes)
