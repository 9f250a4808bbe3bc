"""Where something that counts is not known, there is no hash; what only looks unknown has one."""

import json
from pathlib import Path

import pytest

from definitions import FACTS, predict
from envlens.core.hashing.predicting import MERGED, TEMPLATE
from envlens.core.hashing.prediction import Prediction
from envlens.core.index import predictions
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import FileKind, build
from envlens.core.settings import Settings
from envlens.core.text.source import Source
from envlens.host import forecast
from envlens.host.host import Host, normal

CONDA = "{dependencies: [python=3.10, {pip: [numpy]}]}"


def of(text: str, **files: str) -> Prediction:
    given = {name.replace("_", "."): content for name, content in files.items()}
    return predict({"env.yml": text, **given}, kind=FileKind.ENVIRONMENT)


@pytest.mark.parametrize(
    "text",
    [
        f"image: '{{{{ image }}}}'\nconda_file: {CONDA}",
        f"image: {{{{ image }}}}\nconda_file: {CONDA}",
        f"image: $(registry)/x:1\nconda_file: {CONDA}",
        "image: <IMAGE>",
        f"image: ${{{{inputs.image}}}}\nconda_file: {CONDA}",
        "image: a:1\nconda_file: {dependencies: ['python={{ version }}']}",
        "image: a:1\nconda_file: {dependencies: [{pip: ['<<PACKAGE>>']}]}",
        "image: a:1\nconda_file: {dependencies: [a], '{{ key }}': 1}",
        "image: a:1\nconda_file: {{ conda }}",
        "image: a:1\nconda_file: ${CONDA}",
        "image: a:1\nconda_file: conda.yml",
        f"image: a:1\nos_type: ${{SYSTEM}}\nconda_file: {CONDA}",
        "build: {path: '{{ path }}'}",
        "build: {path: ctx, dockerfile_path: '{{ path }}'}",
        "build: {path: ctx, dockerfile_path: <PATH>}",
        "name: {{ name }}-x\nimage: a:1",
    ],
)
def test_templates(text: str) -> None:
    found = of(text + "\n", conda_yml="dependencies:\n{% for each in all %}\n- a\n{% endfor %}\n")
    assert (found.fingerprint, found.conda_key, found.counted) == (None, None, None)
    assert found.unavailable == TEMPLATE
    assert found.sdk == (None, TEMPLATE, False)


@pytest.mark.parametrize(
    "text",
    [
        "image: a:1\nconda_file: {dependencies: [{pip: ['--extra-index-url https://${TOKEN}@host/simple']}]}",
        "image: a:1\ndescription: '{{ words }}'",
        "name: '{{ name }}'\nimage: a:1",
        "image: a:1 # {{ image }}",
    ],
)
def test_what_is_no_template_or_does_not_count(text: str) -> None:
    assert of(text).fingerprint


def test_merge_keys() -> None:
    plain = of(f"image: a:1\nconda_file: {CONDA}\n")
    merged = of(f"x: &base {{image: 'a:2', conda_file: {CONDA}}}\n<<: *base\nimage: a:1\n")
    assert merged.fingerprint == plain.fingerprint
    conda = f"{{conda_file: {CONDA}}}"
    for _ in range(5):
        conda = f"{{<<: {conda}}}"
    assert of(f"image: a:1\n<<: {conda}\n").unavailable == MERGED


@pytest.mark.parametrize("image", ["' '", '"\\t"', "''"])
def test_a_blank_image_is_none(image: str) -> None:
    found = of(f"image: {image}\nconda_file: {CONDA}\n")
    assert found.unavailable == "it names no base image"
    assert found.conda_key == of(f"image: a:1\nconda_file: {CONDA}\n").conda_key


def v1(tmp_path: Path, value: object, **files: bytes) -> Prediction:
    (tmp_path / "azureml_environment.json").write_text(json.dumps(value), encoding="utf-8")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    host = Host(FACTS, print, [normal(str(tmp_path))])
    document = host.load(normal(str(tmp_path / "azureml_environment.json")))
    assert document is not None
    (found,) = forecast.predict(host, document, {})
    return found


def test_a_base_dockerfile_that_cannot_be_read(tmp_path: Path) -> None:
    found = v1(tmp_path, {}, BaseDockerfile=b"FROM a\nLABEL x=\xff\n")
    assert (found.fingerprint, found.unavailable) == (None, "'BaseDockerfile' cannot be read")
    found = v1(tmp_path, {}, BaseDockerfile=b"FROM a\n" + b"#" * 6_000_000)
    assert (found.fingerprint, found.unavailable) == (None, "'BaseDockerfile' is too large")
    assert v1(tmp_path, {}, BaseDockerfile=b"FROM a\n").fingerprint


def test_what_nobody_looked_at() -> None:
    text = json.dumps({"docker": {"baseImage": "a:1"}, "python": {"userManagedDependencies": True}})
    document = build(Source("/w/azureml_environment.json", text), FileKind.V1, None)
    (found,) = predictions.predict(Snapshot(FACTS, Settings(), {document.path: document}), document)
    assert (found.fingerprint, found.unavailable) == (None, "'BaseDockerfile' was not looked at")


def test_a_context_without_its_dockerfile_says_so() -> None:
    files = {"env.yml": "build: {path: ctx}", "ctx/dockerfile": "FROM a"}
    found = predict(files, kind=FileKind.ENVIRONMENT)
    assert found.notes == ("'Dockerfile' is not among the files that are uploaded: nothing can be built",)
    assert predict(files | {"ctx/Dockerfile": ""}, kind=FileKind.ENVIRONMENT).notes == ()
