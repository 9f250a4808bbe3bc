"""Our version of the environment in an `env.yml` that starts from an image, given the texts of its files."""

from collections.abc import Mapping
from typing import Any

from envlens.core.hashing import sdk
from envlens.core.hashing.values import construct
from envlens.core.syntax import yaml_tree


def version(files: Mapping[str, str], algorithm: str = "sha256") -> str:
    definition: Any = parsed(files["env.yml"])
    conda = definition.get("conda_file")
    if isinstance(conda, str) and conda:
        conda = parsed(files[conda])
    text = sdk.conda_text(conda)
    assert text.problem is None
    return sdk.image_version(definition["image"], text.text, inference(definition.get("inference_config")), algorithm)


def inference(routes: dict[str, Any] | None) -> sdk.Inference | None:
    if routes is None:
        return None
    return sdk.Inference(*(route(routes[f"{name}_route"]) for name in ("liveness", "readiness", "scoring")))


def route(written: dict[str, Any]) -> sdk.Route:
    port = sdk.port_of(written["port"])
    assert port is not None
    return sdk.Route(port, written["path"])


def parsed(text: str) -> object:
    value, problem = construct(yaml_tree.parse(text).root)
    assert problem is None, problem
    return value
