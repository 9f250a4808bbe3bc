"""Writes the files that are measured. The same names, sizes and contents on every machine."""

import itertools
import json
from pathlib import Path

_CONDA = ("numpy", "scipy", "pandas", "scikit-learn", "matplotlib", "pytorch", "lightgbm", "xgboost", "numba", "h5py")
_PIP = ("azureml-mlflow", "mlflow", "transformers", "datasets", "accelerate", "tensorboard", "fastapi", "optuna")
_PINS = ("=", "=", "==", ">=")
_HEAD = "name: bench\nchannels:\n  - conda-forge\n  - nodefaults\ndependencies:\n  - python=3.11\n  - pip=24.0\n"

ENVIRONMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: {name}
version: "3"
image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240909.v1
conda_file: conda.yml
description: trains the churn model
"""

_PIP_ITEM = {"type": "string", "pattern": "^[^=]+(==.*)?$"}
_KEYS = ("$schema", "name", "version", "image", "conda_file", "description")

# What a schema can say about the two kinds of file, for tools that check against a schema.
CONDA_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["dependencies"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "channels": {"type": "array", "items": {"type": "string"}},
        "dependencies": {
            "type": "array",
            "items": {
                "anyOf": [
                    {"type": "string", "pattern": r"^[A-Za-z0-9_.:/-]+\s*([=<>!~].*)?$"},
                    {
                        "type": "object",
                        "required": ["pip"],
                        "additionalProperties": False,
                        "properties": {"pip": {"type": "array", "items": _PIP_ITEM}},
                    },
                ]
            },
        },
        "variables": {"type": "object"},
        "prefix": {"type": "string"},
    },
}
ENVIRONMENT_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {key: {"type": "string"} for key in _KEYS},
}


def conda(count: int) -> str:
    """A conda file with that many dependencies, a quarter of them pip's; two in a hundred are wrong somehow."""
    pip_count = count // 4
    lines = [_HEAD]
    names = _numbered(_CONDA)
    for at in range(count - pip_count - 2):
        name = next(names)
        if at % 11 == 6:
            lines.append(f"  # {name}: as in the training image\n")
        version = f"{at % 7}.{at % 29}.{at % 5}"
        # A schema sees the slip by its pattern: `numpy 1.2` is no pin of the usual form.
        lines.append(f"  - {name}{' ' if at % 100 == 20 else _PINS[at % 4]}{version}\n")
    lines.append("  - pip:\n")
    names = _numbered(_PIP)
    for at in range(pip_count):
        sign = "=" if at % 100 == 5 else "=="
        lines.append(f"      - {next(names)}{sign}{at % 4}.{at % 13}.{at % 9}\n")
    return "".join(lines)


def _numbered(names: tuple[str, ...]) -> itertools.chain[str]:
    return itertools.chain(names, (f"{name}-{turn}" for turn in itertools.count(2) for name in names))


def write(folder: Path, folders: int = 1000) -> None:
    """Writes all inputs below `folder`. Each conda file is called conda.yml, as users call it."""
    for count in (30, 300, 3000):
        _put(folder / f"conda-{count}" / "conda.yml", conda(count))
    _put(folder / "env-small" / "environment.yml", ENVIRONMENT.format(name="small") + "descripton: a slip\n")
    _put(folder / "env-small" / "conda.yml", conda(30))
    _put(folder / "schema-conda.json", json.dumps(CONDA_SCHEMA))
    _put(folder / "schema-environment.json", json.dumps(ENVIRONMENT_SCHEMA))
    # A repository of its own: the cache lies in a folder that the checkout's .gitignore leaves out.
    (folder / "workspace" / ".git").mkdir(parents=True, exist_ok=True)
    for at in range(folders):
        _put(folder / "workspace" / f"env{at:04d}" / "environment.yml", ENVIRONMENT.format(name=f"env-{at}"))
        _put(folder / "workspace" / f"env{at:04d}" / "conda.yml", conda(30))


def _put(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
