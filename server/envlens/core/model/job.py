"""Job, component, deployment and schedule YAML: where an environment stands in each, inline or by reference.

The places are those of azure-ai-ml 1.35.2 (its schema classes, run over all of them). A file is known by its `$schema`;
without one only a clear shape counts, because pipelines, services and deployments of other tools look alike.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from ..syntax.nodes import Mapping, Node, Pair, Scalar, find, follow
from ..syntax.scalars import kind_of as kind_of_value
from . import environment, reference
from .placeholder import expression
from .reference import Form, Reference, curated_name

_MAX_DEPTH = 12
_MAX_HOLDERS = 5_000


class HolderKind(StrEnum):
    """What uses an environment; the values are the words for messages."""

    COMMAND_JOB = "command job"
    SWEEP_JOB = "sweep job"
    SPARK_JOB = "spark job"
    PIPELINE_NODE = "pipeline node"
    PARALLEL_TASK = "parallel task"
    COMMAND_COMPONENT = "command component"
    SPARK_COMPONENT = "spark component"
    PARALLEL_COMPONENT = "parallel component"
    ONLINE_DEPLOYMENT = "online deployment"
    KUBERNETES_DEPLOYMENT = "Kubernetes online deployment"
    BATCH_DEPLOYMENT = "batch deployment"
    DEPLOYMENT_TEMPLATE = "deployment template"
    SCHEDULE = "schedule"


_REQUIRED = {
    HolderKind.COMMAND_JOB,
    HolderKind.SWEEP_JOB,
    HolderKind.COMMAND_COMPONENT,
    HolderKind.PARALLEL_TASK,
}
DEPLOYMENTS = {
    HolderKind.ONLINE_DEPLOYMENT,
    HolderKind.KUBERNETES_DEPLOYMENT,
    HolderKind.BATCH_DEPLOYMENT,
    HolderKind.DEPLOYMENT_TEMPLATE,
}


class Holder(NamedTuple):
    """A mapping that uses an environment. `pair` is its `environment`, None where it has none."""

    kind: HolderKind
    node: Mapping
    pair: Pair | None

    @property
    def is_required(self) -> bool:
        """Whether it cannot do without an environment."""
        return self.kind in _REQUIRED

    @property
    def keeps_name(self) -> bool:
        """Whether an inline environment keeps its name and version: deployments register it under them."""
        return self.kind in DEPLOYMENTS

    @property
    def is_spark(self) -> bool:
        """Whether it runs on Spark, which takes the packages of an environment and builds no image."""
        if self.kind is HolderKind.PIPELINE_NODE:
            return _text(self.node, "type") == "spark"
        return self.kind in {HolderKind.SPARK_JOB, HolderKind.SPARK_COMPONENT}

    @property
    def is_kubernetes(self) -> bool:
        """Whether it is deployed to Kubernetes: the client looks at the `type` alone, not at the `$schema`."""
        is_online = self.kind in {HolderKind.ONLINE_DEPLOYMENT, HolderKind.KUBERNETES_DEPLOYMENT}
        return is_online and _text(self.node, "type") == "kubernetes"

    @property
    def reference(self) -> Reference | None:
        """The reference that stands there, None where there is none, or a template that may become anything."""
        value = follow(self.pair.value) if self.pair else None
        if not isinstance(value, Scalar) or not value.text or kind_of_value(value) != "str":
            return None
        # Of templates only Azure ML's own expressions are judged: the client sees them as they stand.
        return reference.parse(value) if not value.is_template or expression(value.text) else None

    def refuses(self, named: Reference) -> bool:
        """Whether it takes no reference of that sort, whatever it names."""
        if self.kind is HolderKind.BATCH_DEPLOYMENT:
            return curated_name(named) is not None
        return self.is_kubernetes and named.form is Form.REGISTRY


class JobKind(StrEnum):
    """The kinds of file that hold environments; the values are the file names of their `$schema`, lower case."""

    COMMAND_JOB = "commandjob"
    SWEEP_JOB = "sweepjob"
    PIPELINE_JOB = "pipelinejob"
    SPARK_JOB = "sparkjob"
    PARALLEL_JOB = "paralleljob"
    COMMAND_COMPONENT = "commandcomponent"
    PIPELINE_COMPONENT = "pipelinecomponent"
    SPARK_COMPONENT = "sparkcomponent"
    PARALLEL_COMPONENT = "parallelcomponent"
    FLOW_COMPONENT = "flowcomponent"
    ONLINE_DEPLOYMENT = "managedonlinedeployment"
    KUBERNETES_DEPLOYMENT = "kubernetesonlinedeployment"
    BATCH_DEPLOYMENT = "batchdeployment"
    MODEL_BATCH_DEPLOYMENT = "modelbatchdeployment"
    DEPLOYMENT_TEMPLATE = "deploymenttemplate"
    SCHEDULE = "schedule"


_BY_TYPE = {
    "command": JobKind.COMMAND_JOB,
    "sweep": JobKind.SWEEP_JOB,
    "pipeline": JobKind.PIPELINE_JOB,
    "spark": JobKind.SPARK_JOB,
    "parallel": JobKind.PARALLEL_COMPONENT,
}
_SIMPLE = {
    JobKind.COMMAND_JOB: HolderKind.COMMAND_JOB,
    JobKind.SPARK_JOB: HolderKind.SPARK_JOB,
    JobKind.COMMAND_COMPONENT: HolderKind.COMMAND_COMPONENT,
    JobKind.SPARK_COMPONENT: HolderKind.SPARK_COMPONENT,
    JobKind.ONLINE_DEPLOYMENT: HolderKind.ONLINE_DEPLOYMENT,
    JobKind.KUBERNETES_DEPLOYMENT: HolderKind.KUBERNETES_DEPLOYMENT,
    JobKind.BATCH_DEPLOYMENT: HolderKind.BATCH_DEPLOYMENT,
    JobKind.MODEL_BATCH_DEPLOYMENT: HolderKind.BATCH_DEPLOYMENT,
    JobKind.DEPLOYMENT_TEMPLATE: HolderKind.DEPLOYMENT_TEMPLATE,
}


def kind_of(root: Node | None) -> JobKind | None:
    """The kind of a job file, None for what is none."""
    if not isinstance(root, Mapping):
        return None
    schema = environment.schema_kind(root)
    if schema is not None:
        kind = JobKind(schema) if schema in set(JobKind) else None
        # azure-ai-ml 1.35.2, run: of a component the type decides.
        stated = _BY_TYPE.get(_text(root, "type")) if kind is JobKind.COMMAND_COMPONENT else None
        return JobKind.PARALLEL_COMPONENT if stated is JobKind.PARALLEL_COMPONENT else kind
    kind = _shown_kind(root)
    # Only an environment written as Azure ML writes it shows whose file it is.
    return kind if kind and any(_is_azureml(each) for each in holders(root, kind)) else None


def _shown_kind(root: Mapping) -> JobKind | None:
    if find(root, "endpoint_name"):
        return JobKind.ONLINE_DEPLOYMENT
    kind = _BY_TYPE.get(_text(root, "type"))
    if kind is JobKind.COMMAND_JOB and (find(root, "inputs") or find(root, "outputs")) and find(root, "name"):
        return JobKind.COMMAND_COMPONENT if find(root, "compute") is None else kind
    if kind is None and find(root, "command") and find(root, "environment"):
        return JobKind.COMMAND_JOB
    return kind


def _is_azureml(holder: Holder) -> bool:
    value = follow(holder.pair.value) if holder.pair else None
    if isinstance(value, Scalar):
        return value.text.startswith(("azureml:", "file:"))
    return isinstance(value, Mapping) and environment.has_inline_shape(value)


def holders(root: Mapping, kind: JobKind) -> list[Holder]:
    """The places of a file where an environment stands or should stand, in the order of the file."""
    found: list[Holder] = []
    for each in _holders(root, kind, 0):
        found.append(each)
        if len(found) >= _MAX_HOLDERS:
            break
    return found


def _holders(root: Mapping, kind: JobKind, depth: int) -> Iterator[Holder]:
    if depth > _MAX_DEPTH:
        return
    simple = _SIMPLE.get(kind)
    if simple is not None:
        yield Holder(simple, root, find(root, "environment"))
    elif kind is JobKind.SWEEP_JOB:
        trial = _mapping(root, "trial")
        if trial is not None:
            yield Holder(HolderKind.SWEEP_JOB, trial, find(trial, "environment"))
    elif kind in {JobKind.PIPELINE_JOB, JobKind.PIPELINE_COMPONENT}:
        yield from _nodes(root, depth)
    elif kind in {JobKind.PARALLEL_COMPONENT, JobKind.PARALLEL_JOB}:
        yield from _task(root)
    elif kind is JobKind.FLOW_COMPONENT:
        if find(root, "environment"):
            yield Holder(HolderKind.COMMAND_COMPONENT, root, find(root, "environment"))
    elif kind is JobKind.SCHEDULE:
        yield from _schedule(root, depth)


def _nodes(root: Mapping, depth: int) -> Iterator[Holder]:
    jobs = _mapping(root, "jobs")
    for pair in jobs.pairs if jobs else ():
        node = follow(pair.value)
        if isinstance(node, Mapping):
            yield from _node(node, depth + 1)


def _node(node: Mapping, depth: int) -> Iterator[Holder]:
    """A node of a pipeline. What names a component may leave the environment to it."""
    kind = _text(node, "type")
    if kind == "pipeline":
        yield from _holders(node, JobKind.PIPELINE_JOB, depth)
        return
    if find(node, "environment"):
        yield Holder(HolderKind.PIPELINE_NODE, node, find(node, "environment"))
    elif kind in {"", "command"} and find(node, "command") and not find(node, "component"):
        yield Holder(HolderKind.PIPELINE_NODE, node, None)
    if kind == "parallel" and not find(node, "component"):
        yield from _task(node)
    for name in ("trial", "component"):
        inner = _mapping(node, name)
        if inner is not None and depth < _MAX_DEPTH:
            yield from _component(inner, depth + 1)


def _component(node: Mapping, depth: int) -> Iterator[Holder]:
    """A component written where it is used."""
    kind = {"spark": JobKind.SPARK_COMPONENT, "parallel": JobKind.PARALLEL_COMPONENT, "pipeline": JobKind.PIPELINE_JOB}
    yield from _holders(node, kind.get(_text(node, "type"), JobKind.COMMAND_COMPONENT), depth)


def _task(node: Mapping) -> Iterator[Holder]:
    if find(node, "environment"):
        yield Holder(HolderKind.PARALLEL_COMPONENT, node, find(node, "environment"))
    task = _mapping(node, "task")
    if task is not None:
        yield Holder(HolderKind.PARALLEL_TASK, task, find(task, "environment"))


def _schedule(root: Mapping, depth: int) -> Iterator[Holder]:
    create = _mapping(root, "create_job")
    if create is None:
        return
    if find(create, "environment"):
        yield Holder(HolderKind.SCHEDULE, create, find(create, "environment"))
    job = _mapping(create, "job")
    for node in (create, job):
        if node is None or not (find(node, "jobs") or find(node, "command") or find(node, "trial")):
            continue
        kind = _BY_TYPE.get(_text(node, "type"), JobKind.PIPELINE_JOB if find(node, "jobs") else JobKind.COMMAND_JOB)
        if node is create and kind in _SIMPLE and find(create, "environment"):
            continue
        yield from _holders(node, kind, depth + 1)


def _mapping(node: Mapping, key: str) -> Mapping | None:
    pair = find(node, key)
    value = follow(pair.value) if pair else None
    return value if isinstance(value, Mapping) else None


def _text(node: Mapping, key: str) -> str:
    pair = find(node, key)
    value = follow(pair.value) if pair else None
    return value.text if isinstance(value, Scalar) else ""
