"""docs/hash.md says what is: its examples, commands and tables are run."""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from definitions import FACTS, predict
from envlens.cli.main import main
from envlens.core.hashing import azureml
from envlens.core.hashing.prediction import Part, Prediction
from envlens.core.index import predictions
from envlens.host import forecast, trees
from envlens.host.host import Host, normal

PAGE = (Path(__file__).parents[2] / "docs" / "hash.md").read_text(encoding="utf-8")
KEYS = json.loads(Path(__file__).with_name("service_keys.json").read_text(encoding="utf-8"))
FENCES = re.findall(r"^```(.*)\n((?s:.*?))^```$", PAGE, re.MULTILINE)


def table(heading: str, number: int = 0) -> list[list[str]]:
    """The rows of a table below a heading, without its head."""
    section = PAGE.partition(f"\n{heading}\n")[2]
    lines = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# Examples


class Example(NamedTuple):
    files: dict[str, str]
    values: dict[str, str]


def examples() -> list[Example]:
    found, files = [], {}
    for info, text in FENCES:
        language, _, name = info.partition(" ")
        if language in {"yaml", "json", "dockerfile"}:
            files[name] = text
        elif language == "values":
            found.append(Example(files, dict(line.split(": ") for line in text.splitlines())))
            files = {}
    assert not files
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: next(iter(example.files)))
def test_examples(example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, example.files)
    assert main(["hash", "--format", "json", str(tmp_path / next(iter(example.files)))]) == 0
    (found,) = json.loads(capsys.readouterr().out)["environments"]
    shown = {"formula": found["formula"], "confirmed": str(found["confirmed"]).lower(), "conda_key": found["conda_key"]}
    shown |= {"fingerprint": found["fingerprint"], "sdk": (found["sdk"] or {}).get("version")}
    assert {key: value for key, value in shown.items() if value is not None} == example.values


def test_texts() -> None:
    fences = dict(FENCES)
    assert azureml.dockerfile("BASE", "KEY") == fences["text dockerfile.txt"]
    found = predict(examples()[0].files, "environment.yml")
    assert found.counted is not None
    assert found.counted.conda_text == fences["text conda text"]


@pytest.mark.parametrize("commands", [text for info, text in FENCES if info == "console"])
def test_commands(commands: str, tmp_path: Path) -> None:
    fences = dict(FENCES)
    write(tmp_path, {"dockerfile.txt": fences["text dockerfile.txt"], "conda.txt": fences["text conda text"]})
    for command, expected in re.findall(r"^\$ (.*)\n([^$]*)", commands, re.MULTILINE):
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout == expected


@pytest.mark.parametrize("code", [text for info, text in FENCES if info == "python"])
def test_code(code: str) -> None:
    assert "assert" in code
    exec(code, {})


def test_parts() -> None:
    assert [row[0].strip("`") for row in table("## Formula envlens")] == [str(each) for each in Part]


# What changes it and what does not

NAME = "environment.yml"
V1 = "azureml_environment.json"
BASE = "mcr.microsoft.com/azureml/base:1"
DIGEST = f"{BASE}@sha256:{'a' * 64}"
CONDA = "channels: [conda-forge, defaults]\ndependencies: [python=3.10, numpy=1.2, pip, {pip: [mlflow==2.9, pandas]}]\n"
ENVIRONMENT = f"name: one\nimage: {BASE}\nconda_file: conda.yml\n"
CONTEXT = {
    "docker/Dockerfile": "FROM ubuntu\nRUN ls\n",
    "docker/run.sh": "ls\n",
    NAME: "name: e\nbuild: {path: docker}\n",
}
DOCKER: dict[str, Any] = {"baseImage": DIGEST}
Files = dict[str, str | None]  # None: an empty folder


def conda(old: str, new: str, before: str = CONDA) -> tuple[Files, Files]:
    assert old in before
    return with_conda(before), with_conda(before.replace(old, new))


