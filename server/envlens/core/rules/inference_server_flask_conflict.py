"""The inference server and flask are asked for in versions that exclude each other.

## Why
Each release of azureml-inference-server-http asks for certain versions of flask: up to 0.6.1 for flask 1.0.3 alone, as
does azureml-defaults up to 1.43.0, through the server that it brings. pip finds no versions that fit, and stops. (A pip
before 20.3 would install what does not fit together; then the server ends with a `TypeError` or an `ImportError`.)
Source: pip 25.0.1 and 26.3, run; the metadata of the releases; Azure ML, Troubleshoot the inference server.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.9
  - pip=24.3.1
  - pip:
      - azureml-inference-server-http==0.6.1
      - flask==2.2.5
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
Unsafe: without flask in the list the server brings the one that it can use, and your own code may need another.
"""

from collections.abc import Iterator

from ..model import inference_server, pip_list
from ..model.conda import CondaSpec
from ..model.dockerfile import RunInstall
from ..model.pip_list import Listed
from ..syntax import ranges
from ..syntax.changes import delete_lines
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Fix, Related, Severity
from ._rule import Context, rule

_Lists = RequirementsFile | CondaSpec | RunInstall


@rule(
    "inference-server-flask-conflict",
    on=(RequirementsFile, CondaSpec, RunInstall),
    severity=Severity.ERROR,
)
def check(value: _Lists, ctx: Context) -> Iterator[Finding]:
    if not inference_server.may_be_in(ctx.document.source.text) or _is_not_resolved(value, ctx):
        return
    listed = [each for each in pip_list.of(value) if each.is_unconditional]
    flasks = [each for each in listed if each.requirement.name == "flask" and each.requirement.specifiers]
    for server in listed if flasks else ():
        admitted = inference_server.admitted(server.requirement, ctx.facts)
        for flask in flasks if admitted else ():
            wanted = ranges.of_requirement(flask.requirement)
            if all(each.flask and ranges.exclude(wanted, inference_server.parsed(each.flask)) for each in admitted):
                needs = " or ".join(f"'flask{each}'" for each in dict.fromkeys(each.flask for each in admitted))
                message = f"'{server.shown}' needs {needs}, not '{flask.shown}': pip stops here"
                related = (Related(ctx.document.path, server.span, "the server"),)
                yield Finding(flask.span, message, _fixes(flask, ctx), related=related)


def _is_not_resolved(value: _Lists, ctx: Context) -> bool:
    """Whether pip only says what may be, or installs what it is told without asking what fits."""
    if isinstance(value, RunInstall):
        return value.install.has("--no-deps")
    if isinstance(value, CondaSpec):
        return inference_server.excludes(value, "pip", ">=20.3")
    return ctx.is_constraints_file


def _fixes(flask: Listed, ctx: Context) -> tuple[Fix, ...]:
    if flask.line is None:
        return ()
    title = f"delete '{flask.shown}'"
    return delete_lines(ctx.document.source, flask.line, title, safe=False, dash=flask.is_item)
