"""Mistakes in how jobs, components and deployments name their environment."""

import re
from collections.abc import Iterator

from mutants import Good, Place, line_of, mistake, replaced, swap

JOB = "job"
SHORT = r"^( *environment: )azureml:([\w-]+):(\d+)$"
REGISTRY = r"^( *environment: azureml://registries/)([\w-]+)/environments/([\w.-]+)/(versions|labels)/(\w+)$"
ARM = r"^( *environment: azureml:/subscriptions/\S+/environments/)([\w-]+)/versions/(\d+)$"


@mistake("env-ref-missing-prefix", JOB)
def no_prefix(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1\2:\3")
    yield from swap(good, SHORT, r"\1AzureML:\2:\3")
    yield from swap(good, r"^( *environment: )file:", r"\1")


@mistake("env-ref-no-version", JOB)
def no_version(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1azureml:\2")


@mistake("env-ref-colon-latest", JOB)
def colon_latest(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1azureml:\2:latest")


@mistake("env-ref-unknown-label", JOB)
def label_that_is_none(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1azureml:\2@production")


@mistake("env-ref-version-and-label", JOB)
def version_and_label(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1azureml:\2:\3@latest")


@mistake("env-ref-malformed", JOB)
def half_a_reference(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1'azureml:\2:'")
    yield from swap(good, SHORT, r"\1'azureml:'")
    yield from swap(good, SHORT, r"\1azureml:team/\2:\3")


@mistake("registry-ref-singular", JOB)
def environment_in_the_singular(good: Good) -> Iterator[Place]:
    yield from swap(good, REGISTRY, r"\1\2/environment/\3/\4/\5")


@mistake("registry-ref-wrong-asset", JOB)
def another_asset(good: Good) -> Iterator[Place]:
    yield from swap(good, REGISTRY, r"\1\2/models/\3/\4/\5")
    yield from swap(good, REGISTRY, r"\1\2/components/\3/\4/\5")


@mistake("registry-ref-malformed", JOB)
def short_form_in_a_registry(good: Good) -> Iterator[Place]:
    yield from swap(good, REGISTRY, r"\1\2/environments/\3@latest")
    yield from swap(good, REGISTRY, r"\1\2/environments/\3")
    yield from swap(good, REGISTRY, r"\1\2/environments/\3/\5")


@mistake("arm-id-unversioned", JOB)
def id_without_version(good: Good) -> Iterator[Place]:
    yield from swap(good, ARM, r"\1\2")
    yield from swap(good, ARM, r"\1\2/labels/latest")


@mistake("env-file-not-found", JOB)
def misspelt_file(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *environment: file:.*)\.yml$", r"\1.yaml")


@mistake("env-file-not-found", JOB)
def deleted_file(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^ *environment: file:(?:\.\./)?(\S+)$", good.text, re.MULTILINE):
        yield Place(good.text, good.text.count("\n", 0, found.start()), {found[1]: None})


@mistake("env-missing-in-command", JOB)
def no_environment(good: Good) -> Iterator[Place]:
    # Steps of a pipeline may do without: the client loads them.
    for found in re.finditer(r"^( *)environment: \S+\n", good.text, re.MULTILINE):
        # Said at the first key of the command.
        command = re.search(rf"(?:^{found[1]}(?!environment).*\n)*\Z", good.text[: found.start()], re.MULTILINE)
        if command and f"{found[1]}command:" in good.text and "pipelineJob" not in good.text:
            for place in replaced(good, found.start(), found.end(), ""):
                yield place._replace(line=good.text.count("\n", 0, command.start()))
    yield from (
        each
        for each in swap(good, r"^( *)environment: \S+$", r"\1environment:")
        if "command:" in good.text and "pipelineJob" not in good.text
    )


@mistake("inline-env-named", JOB)
def name_inside_a_job(good: Good) -> Iterator[Place]:
    if "Deployment" not in good.text:
        yield from swap(good, r"^( *)environment:\n( +)(?=image|conda_file)", r"\g<0>name: churn\n\2", down=1)
        yield from swap(good, r"^( *)environment:\n( +)(?=image|conda_file)", r'\g<0>version: "2"\n\2', down=1)


@mistake("curated-env-unknown", JOB)
def misspelt_curated(good: Good) -> Iterator[Place]:
    yield from swap(good, REGISTRY.replace("([\\w-]+)/env", "(azureml)/env"), r"\1\2/environments/skleran-1.5/\4/\5")
    if "Batch" not in good.text:  # which takes none of them
        yield from swap(good, SHORT, r"\1azureml:AzureML-skleran-1.5:\3")


@mistake("curated-env-retired", JOB)
def retired_curated(good: Good) -> Iterator[Place]:
    if "Batch" not in good.text:
        yield from swap(good, SHORT, r"\1azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu:\3")


@mistake("curated-env-in-batch", JOB)
def curated_in_batch(good: Good) -> Iterator[Place]:
    if "modelBatchDeployment" in good.text:
        yield from swap(good, SHORT, r"\1azureml:AzureML-sklearn-1.5:\3")
        yield from swap(good, SHORT, r"\1azureml://registries/azureml/environments/sklearn-1.5/versions/\3")


@mistake("k8s-deployment-registry-ref", JOB)
def registry_on_kubernetes(good: Good) -> Iterator[Place]:
    if "kubernetes" in good.text:
        for registry in ("contoso", "azureml", "team-7"):
            yield from swap(good, SHORT, rf"\1azureml://registries/{registry}/environments/\2/versions/\3")


@mistake("floating-env-ref", JOB)
def newest_version(good: Good) -> Iterator[Place]:
    yield from swap(good, SHORT, r"\1azureml:\2@latest")
    yield from swap(good, REGISTRY, r"\1\2/environments/\3/labels/latest")


@mistake("spark-env-image-ignored", JOB)
def image_for_spark(good: Good) -> Iterator[Place]:
    if "sparkComponent" in good.text:
        spec = "conda_file: {channels: [conda-forge], dependencies: [python=3.12.9]}"
        for image in ("mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1", "contoso.io/a:1", "ubuntu:22.04"):
            yield from swap(good, r"^environment: .*$", rf"environment:\n  image: {image}\n  {spec}", down=1)


@mistake("environment-not-found", JOB)
def misspelt_name(good: Good) -> Iterator[Place]:
    if any("name: churn-train\n" in text for text in good.folder.values()):
        for wrong in ("churn-tarin", "churn-trian", "churn_train"):
            yield from swap(good, r"^(environment: azureml:)churn-train(:\d+)$", rf"\1{wrong}\2")


@mistake("inference-config-on-training-env", "environment")
def routes_of_a_training_environment(good: Good) -> Iterator[Place]:
    routes = "".join(f"  {each}_route: {{port: 5001, path: /}}\n" for each in ("liveness", "readiness", "scoring"))
    if any("azureml:churn-train:7" in text for text in good.folder.values()) and "name: churn-train" in good.text:
        at = line_of(good.text, "^os_type:") or 0
        yield from (each._replace(line=at) for each in swap(good, "^os_type: linux\n", f"inference_config:\n{routes}"))