def with_conda(text: str) -> Files:
    return {NAME: ENVIRONMENT, "conda.yml": text}


def environment(old: str, new: str) -> tuple[Files, Files]:
    assert old in ENVIRONMENT
    return with_conda(CONDA), with_conda(CONDA) | {NAME: ENVIRONMENT.replace(old, new)}


def context(changed: Files, before: Files | None = None) -> tuple[Files, Files]:
    return CONTEXT | (before or {}), CONTEXT | (before or {}) | changed


def v1(
    changed: dict[str, Any], files: Files | None = None, before: dict[str, Any] | None = None
) -> tuple[Files, Files]:
    python = {"condaDependencies": {"dependencies": ["python=3.8"]}}
    value = {"name": "a", "docker": DOCKER, "python": python} | (before or {})
    return {V1: json.dumps(value)}, {V1: json.dumps(value | changed)} | (files or {})


LONG = f"name: one\nversion: 2\ndescription: words\ntags: {{a: b}}\nimage: {BASE}\nconda_file: conda.yml\n"
BLOCK = """channels:
- conda-forge
-   defaults
dependencies:
- python=3.10
- numpy=1.2
- pip
- pip:
  - mlflow==2.9
  - pandas
"""
INLINE = f"name: one\nimage: {BASE}\nconda_file: {{dependencies: [a]}}\n"
JOB = f"type: command\ncommand: x\nenvironment: {{image: '{BASE}', conda_file: conda.yml}}\n"
ROUTES = "".join(f"  {each}_route: {{port: 1, path: /}}\n" for each in ("liveness", "readiness", "scoring"))
TWICE = "dependencies: [&a {x: [b]}, {pip: [a]}, %s]\n"
V = f"{CONDA}variables: {{V: %s}}\n"

CHANGES: dict[str, list[tuple[Files, Files]]] = {
    "name, version, description, tags of the environment": [environment(ENVIRONMENT, LONG)],
    "`datastore`, `$schema`, `os_type: Linux`": [
        environment("name: one\n", f"name: one\n{line}\n")
        for line in ("datastore: d", "$schema: https://x/environment.schema.json", "os_type: Linux")
    ],
    "name of the file, of its folder, of the conda file": [
        (with_conda(CONDA), {"sub/other.yaml": ENVIRONMENT.replace("conda.yml", "c.yaml"), "sub/c.yaml": CONDA})
    ],
    "comments, blank lines": [
        conda("dependencies", "\n# why\ndependencies"),
        environment("conda.yml", "conda.yml # c"),
    ],
    "white space between YAML tokens, flow or block style": [
        conda(CONDA, BLOCK),
        conda("numpy=1.2,", "  numpy=1.2  ,"),
        environment(": ", ":   "),
    ],
    "quotes that do not change the value": [conda("numpy=1.2", "'numpy=1.2'"), environment(BASE, f'"{BASE}"')],
    "order of keys": [
        conda(CONDA, "\n".join(reversed(CONDA.splitlines()))),
        environment(ENVIRONMENT, "\n".join(reversed(ENVIRONMENT.splitlines()))),
    ],
    "LF or CRLF line ends, a byte order mark": [
        conda(CONDA, CONDA.replace("\n", "\r\n")),
        conda(CONDA, f"\ufeff{CONDA}"),
        environment("\n", "\r\n"),
    ],
    "conda file or inline; in a file of its own or in a job": [
        environment("conda_file: conda.yml\n", f"conda_file:\n{CONDA}".replace("\nd", "\n  d").replace("\nc", "\n  c")),
        (with_conda(CONDA), {"job.yml": JOB, "conda.yml": CONDA}),
    ],
    "`inference_config`": [environment("name: one\n", f"inference_config:\n{ROUTES}")],
    "conda `name`": [conda("channels", "name: x\nchannels")],
    "base image": [environment("base:1", "base:2")],
    "a blank behind the base image": [environment(BASE, f'"{BASE} "')],
    "package added, removed, another version": [
        conda("numpy=1.2,", "numpy=1.2, scipy,"),
        conda("numpy=1.2,", ""),
        conda("numpy=1.2", "numpy=1.3"),
        conda("mlflow==2.9, ", ""),
    ],
    "order of packages, of channels, of pip's list": [
        conda("python=3.10, numpy=1.2", "numpy=1.2, python=3.10"),
        conda("conda-forge, defaults", "defaults, conda-forge"),
        conda("mlflow==2.9, pandas", "pandas, mlflow==2.9"),
    ],
    "place of the list for pip among the packages": [
        (with_conda("dependencies: [a, {pip: [b]}]"), with_conda("dependencies: [{pip: [b]}, a]"))
    ],
    "`=` or `==`": [conda("numpy=", "numpy==")],
    "white space within a package's text": [conda("numpy=1.2", "numpy =1.2")],
    "upper or lower case of a package": [conda("numpy", "Numpy")],
    '`3.10` or `"3.10"` under `variables`': [(with_conda(V % "3.10"), with_conda(V % '"3.10"'))],
    "`3.10` or `3.1` unquoted under `variables`": [(with_conda(V % "3.10"), with_conda(V % "3.1"))],
    "`variables`, `prefix` added": [
        conda("channels", "variables: {A: b}\nchannels"),
        conda("channels", "prefix: /x\nchannels"),
    ],
    "a list used again by an anchor instead of written out": [
        (with_conda(TWICE % "*a"), with_conda(TWICE % "{x: [b]}"))
    ],
}

