"""Predicts the image of a v1 definition: `azureml_environment.json` and what lies beside it (azureml-core 1.61)."""

from typing import NamedTuple

from ..model.placeholder import is_filled_in_later
from ..model.v1 import V1Environment
from ..syntax.nodes import Scalar, find
from .dump import dump
from .given import Conda, Spec, holds_credential, holds_template, spec_of, strings
from .predicting import BROKEN, CREDENTIAL, TEMPLATE, WINDOWS, dump_conda, of_counted, with_conda
from .prediction import Counted, Kind, Place, Prediction, Sdk
from .values import construct

NOT_READ = Sdk(None, "azure-ai-ml does not read v1 definitions")


class V1Given(NamedTuple):
    """What lies beside the JSON: `conda_dependencies.yml` and the text of `BaseDockerfile`, None for none.

    They count before what stands in the JSON. `problem` says why one of them could not be read.
    """

    conda: Conda | None = None
    base_dockerfile: str | None = None
    problem: str | None = None


def predict(definition: V1Environment, place: Place, given: V1Given, *, is_whole: bool) -> Prediction:
    """The prediction of a v1 definition."""
    start = Prediction(place, Kind.SYSTEM_MANAGED, sdk=NOT_READ)
    made = construct(definition.node)
    if not is_whole or made.problem is not None or not isinstance(made.value, dict):
        return start._replace(unavailable=BROKEN)
    value = made.value
    docker, python, spark = (_section(value, key) for key in ("docker", "python", "spark"))
    is_user_managed = bool(python.get("userManagedDependencies"))
    spec = Spec() if is_user_managed else _spec(given, python.get("condaDependencies"))
    # A file resets the base image; what stands in the JSON is kept beside one (azureml-core 1.61, run).
    dockerfile = given.base_dockerfile if given.base_dockerfile is not None else docker.get("baseDockerfile")
    registry = _section(docker, "baseImageRegistry")
    if registry.get("password") or holds_credential((*strings(value), *strings(spec.value), str(dockerfile))):
        return start._replace(unavailable=CREDENTIAL, sdk=Sdk(None, CREDENTIAL))
    start = start._replace(kind=Kind.USER_MANAGED if is_user_managed else Kind.SYSTEM_MANAGED)
    if _is_template(definition, None if is_user_managed else given.conda):
        return start._replace(unavailable=TEMPLATE)
    reason = given.problem or spec.problem or _obstacle(value, docker, python)
    if reason is not None:
        return start._replace(unavailable=reason)
    base = None if given.base_dockerfile is not None else docker.get("baseImage") or None
    if base is not None and not isinstance(base, str):
        return start._replace(unavailable="the base image is no text")
    if dockerfile is None and (base is None or not base.strip()):
        return start._replace(unavailable=_why_no_base(value))
    if dockerfile is not None and not isinstance(dockerfile, str):
        return start._replace(unavailable="'baseDockerfile' is no text")
    address = registry.get("address") or None
    if address is not None and not isinstance(address, str):
        return start._replace(unavailable="the address of the image registry is no text")
    dumps = (
        dump(spark) if spark.get("packages") or spark.get("repositories") else None,  # an empty one is everybody's
        dump(value["r"]) if value.get("r") else None,
        # Without packages too: then the service puts its own into the image.
        None if is_user_managed else dump_conda(spec.value),
    )
    problem = next((each.problem for each in dumps if each is not None and each.problem is not None), None)
    if problem is not None:
        return start._replace(unavailable=problem)
    spark_text, r_text, conda_text = (each.text if each is not None else None for each in dumps)
    others = Counted(base_dockerfile=dockerfile, image_registry=address, spark=spark_text, r=r_text)
    if spec.value is not None and others == Counted() and base is not None:
        return with_conda(start, base, spec.value, definition.image, is_v1=True)
    return of_counted(start, others._replace(base_image=base, conda=spec.value, conda_text=conda_text))


def _obstacle(value: dict[object, object], docker: dict[object, object], python: dict[object, object]) -> str | None:
    """Why no hash can be told, whatever the rest says."""
    for name in _SECTIONS:
        if value.get(name) is not None and not isinstance(value[name], dict):
            return f"'{name}' is no mapping: azureml-core refuses it"
    if value.get("inferencingStackVersion"):
        return "of images with 'inferencingStackVersion' no key is known"
    platform = _section(docker, "platform")
    if str(platform.get("os") or "linux").lower() != "linux":
        return WINDOWS
    if str(platform.get("architecture") or "amd64").lower() != "amd64":
        return "of images for other processors than amd64 no key is known"
    if docker.get("buildContext"):
        return "the build context lies elsewhere, and its files are not known here"
    if python.get("baseCondaEnvironment"):
        return "what an existing conda environment holds is not known here"
    if python.get("condaDependenciesFile") and not python.get("userManagedDependencies"):
        return "'condaDependenciesFile' names a file that is not taken up here"
    return None


_SECTIONS = ("docker", "python", "spark")


def _why_no_base(value: dict[object, object]) -> str:
    if value.keys() <= {"name", "version"}:
        return "it only refers to an environment: name and version are all that it has"
    return "no base image stands here: azureml-core fills in one that each release changes"


def _is_template(definition: V1Environment, conda: Conda | None) -> bool:
    image = definition.image.place if definition.image is not None else None
    if isinstance(image, Scalar) and is_filled_in_later(image):
        return True
    inline = find(definition.node, "python") if conda is None else None
    if inline is not None and holds_template(inline.value):
        return True
    if conda is None:
        return False
    return holds_template(conda.root) if conda.root is not None else conda.is_template


def _spec(given: V1Given, inline: object) -> Spec:
    return spec_of(given.conda) if given.conda is not None else Spec(inline or None)


def _section(value: dict[object, object], key: str) -> dict[object, object]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
