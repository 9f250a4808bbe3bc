"""The environment file that the tests open, and the server that checks it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from git_maker import commit, new

NAME = "environment.yml"
TEXT = """\
name: AzureML-demo
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04
os_type: macos
conda_file:
  channels:
    - conda-forge
  dependencies:
    - python=3.9
    - numpy
    - pip=24.3.1
    - pip:
        - pandas=2.2.3
"""
BAD_NAME = "AzureML-demo"
NAME_RULE = "reserved-name-prefix"
OTHER_RULES = ("image-no-tag-or-digest", "os-type-invalid", "unpinned-dependency", "pip-invalid-operator")


COMMITTED = """\
name: churn
version: "4"
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
conda_file:
  channels:
    - conda-forge
  dependencies:
    - python=3.12
    - numpy=2.1.3
    - pandas=2.1.4
    - pip=24.3.1
    - pip:
        - mlflow==2.19.0
"""
MOVED = "    - numpy=2.1.3\n"
EDITED = COMMITTED.replace('"4"', '"5"').replace("=2.1.4", "=2.2.3").replace(MOVED, "")
EDITED = EDITED.replace("    - pip:\n", f"{MOVED}    - pip:\n")
LENS = "another image: pandas 2.1.4 → 2.2.3, numpy moved"

PROJECT = "churn-model"
CONDA = """\
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pandas=2.1.4
  - scikit-learn=1.5.2
  - pip=24.3.1
  - pip:
      - mlflow==2.19.0
"""
PIPELINE = """\
type: pipeline
jobs:
  train:
    type: command
    command: python train.py
    environment: azureml:chrun:3
  score:
    type: command
    command: python score.py
    environment: azureml:old:1
  report:
    type: command
    command: python report.py
    environment:"""


def server_command() -> list[str]:
    return [sys.executable, "-m", "envlens", "server"]


def server_env() -> dict[str, str]:
    """The environment in which ``python -m envlens`` finds the package under test, installed or not.

    Registered versions name who made them: nobody's real name is in a test or a picture.
    """
    spec = importlib.util.find_spec("envlens")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package envlens cannot be imported")
    paths = [str(Path(spec.origin).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "LOGNAME": "ada"}


def write_workspace(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    file.write_text(TEXT, encoding="utf-8")
    return file


def write_project(folder: Path) -> Path:
    """A definition with its conda file, none of it registered, and a pipeline that refers to environments."""
    folder.mkdir(parents=True)
    image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
    (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    (folder / "pipeline.yml").write_text(PIPELINE, encoding="utf-8")
    file = folder / NAME
    file.write_text(f"name: churn\nimage: {image}\nconda_file: conda.yml\n", encoding="utf-8")
    return file


def write_colleague(folder: Path) -> Path:
    """The same definition in another checkout, where something else was changed."""
    file = write_project(folder)
    (folder / "conda.yml").write_text(CONDA.replace("=2.19.0", "=2.20.1"), encoding="utf-8")
    (folder / "old.yml").write_text("name: old\nimage: ubuntu:24.04\n", encoding="utf-8")
    return file


def envlens(*arguments: str | Path, user: str = "grace") -> None:
    """Another process that works with the workspace."""
    command: list[str | Path] = [sys.executable, "-m", "envlens", *arguments]
    subprocess.run(command, env={**os.environ, **server_env(), "LOGNAME": user}, check=True, timeout=60)


def write_repository(folder: Path) -> Path:
    """A definition that was edited since the last commit."""
    commit(new(folder), {NAME: COMMITTED})
    file = folder / NAME
    file.write_text(EDITED, encoding="utf-8")
    return file


def write_context(folder: Path) -> Path:
    """A definition with a build context; the path of its Dockerfile. Two errors: one in it, one in what it installs."""
    (folder / "context").mkdir(parents=True)
    image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
    (folder / NAME).write_text("name: demo\nbuild:\n  path: context\n", encoding="utf-8")
    (folder / "context" / "requirements.txt").write_text("numpy=1.26.4\n", encoding="utf-8")
    file = folder / "context" / "Dockerfile"
    steps = ["COPY requirements.txt .", "RUN pip install -r requirements.txt", "RUN pip install pandas=2.2.3"]
    file.write_text("\n".join([f"FROM {image}", *steps, ""]), encoding="utf-8")
    return file