CONTEXT_CHANGES = {
    "name of the folder, `./docker/` or `docker`": [
        (
            CONTEXT,
            {NAME: "name: e\nbuild: {path: ./docker/}\n", **CONTEXT} | {NAME: "build: {path: ./docker/}\nname: e\n"},
        ),
        (
            CONTEXT,
            {name.replace("docker/", "image/"): text for name, text in CONTEXT.items()}
            | {NAME: "name: e\nbuild: {path: image}\n"},
        ),
    ],
    "`dockerfile_path: Dockerfile` or none": [
        context({NAME: "name: e\nbuild: {path: docker, dockerfile_path: Dockerfile}"})
    ],
    "`dockerfile_path: ./Dockerfile` or none": [
        context({NAME: "name: e\nbuild: {path: docker, dockerfile_path: ./Dockerfile}"})
    ],
    "content, name or place of a file": [
        context({"docker/run.sh": "ls -l\n"}),
        (CONTEXT, {("docker/x.sh" if "run" in name else name): text for name, text in CONTEXT.items()}),
        (CONTEXT, {("docker/a/run.sh" if "run" in name else name): text for name, text in CONTEXT.items()}),
    ],
    "CRLF or LF in a file": [context({"docker/run.sh": "ls\r\n"})],
    "a comment in the Dockerfile": [context({"docker/Dockerfile": "# why\nFROM ubuntu\nRUN ls\n"})],
    "permission to execute a file": [(CONTEXT, {"docker/run.sh*": "ls\n", **CONTEXT})],
    "an empty folder": [context({"docker/empty": None})],
    "a file that the ignore file leaves out": [context({"docker/a.log": "x"}, {"docker/.amlignore": "*.log\n"})],
    "`.dockerignore`": [context({"docker/.dockerignore": "*.log\n"})],
    '`image: ""` beside it': [context({NAME: 'name: e\nimage: ""\nbuild: {path: docker}\n'})],
    "a conda file beside it": [context({NAME: "name: e\nconda_file: {dependencies: [a]}\nbuild: {path: docker}\n"})],
}

