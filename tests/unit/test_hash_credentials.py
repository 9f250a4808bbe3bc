"""A definition that holds a credential shows nothing that could be kept: no hash, no key, no version, no inputs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from definitions import FACTS, predict, tree
from envlens.core.hashing.predicting import CREDENTIAL
from envlens.core.hashing.prediction import Prediction
from envlens.core.index import predictions
from envlens.host import forecast
from envlens.host.host import Host, normal

SECRET = "q7Rz1xW9kLm3"
ADDRESSES = {
    "userinfo": f"https://user:{SECRET}@host.example/simple",
    "user alone": "https://ghp_q7Rz1xW9kLm3abcdefgh@host.example/x.git",
    "SAS": f"https://host.example/x.whl?sv=2024&sig={SECRET}",
    "conda token": f"https://conda.example/t/{SECRET}/channel",
}
FILE = "environment.yml"
V1 = "azureml_environment.json"


def conda(channel: str = "defaults", package: str = "numpy", pip: str = "pandas") -> str:
    dependencies = ["python=3.10", package, {"pip": ["x==1", pip]}]
    return json.dumps({"channels": [channel], "dependencies": dependencies})


PLACES: dict[str, Callable[[str], dict[str, str]]] = {
    "image": lambda text: {FILE: json.dumps({"name": "e", "image": text})},
    "image beside conda": lambda text: {FILE: f"image: '{text}'\nconda_file: {conda()}\n"},
    "channel": lambda text: {FILE: f"image: a:1\nconda_file: {conda(text)}\n"},
    "channel of a conda file": lambda text: {FILE: "image: a:1\nconda_file: c.yml\n", "c.yml": conda(text)},
    "package": lambda text: {FILE: f"image: a:1\nconda_file: {conda(package=f'{text}::numpy')}\n"},
    "pip line": lambda text: {FILE: f"image: a:1\nconda_file: {conda(pip=f'--extra-index-url {text}')}\n"},
    "variable": lambda text: {FILE: f"image: a:1\nconda_file: {{dependencies: [a], variables: {{A: '{text}'}}}}\n"},
    "key": lambda text: {FILE: f"image: a:1\nconda_file: {{dependencies: [a], variables: {{'{text}': 1}}}}\n"},
    "path of the conda file": lambda text: {FILE: f"image: a:1\nconda_file: '{text}'\n"},
    "path of the context": lambda text: {FILE: f"name: e\nbuild: {{path: '{text}'}}\n"},
    "path of the Dockerfile": lambda text: {FILE: f"name: e\nbuild: {{path: ctx, dockerfile_path: '{text}'}}\n"},
    "conda beside a build": lambda text: {
        FILE: f"name: e\nbuild: {{path: ctx}}\nconda_file: {conda(text)}\n",
        "ctx/Dockerfile": "FROM a:1\n",
    },
    "Dockerfile": lambda text: {
        FILE: "name: e\nbuild: {path: ctx}\n",
        "ctx/Dockerfile": f"FROM a:1\nRUN pip install {text}\n",
    },
    "v1 image": lambda text: {V1: json.dumps({"docker": {"baseImage": text}})},
    "v1 conda": lambda text: {
        V1: json.dumps({"docker": {"baseImage": "a:1"}, "python": {"condaDependencies": json.loads(conda(text))}})
    },
    "v1 conda file": lambda text: {
        V1: json.dumps({"docker": {"baseImage": "a:1"}}),
        "conda_dependencies.yml": conda(text),
    },
    "v1 Dockerfile": lambda text: {V1: json.dumps({"docker": {"baseDockerfile": f"FROM a\nRUN pip install {text}"}})},
    "v1 BaseDockerfile": lambda text: {V1: "{}", "BaseDockerfile": f"FROM a\nRUN pip install {text}"},
    "v1 Spark": lambda text: {V1: json.dumps({"docker": {"baseImage": "a:1"}, "spark": {"repositories": [text]}})},
    "conda file alone": lambda text: {"conda.yml": conda(text)},
}


def is_silent(found: Prediction) -> bool:
    nothing = (found.fingerprint, found.conda_key, found.sdk.version, found.counted, found.image_name, found.conda_path)
    return nothing == (None,) * len(nothing) and SECRET not in repr(found)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_nothing_is_shown(place: Callable[[str], dict[str, str]], address: str) -> None:
    files = place(address)
    found = predict(files, next(iter(files)))
    assert is_silent(found)
    assert found.unavailable == CREDENTIAL
    if V1 not in files and "conda.yml" not in files:
        assert found.sdk.unavailable == CREDENTIAL
    # The same without the credential has a hash, or another reason that has nothing to do with it.
    clean = predict(place("https://host.example/x"), next(iter(files)))
    assert clean.unavailable != CREDENTIAL


@pytest.mark.parametrize("password", [SECRET, 12345678])
def test_the_password_of_a_private_registry(password: object) -> None:
    registry = {"address": "x.azurecr.io", "username": "u", "password": password}
    text = json.dumps(
        {"docker": {"baseImage": "a:1", "baseImageRegistry": registry}, "python": {"userManagedDependencies": True}}
    )
    found = predict({V1: text}, V1)
    assert is_silent(found)
    assert found.unavailable == CREDENTIAL


DOCKERFILE = """FROM a:1
COPY . /x/
WORKDIR /x
RUN conda env create -f conda.yml
RUN pip install -r requirements.txt
"""


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("name", ["requirements.txt", "conda.yml", "more.txt"])
def test_files_that_a_dockerfile_takes(tmp_path: Path, address: str, name: str) -> None:
    """Of a build context those files are searched in which rules find credentials; on disk, as the commands read it."""
    files = {
        "ctx/Dockerfile": DOCKERFILE,
        "ctx/requirements.txt": "-r more.txt\nnumpy\n",
        "ctx/more.txt": "pandas\n",
        "ctx/conda.yml": conda(),
        FILE: "name: e\nbuild:\n  path: ctx\n",
    }
    files[f"ctx/{name}"] += f"\n--extra-index-url {address}\n" if name.endswith("txt") else ""
    if name == "conda.yml":
        files[f"ctx/{name}"] = conda(address)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    host = Host(FACTS, print, [normal(str(tmp_path))])
    document = host.load(normal(str(tmp_path / FILE)))
    assert document is not None
    (folder,) = predictions.folders(document)
    (found,) = forecast.predict(host, document, {folder: tree(files, "ctx")})
    assert is_silent(found)
    assert found.unavailable == CREDENTIAL


@pytest.mark.parametrize(
    "text", ["https://${TOKEN}@host/simple", "https://user:<token>@host/x", "https://host/x?sig=${SIG}"]
)
def test_a_stand_in_is_no_credential(text: str) -> None:
    found = predict({FILE: f"image: a:1\nconda_file: {conda(pip=f'--extra-index-url {text}')}\n"}, FILE)
    assert found.fingerprint
