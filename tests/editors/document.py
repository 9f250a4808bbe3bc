"""The environment file that the tests open, and the server that checks it."""

from __future__ import annotations

import importlib.util
import os
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


def server_command() -> list[str]:
    return [sys.executable, "-m", "envlens", "server"]


def server_env() -> dict[str, str]:
    """The environment in which ``python -m envlens`` finds the package under test, installed or not."""
    spec = importlib.util.find_spec("envlens")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package envlens cannot be imported")
    paths = [str(Path(spec.origin).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def write_workspace(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    file.write_text(TEXT, encoding="utf-8")
    return file


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
