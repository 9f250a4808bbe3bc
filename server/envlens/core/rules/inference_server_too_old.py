"""The inference server is so old that it does not start with what pip installs today.

## Why
azureml-inference-server-http up to 0.4.10, and from 0.5.0 to 0.5.3, brings flask 1.0.3 and any jinja2. Since jinja2 3.1
flask 1.0.3 cannot be imported (`cannot import name 'Markup' from 'jinja2'`). The same holds for azureml-defaults 1.34.0
and 1.35.0; those from 1.36.0 to 1.43.0 bring server 0.4.14, which starts. Nothing is said where the list itself keeps
jinja2 below 3.1.
Source: pip 25.0.1 on Python 3.8, run; the metadata of the releases; Azure ML, Troubleshoot the inference server.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.9
  - pip=24.3.1
  - pip:
      - azureml-inference-server-http==0.4.10
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.9
  - pip=24.3.1
  - pip:
      - azureml-inference-server-http==1.3.4
```

## Fix safety
There is no fix: newer servers need a newer Python and another flask.
"""

from collections.abc import Iterator

from ..model import inference_server, pip_list
from ..model.conda import CondaSpec
from ..model.dockerfile import RunInstall
from ..model.document import INCLUDES, FileKind
from ..syntax import ranges
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

# Where jinja2 is kept below, or Python so old that there is none.
_JINJA = ">=3.1"
_PYTHON = ">=3.7"


@rule("inference-server-too-old", on=(RequirementsFile, CondaSpec, RunInstall), severity=Severity.WARNING)
def check(value: RequirementsFile | CondaSpec | RunInstall, ctx: Context) -> Iterator[Finding]:
    if not inference_server.may_be_in(ctx.document.source.text) or _has_more(value, ctx):
        return
    listed = pip_list.of(value)
    new = inference_server.parsed(_JINJA)
    for each in listed:
        if each.requirement.name == "jinja2" and ranges.exclude(ranges.of_requirement(each.requirement), new):
            return
    for each in listed:
        admitted = inference_server.admitted(each.requirement, ctx.facts) if each.is_unconditional else ()
        if admitted and not any(release.starts for release in admitted):
            message = (
                f"'{each.shown}' does not start: its flask 1.0.3 cannot be imported with jinja2 3.1, "
                "which pip installs with it"
            )
            yield Finding(each.span, message)


def _has_more(value: RequirementsFile | CondaSpec | RunInstall, ctx: Context) -> bool:
    """Whether more than this list decides which jinja2 is installed."""
    if isinstance(value, RunInstall):
        return any(map(value.install.has, (*INCLUDES, "--no-deps")))
    if isinstance(value, CondaSpec):
        includes = any(option.name in INCLUDES for line in value.option_lines() for option in line.options)
        old = inference_server.excludes(value, "jinja2", _JINJA) or inference_server.excludes(value, "python", _PYTHON)
        return includes or old
    return (
        ctx.is_constraints_file
        or any(user.kind is FileKind.REQUIREMENTS for user in ctx.users)
        or any(value.option_values(*INCLUDES))
    )
