"""flask, or a package that flask brings, is held at a version beside the inference server.

## Why
The server brings the flask that it can use. With an older one beside it, or with an older package that flask needs, pip
takes an old server in the place of the newest: with `flask==2.2.5` 1.3.4 and not 1.5.1, with `markupsafe==2.0.1` 1.2.1.
Azure ML advises to list none of flask, jinja2, itsdangerous, werkzeug, markupsafe and click.
Nothing is said of a server that is pinned itself: then nothing moves.
Source: pip 26.3, run; Azure ML, Troubleshoot the inference server.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip=24.3.1
  - pip:
      - azureml-inference-server-http>=1
      - flask==2.2.5
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip=24.3.1
  - pip:
      - azureml-inference-server-http>=1
```

## Fix safety
Unsafe: your own code may need the version.
"""

from collections.abc import Iterator

from ..model import inference_server, pip_list
from ..model.conda import CondaSpec
from ..model.dockerfile import RunInstall
from ..model.facts import Facts
from ..model.pip_list import Listed
from ..syntax import ranges
from ..syntax.changes import delete_lines
from ..syntax.requirements_file import RequirementsFile
from ..text.diagnostic import Finding, Fix, Related, Severity
from ._rule import Context, rule

# The newest server needs it.
_PYTHON = ">=3.9"


@rule("inference-server-flask-pinned", on=(RequirementsFile, CondaSpec, RunInstall), severity=Severity.WARNING)
def check(value: RequirementsFile | CondaSpec | RunInstall, ctx: Context) -> Iterator[Finding]:
    if not inference_server.may_be_in(ctx.document.source.text):
        return
    if isinstance(value, RequirementsFile) and ctx.is_constraints_file:
        return
    listed = [each for each in pip_list.of(value) if each.is_unconditional]
    server = next((each for each in listed if inference_server.admits_newest(each.requirement, ctx.facts)), None)
    if server is None or (isinstance(value, CondaSpec) and inference_server.excludes(value, "python", _PYTHON)):
        return
    newest = ctx.facts.inference_servers().releases[inference_server.SERVER][-1]
    for each in listed:
        need = _need(each, ctx.facts)
        if need is None or not ranges.exclude(ranges.of_requirement(each.requirement), inference_server.parsed(need)):
            continue
        message = (
            f"'{each.shown}' keeps the inference server old: "
            f"{inference_server.SERVER} {newest.last} needs '{each.requirement.name}{need}'"
        )
        title = f"delete '{each.shown}'"
        fixes: tuple[Fix, ...] = ()
        if each.line is not None:
            fixes = delete_lines(ctx.document.source, each.line, title, safe=False, dash=each.is_item)
        yield Finding(each.span, message, fixes, related=(Related(ctx.document.path, server.span, "the server"),))


def _need(listed: Listed, facts: Facts) -> str | None:
    """What the newest server needs of a package, itself or through flask."""
    name = listed.requirement.name
    if name == "flask":
        return facts.inference_servers().releases[inference_server.SERVER][-1].flask or None
    return facts.inference_servers().flask_needs.get(name)