V1_CHANGES = {
    "name, version, environment variables, `shmSize`, `arguments`": [
        v1({"name": "b", "version": "2", "environmentVariables": {"A": "b"}}),
        v1({"docker": {**DOCKER, "shmSize": "4g", "arguments": ["-x"]}}),
    ],
    "`condaDependencies` inline or `conda_dependencies.yml`": [
        v1({"python": {}}, {"conda_dependencies.yml": "dependencies: [python=3.8]\n"})
    ],
    "digest of the base image": [v1({"docker": {"baseImage": f"{BASE}@sha256:{'b' * 64}"}})],
    "a package": [v1({"python": {"condaDependencies": {"dependencies": ["python=3.9"]}}})],
    "`BaseDockerfile` instead of the base image": [v1({}, {"BaseDockerfile": "FROM ubuntu\n"})],
    "Spark packages": [v1({"spark": {"packages": [{"group": "g", "artifact": "a", "version": "1"}]}})],
    "`precachePackages` without Spark packages": [v1({"spark": {"precachePackages": False}})],
    "address of the image registry": [v1({"docker": {**DOCKER, "baseImageRegistry": {"address": "x.azurecr.io"}}})],
}
HEADING = "## What changes it and what does not"
ROWS = [
    pytest.param(row, each, id=f"{row[0]}-{at}")
    for number, changes in enumerate((CHANGES, CONTEXT_CHANGES, V1_CHANGES))
    for row in table(HEADING, number)
    for at, each in enumerate(changes.get(row[0], [None]))
]


def test_every_row_has_its_test() -> None:
    for number, changes in enumerate((CHANGES, CONTEXT_CHANGES, V1_CHANGES)):
        assert [row[0] for row in table(HEADING, number)] == list(changes)


@pytest.mark.parametrize(("row", "change"), ROWS)
def test_what_changes_it(row: list[str], change: tuple[Files, Files], tmp_path: Path) -> None:
    before, after = (on_disk(tmp_path / side, files) for side, files in zip("ab", change, strict=True))
    assert before.fingerprint
    assert after.fingerprint
    is_context, is_v1 = before.counted is not None and before.counted.tree is not None, V1 in change[0]
    pairs = [(before.fingerprint, after.fingerprint)]
    if not is_context:
        pairs.append((before.conda_key, after.conda_key))
    if not is_v1:
        assert before.sdk.version
        assert after.sdk.version
        pairs.append((before.sdk.version, after.sdk.version))
    assert ["same" if one == other else "another" for one, other in pairs] == row[1:]


def write(folder: Path, files: Files) -> None:
    for name, text in files.items():
        path = folder / name.removesuffix("*")
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.mkdir()
        else:
            path.write_bytes(text.encode())
    for name in files:
        if name.endswith("*"):
            os.chmod(folder / name.removesuffix("*"), 0o755)


def on_disk(folder: Path, files: Files) -> Prediction:
    write(folder, files)
    host = Host(FACTS, print, [normal(str(folder))])
    name = next(each for each in (NAME, "job.yml", V1, "sub/other.yaml") if each in files)
    path = normal(str(folder / name))
    host.name(path)
    document = host.load(path)
    assert document is not None
    found = {each: trees.look(each, host.roots).tree for each in predictions.folders(document)}
    (prediction,) = forecast.predict(host, document, found)
    return prediction


# Reasons


def of(text: str, name: str = "env.yml", **files: str) -> Prediction:
    return predict({name: text, **{each.replace("_", "."): content for each, content in files.items()}}, name)


def of_v1(**value: Any) -> Prediction:
    return of(json.dumps(value), V1)


