"""Going from job to environment to conda file, Dockerfile and requirements file, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from .wire import BASE, SCHEMA, Wire, position

FILES = {
    "job.yml": "type: command\ncommand: x\nenvironment: azureml:churn🚗:2\n",
    "sweep.yml": "type: sweep\ntrial:\n  command: x\n  environment: azureml:churn🚗@latest\nobjective: {}\n",
    "inline.yml": f"type: command\ncommand: x\nenvironment:\n  image: {BASE}\n  conda_file: envs/conda.yml\n",
    "by-file.yml": "type: command\ncommand: x\nenvironment: file:envs/built.yml\n",
    "envs/first.yml": f"{SCHEMA}name: churn🚗\nversion: 1\nimage: {BASE}\nconda_file: conda.yml\n",
    "envs/second.yml": f'{SCHEMA}name: "churn🚗"\nversion: 2\nimage: {BASE}\nconda_file: ./conda.yml\n',
    "envs/built.yml": f"{SCHEMA}name: built\nbuild:\n  path: ../ctx\n  dockerfile_path: docker/Dockerfile\n",
    "envs/conda.yml": "channels: [conda-forge]\ndependencies: [python=3.12]\n",
    "ctx/docker/Dockerfile": f"FROM {BASE} AS base\nCOPY reqs/all.txt main.py /app/\nRUN pip install -r /app/all.txt\n"
    "FROM base\nCOPY --from=base /a /b\nCOPY --from=0 /a /b\n",
    "ctx/reqs/all.txt": "-r more.txt\n",
    "ctx/reqs/more.txt": "numpy==1\n",
    "ctx/main.py": "",
}
Found = list[tuple[str, str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, Path]]:
    folder = tmp_path_factory.mktemp("navigation")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with Wire(folder) as wire:
        for name, text in FILES.items():
            if not name.endswith(".py"):
                wire.open(folder / name, text)
        # The scan of the folder runs beside the messages.
        wire.until(lambda: len(wire.request("workspace/symbol", {"query": ""})) == 3, "the scan")
        yield wire, folder


def ask(world: tuple[Wire, Path], method: str, name: str, part: str, **more: Any) -> Found:
    """What is found for the first occurrence of a part: file and text, the whole first line for a file's beginning."""
    wire, folder = world
    text = FILES[name]
    where = position(text, text.index(part))
    params = {"textDocument": {"uri": (folder / name).as_uri()}, "position": where} | more
    found = []
    for each in wire.request(f"textDocument/{method}", params) or []:
        path = Path(unquote(urlsplit(each["uri"]).path)).relative_to(folder.resolve()).as_posix()
        start, end = each["range"]["start"], each["range"]["end"]
        line = FILES[path].split("\n")[start["line"]] if FILES[path] else ""
        units = line.encode("utf-16-le")[start["character"] * 2 : end["character"] * 2]
        found.append((path, units.decode("utf-16-le")))
    return found


DOCKERFILE = "ctx/docker/Dockerfile"
DEFINITIONS = [
    ("job.yml", "azureml", [("envs/second.yml", '"churn🚗"')]),
    ("sweep.yml", "azureml", [("envs/first.yml", "churn🚗"), ("envs/second.yml", '"churn🚗"')]),
    ("inline.yml", "envs/conda", [("envs/conda.yml", "")]),
    ("by-file.yml", "envs/built", [("envs/built.yml", "")]),
    ("envs/first.yml", "conda.yml", [("envs/conda.yml", "")]),
    ("envs/built.yml", "../ctx", [(DOCKERFILE, "")]),
    ("envs/built.yml", "docker/Dockerfile", [(DOCKERFILE, "")]),
    (DOCKERFILE, "reqs/all.txt", [("ctx/reqs/all.txt", "")]),
    (DOCKERFILE, "main.py", [("ctx/main.py", "")]),
    (DOCKERFILE, "/app/all.txt", [("ctx/reqs/all.txt", "")]),
    (DOCKERFILE, "base\nCOPY --from", [(DOCKERFILE, "base")]),
    (DOCKERFILE, "0 /a", [(DOCKERFILE, "base")]),
    ("ctx/reqs/all.txt", "more", [("ctx/reqs/more.txt", "")]),
    ("envs/first.yml", "image", []),
]


@pytest.mark.parametrize(("name", "part", "expected"), DEFINITIONS, ids=[f"{n}: {p}" for n, p, _ in DEFINITIONS])
def test_definition(world: tuple[Wire, Path], name: str, part: str, expected: Found) -> None:
    found = ask(world, "definition", name, part)
    assert [(path, text.strip('"')) for path, text in found] == [(path, text.strip('"')) for path, text in expected]


REFERENCES = [
    (
        "envs/conda.yml",
        "python",
        [("envs/first.yml", "conda.yml"), ("envs/second.yml", "./conda.yml"), ("inline.yml", "envs/conda.yml")],
    ),
    ("envs/first.yml", "churn", [("job.yml", "churn🚗"), ("sweep.yml", "churn🚗")]),
    ("job.yml", "azureml", [("job.yml", "churn🚗"), ("sweep.yml", "churn🚗")]),
    ("ctx/reqs/more.txt", "numpy", [("ctx/reqs/all.txt", "more.txt")]),
    ("ctx/reqs/all.txt", "-r", [(DOCKERFILE, "/app/all.txt")]),
    (DOCKERFILE, "RUN", [("envs/built.yml", "docker/Dockerfile")]),
    (
        "ctx/docker/Dockerfile",
        "base\n",
        [(DOCKERFILE, "0"), (DOCKERFILE, "base"), (DOCKERFILE, "base")],
    ),
    ("envs/first.yml", "image", []),
]


@pytest.mark.parametrize(("name", "part", "expected"), REFERENCES, ids=[f"{n}: {p}" for n, p, _ in REFERENCES])
def test_references(world: tuple[Wire, Path], name: str, part: str, expected: Found) -> None:
    assert sorted(ask(world, "references", name, part, context={"includeDeclaration": False})) == expected


def test_the_declaration_comes_first(world: tuple[Wire, Path]) -> None:
    found = ask(world, "references", "job.yml", "azureml", context={"includeDeclaration": True})
    assert found[0][0] == "envs/second.yml"
    assert len(found) == 3
