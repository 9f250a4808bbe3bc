"""A batch deployment with a scoring script lacks the package that runs it.

## Why
What calls the scoring script of a batch deployment needs `azureml-core` in its conda environment: without it the first
job fails. `azureml-defaults` and `azureml-sdk` bring it. Azure ML's documentation asks for
`azureml-dataset-runtime[fuse]`, too; Microsoft's own samples do without, so nothing is said of that.
Source: Azure ML, Deploy models for scoring in batch endpoints; Azure/azureml-examples, where all eight such deployments
list `azureml-core` and three leave the other out.

## Bad
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: nightly
endpoint_name: churn
type: model
model: azureml:churn:1
code_configuration: {code: src, scoring_script: batch.py}
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
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: nightly
endpoint_name: churn
type: model
model: azureml:churn:1
code_configuration: {code: src, scoring_script: batch.py}
environment:
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
  conda_file:
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pip=24.3.1
      - pip:
          - azureml-core==1.62.0
          - azureml-dataset-runtime[fuse]==1.62.0
          - scikit-learn==1.5.2
```

## Fix safety
There is no fix: which version goes with the other packages is for you to say.
"""

from collections.abc import Iterator

from ..model.job import Holder, HolderKind
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

# What is it or brings it. Older releases of `azureml-mlflow` did, so of those nothing is said.
_BRINGING = ("azureml-core", "azureml-defaults", "azureml-sdk", "azureml-mlflow")


@rule("batch-env-missing-packages", on=Holder, severity=Severity.WARNING)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    conda = ctx.scoring_conda(holder) if holder.kind is HolderKind.BATCH_DEPLOYMENT else None
    if conda is not None and holder.pair is not None and conda.is_surely_without(*_BRINGING):
        message = "the conda environment lacks 'azureml-core', which runs the scoring script of a batch deployment"
        yield Finding(holder.pair.key.span, message)
