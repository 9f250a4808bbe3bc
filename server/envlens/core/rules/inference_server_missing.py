"""A deployment with a scoring script has no inference server to run it.

## Why
A deployment with `code_configuration` starts the inference server of the conda environment. A conda file gives an
environment of its own, in which nothing of the base image is, so the server has to be listed: as
`azureml-inference-server-http`, or by `azureml-defaults`, which brings it. Without it the container does not start.
Nothing is said where a requirements file is included.
Source: Azure ML, Troubleshoot the inference server; Azure/azureml-examples, where each such deployment lists it, but
for one whose environment is packaged with the model first.

## Bad
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:1
code_configuration: {code: src, scoring_script: score.py}
environment:
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
  conda_file:
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pip=24.3.1
      - pip:
          - scikit-learn==1.5.2
```

## Good
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:1
code_configuration: {code: src, scoring_script: score.py}
environment:
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
  conda_file:
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pip=24.3.1
      - pip:
          - azureml-inference-server-http==1.4.1
          - scikit-learn==1.5.2
```

## Fix safety
There is no fix: which version of the server goes with the other packages is for you to say.
"""

from collections.abc import Iterator

from ..model.job import Holder, HolderKind
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_ONLINE = frozenset({HolderKind.ONLINE_DEPLOYMENT, HolderKind.KUBERNETES_DEPLOYMENT})
_SERVERS = ("azureml-inference-server-http", "azureml-defaults")


@rule("inference-server-missing", on=Holder, severity=Severity.WARNING)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    conda = ctx.scoring_conda(holder) if holder.kind in _ONLINE else None
    if conda is not None and holder.pair is not None and conda.is_surely_without(*_SERVERS):
        message = f"the conda environment has no inference server for the scoring script: '{_SERVERS[0]}' is not listed"
        yield Finding(holder.pair.key.span, message)
