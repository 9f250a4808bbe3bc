"""Azure ML's own keys, as public build logs and printed definitions show them, through the whole of a prediction."""

import json
from pathlib import Path

import pytest
import yaml

from definitions import predict
from envlens.core.hashing import azureml
from envlens.core.hashing.prediction import Formula

CASES = json.loads(Path(__file__).with_name("service_keys.json").read_text(encoding="utf-8"))
CONDA = [pytest.param(each["conda"], each["conda_key"], id=each["conda_key"][:8]) for each in CASES["conda"]]
IMAGES = [pytest.param(each, id=each["image_key"][:8]) for each in CASES["images"]]
BASE = "mcr.microsoft.com/azureml/base:latest"
BY_KEY = {each["conda_key"]: each["conda"] for each in CASES["conda"]}


@pytest.mark.parametrize(("conda", "key"), CONDA)
def test_conda_keys_of_an_environment_file(conda: dict[str, object], key: str) -> None:
    text = yaml.safe_dump({"name": "any", "image": BASE, "conda_file": conda}, sort_keys=False)
    found = predict({"env.yml": text})
    assert found.conda_key == key
    assert found.conda_path == f"/azureml-envs/azureml_{key}"
    assert found.formula is Formula.AZUREML
    assert found.fingerprint == azureml.image_key(BASE, key)
    assert found.is_confirmed, found.doubts


@pytest.mark.parametrize(("conda", "key"), CONDA)
def test_conda_keys_of_a_conda_file(conda: dict[str, object], key: str) -> None:
    text = yaml.safe_dump({"name": "another", **conda}, sort_keys=False, default_flow_style=True)
    found = predict({"env.yml": f"image: {BASE}\nconda_file: conda.yml\n", "conda.yml": text})
    assert found.conda_key == key
    alone = predict({"conda.yml": text}, "conda.yml")
    assert (alone.conda_key, alone.fingerprint, alone.doubts) == (key, None, ())


@pytest.mark.parametrize(("conda", "key"), CONDA)
def test_conda_keys_of_v1_definitions(conda: dict[str, object], key: str) -> None:
    image = f"{BASE}@sha256:{'a' * 64}"
    text = json.dumps({"name": "any", "docker": {"baseImage": image}, "python": {"condaDependencies": conda}})
    found = predict({"azureml_environment.json": text}, "azureml_environment.json")
    assert found.conda_key == key
    assert found.fingerprint == azureml.image_key(image, key)
    assert found.is_confirmed, found.doubts


@pytest.mark.parametrize("case", IMAGES)
def test_image_keys(case: dict[str, str]) -> None:
    base = case["from_in_log"]
    if not case["hashed_with_digest"]:
        base = base.partition("@")[0]
    assert azureml.image_key(base, case["conda_key"]) == case["image_key"]


def test_an_image_key_of_a_whole_definition() -> None:
    """Of the public image keys one has its whole definition in public."""
    (case,) = (each for each in CASES["images"] if each["conda_key"] in BY_KEY)
    conda, base = BY_KEY[case["conda_key"]], case["from_in_log"]
    files = {
        "azureml_environment.json": json.dumps({"docker": {"baseImage": base}}),
        "conda_dependencies.yml": yaml.safe_dump(conda),
    }
    found = predict(files, "azureml_environment.json")
    assert found.image_name == f"azureml/azureml_{case['image_key']}"
    assert found.is_confirmed
    # The same under a v2 client has the same key, but nothing public shows that it hashes a digest that is written.
    found = predict({"env.yml": yaml.safe_dump({"image": base, "conda_file": conda})})
    assert found.fingerprint == case["image_key"]
    assert not found.is_confirmed


def test_the_text_has_15_instructions() -> None:
    lines = azureml.dockerfile("image:tag", "0" * 32).splitlines()
    assert len([line for line in lines if not line.startswith("#")]) == 16 - 1
