"""The version that azure-ai-ml 1.35.2 gave each environment used inline, against ours."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from envlens.core.hashing import sdk
from envlens.core.hashing.dump import Dumped
from sdk import own_version

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "sdk_hash_vectors.json").read_bytes())
VECTORS: dict[str, dict[str, Any]] = {each["name"]: each for each in TABLE["vectors"]}
# Those with a build context are held to its files elsewhere.
OF_IMAGES = {name: each for name, each in VECTORS.items() if "_build" not in name}
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20240101.v1"
CONDA = "dependencies:\n- python=3.10\n"
ROUTES = [sdk.Route(5001, "/live"), sdk.Route(5001, "/ready"), sdk.Route(5001, "/score")]
INFERENCE = """\
!!python/object:azure.ai.ml._restclient.arm_ml_service.models._models.InferenceContainerProperties
_data:
  livenessRoute: !!python/object:azure.ai.ml._restclient.arm_ml_service.models._models.Route
    _data:
      path: /live
      port: 5001
  readinessRoute: !!python/object:azure.ai.ml._restclient.arm_ml_service.models._models.Route
    _data:
      path: /ready
      port: 5001
  scoringRoute: !!python/object:azure.ai.ml._restclient.arm_ml_service.models._models.Route
    _data:
      path: /score
      port: 5001
"""


def texts(vector: dict[str, Any]) -> dict[str, str]:
    """The files as text. A vector may hold their bytes."""
    files = {}
    for path, content in vector["files"].items():
        raw = base64.b64decode(content["base64"]) if "base64" in content else content["text"].encode()
        files[path] = raw.decode("utf-8")
    return files


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def small_tree(files: dict[str, bytes]) -> str:
    """The SDK's digest of a folder without folders in it and without an ignore file."""
    said = hashlib.sha256(b"Initialize for october 2021 AML CLI version")
    for name in sorted(files, key=str.lower):
        said.update(name.encode() + files[name])
    return said.hexdigest()


def test_vectors_are_many() -> None:
    assert TABLE["sdk"] == f"azure-ai-ml {sdk.NEWEST_RELEASE}"
    assert len(OF_IMAGES) == 26


@pytest.mark.parametrize("vector", OF_IMAGES.values(), ids=OF_IMAGES)
def test_the_version_of_an_image(vector: dict[str, Any]) -> None:
    assert vector["expected"] == {"name": sdk.NAME, "version": own_version.version(texts(vector))}


@pytest.mark.parametrize("name", ["51_build_dockerfile", "52_build_dockerfile_dot", "54_build_dirname", "55_build_crlf",
                                  "57_build_boundary_a", "58_build_boundary_b", "76_build_case_sort"])  # fmt: skip
def test_the_version_of_a_context(name: str) -> None:
    files = texts(VECTORS[name])
    build: Any = own_version.parsed(files.pop("env.yml"))
    tree = small_tree({path.partition("/")[2]: text.encode() for path, text in files.items()})
    version = sdk.context_version(tree, build["build"].get("dockerfile_path"))
    assert VECTORS[name]["expected"] == {"name": sdk.NAME, "version": version}


def test_parts_are_woven_into_each_other() -> None:
    image, conda = digest("a"), digest("b")
    assert sdk.image_version("a", None, None) == digest(image)
    assert sdk.image_version("a", "", None) == digest(image)
    assert sdk.image_version("a", "b", None) == digest(image.join(conda))
    inference = sdk.Inference(*ROUTES)
    both = image.join(digest(INFERENCE)).join(conda)
    assert sdk.image_version("a", "b", inference) == digest(both)
    assert sdk.context_version("t", "") == sdk.context_version("t", None) == digest(digest("t"))
    assert sdk.context_version("t", "Dockerfile") == digest(digest("t").join(digest("Dockerfile")))


def test_older_releases_use_md5_throughout() -> None:
    image, conda = (hashlib.md5(text.encode()).hexdigest() for text in (IMAGE, CONDA))
    woven = hashlib.md5(image.join(conda).encode()).hexdigest()
    assert sdk.image_version(IMAGE, CONDA, None, "md5") == woven


def test_the_text_of_inference_routes() -> None:
    assert sdk.inference_text(*ROUTES) == INFERENCE


def test_paths_of_routes_are_written_as_yaml() -> None:
    routes = [sdk.Route(-1, ""), sdk.Route(10**20, "a " * 40 + "b"), sdk.Route(0, "é")]
    lines = sdk.inference_text(*routes).split("\n")
    assert lines[4:6] == ["      path: ''", "      port: -1"]
    assert lines[8:11] == [f"      path: {'a ' * 34}a", f"        {'a ' * 5}b", f"      port: {10**20}"]
    assert lines[13:15] == ['      path: "\\xE9"', "      port: 0"]


@pytest.mark.parametrize("value", [None, {}, "", False, 0, 0.0, [], b"", set()], ids=repr)
def test_an_empty_conda_file_does_not_enter(value: object) -> None:
    assert sdk.conda_text(value) == Dumped("", frozenset())


def test_any_other_conda_file_does() -> None:
    assert sdk.conda_text("text").text == "text\n...\n"
    assert sdk.conda_text(["a"]).text == "- a\n"
    assert sdk.conda_text(float("nan")).text == ".nan\n...\n"


@pytest.mark.parametrize(
    ("value", "port"),
    [(5001, 5001), ("5001", 5001), (" 7 ", 7), ("1_0", 10), (5001.9, 5001), (-1, -1), (1e20, 10**20)]
    + [(value, None) for value in (True, "0x10", "1.0", "", None, float("inf"), float("nan"), [1], {}, 1 << 20_000)],
    ids=lambda value: repr(value) if not isinstance(value, int) or value < 10**30 else "huge",
)
def test_ports(value: object, port: int | None) -> None:
    assert sdk.port_of(value) == port


@pytest.mark.parametrize(
    ("release", "algorithm", "inference"),
    [
        ("1.8.0", "md5", False),
        ("1.26.5", "md5", False),
        ("1.27.1", "md5", False),
        ("1.28.0", "sha256", False),
        ("1.32.0", "sha256", False),
        ("1.33.0", "sha256", True),
        ("1.34", "sha256", True),
        ("1.35.2", "sha256", True),
        ("1.35.3", "sha256", False),
        ("2.0.0", "sha256", False),
        ("newest", None, False),
        ("1.35.2b1", None, False),
        ("", None, False),
    ],
)
def test_releases(release: str, algorithm: str | None, inference: bool) -> None:
    assert sdk.algorithm_of(release) == algorithm
    assert sdk.knows_inference(release) == inference
