"""The conda file that the definition draws on is not YAML.

## Why
The client reads the conda file as one UTF-8 YAML document with YAML's own types, and refuses the environment otherwise.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file: train.yml
```
```yaml train.yml
dependencies: [python=3.12
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file: train.yml
```
```yaml train.yml
channels: [conda-forge]
dependencies: [python=3.12]
```

## Fix safety
There is no fix: the conda file's own finding says where it breaks.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..text.diagnostic import Finding, NotRun, Related, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("conda-file-unparsable", on=Environment, severity=Severity.ERROR)
def check(environment: Environment, ctx: Context) -> Iterator[Finding | NotRun]:
    path = environment.conda_path
    drawn = ctx.draw(path.text) if path else None
    if path is None or drawn is None:
        return
    if drawn.is_hidden:
        yield NotRun(f"conda file '{path.text}' {drawn.state.obstacle}")
    if drawn.document is None or drawn.document.is_template:
        return
    source = drawn.document.source
    problems = [each for each in drawn.document.tree.problems if not each.limit]
    if source.problem:
        place, reason = Span(source.problem_at, source.problem_at + 1), source.problem
    elif problems:
        place, reason = problems[0].span, problems[0].message
    else:
        return
    yield Finding(
        path.span,
        f"conda file '{path.text}' cannot be read: {reason}",
        related=(Related(drawn.path, place, reason),),
    )
