"""A Kubernetes deployment refers to an environment in a registry.

## Why
The client refuses the file when it loads it: "Registry reference for environments is not supported for K8SDeployment".
It knows such a deployment by `type: kubernetes`, whatever the `$schema` says.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/kubernetesOnlineDeployment.schema.json
name: blue
type: kubernetes
endpoint_name: churn
environment: azureml://registries/contoso/environments/churn/versions/3
```

## Good
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/kubernetesOnlineDeployment.schema.json
name: blue
type: kubernetes
endpoint_name: churn
environment: azureml:churn:3
```

## Fix safety
There is no fix: the environment has to be registered in the workspace first.
"""

from collections.abc import Iterator

from ..model.job import Holder
from ..model.reference import Form
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("k8s-deployment-registry-ref", on=Holder, severity=Severity.ERROR)
def check(holder: Holder, ctx: Context) -> Iterator[Finding]:
    reference = holder.reference
    if reference is not None and reference.form is Form.REGISTRY and reference.is_literal and holder.is_kubernetes:
        message = "a Kubernetes deployment takes no environment from a registry: the file is refused when it is loaded"
        yield Finding(reference.scalar.span, message)