IMAGE = {"docker": {"baseImage": "a:1"}}
UNAVAILABLE = [
    of("name: x\nimage: https://u:q7Rz1xW9@host/x\n"),
    of("name: x\nimage: '{{ image }}'\n"),
    of("name: x\nimage: [\n"),
    of("a: &a {b: 1}\nimage: x\nname: x\n<<: {<<: {<<: {<<: {<<: {conda_file: {dependencies: [a]}}}}}}\n"),
    of("name: x\nimage: a\nos_type: windows\n"),
    of("name: x\nimage: a\nos_type: macos\n"),
    of("name: x\nbase_image: a\nconda_file: {dependencies: [a]}\n"),
    of("name: x\nimage: a\nbuild: {path: b}\n"),
    of("name: x\nconda_file: {dependencies: [a]}\n"),
    of("name: x\nimage: 3\n"),
    of("name: x\nimage: a\nconda_file: conda.yml\n", conda_yml="- a\n"),
    of("name: x\nimage: a\nconda_file: 3\n"),
    of("name: x\nimage: a\nconda_file: conda.yml\n"),
    of("name: x\nbuild: {dockerfile_path: a}\n"),
    of("name: x\nbuild: {path: 'https://x/y'}\n"),
    of("name: x\nbuild: {path: a, dockerfile_path: 3}\n"),
    of("name: x\nbuild: {path: a, dockerfile_path: ../x}\n"),
    of_v1(docker={"baseImage": "a:1"}, python={"condaDependencies": {"dependencies": ["a"]}}),
    of_v1(docker={}),
    of_v1(name="a", version="1"),
    of_v1(**IMAGE, inferencingStackVersion="latest"),
    of_v1(docker={"baseImage": "a:1", "platform": {"architecture": "arm64"}}),
    of_v1(**IMAGE, python={"baseCondaEnvironment": "x"}),
    of_v1(**IMAGE, python={"condaDependenciesFile": "x"}),
    of("dependencies: [a]\n", "conda.yml"),
]


def test_reasons_for_no_hash() -> None:
    assert all(each.fingerprint is None for each in UNAVAILABLE)
    assert {each.unavailable for each in UNAVAILABLE} == {row[0] for row in table("## No hash, and why")}


def test_reasons_for_doubt() -> None:
    found = {
        doubt
        for conda, image in (
            ("{dependencies: ['*']}", f"{BASE}"),
            ("{dependencies: ['python >=3.8, <3.9 %s']}" % ("x" * 80), BASE),
            ("{dependencies: ['é']}", BASE),
            ("{dependencies: [a], variables: {A: 3.10}}", BASE),
            ("{dependencies: [&a [b], *a]}", BASE),
            ("{channels: [], dependencies: [a]}", BASE),
            ("{dependencies: !!set {a}}", BASE),
            ("{channels: [a]}", BASE),
            ("{channels: a, dependencies: [a, {pip: [b]}, {pip: [c]}]}", BASE),
            ("{dependencies: [a]}", "nvcr.io/x:1"),
            ("{dependencies: [a]}", BASE.removesuffix(":1")),
            ("{dependencies: [a]}", DIGEST),
            ("{dependencies: [a]}", BASE.upper()),
        )
        for doubt in of(f"name: x\nimage: {image}\nconda_file: {conda}\n").doubts
    }
    spark = "https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json"
    job = f"$schema: {spark}\ntype: spark\nenvironment: {{image: '{BASE}', conda_file: {{dependencies: [a]}}}}\n"
    found |= {*of(job, "job.yml").doubts}
    found |= {*of(f"name: x\nimage: {BASE}\nconda_file: {{dependencies: [a]}}\ninference_config:\n{ROUTES}").doubts}
    assert found == {row[0] for row in table("### Confirmed, and what is not")}


# Evidence


def test_sources() -> None:
    assert {row[0]: int(row[1]) for row in table("## Evidence")} == Counter(each["source"] for each in KEYS["conda"])
    shown = [tuple(row) for row in table("## Evidence", 1)]
    hashed = {True: "with digest", False: "without digest"}
    assert shown == [(each["source"], each["client"], hashed[each["hashed_with_digest"]]) for each in KEYS["images"]]


def test_what_users_are_told() -> None:
    assert f"**{azureml.REVISION}**" in PAGE
