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

BUILT = """\
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: {name}
version: "3"
build:
  path: docker
description: trains the churn model
"""

# One in 24 lines of a Dockerfile is wrong in two ways: a keyword in small letters is what a language server for
# Dockerfiles warns of, what is installed is what envlens looks at. So both find as much.
_SLIPS = (
    "run pip install --no-cache-dir torchmetrics",
    "run conda install -y lightgbm",
    "run python -m pip install 'fastapi=0.110.0'",
    "run pip install accelerate optuna==3.6.1",
)
_DOCKER_HEAD = """\
FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240909.v1 AS build
ARG PYTHON_VERSION=3.11
ENV AZUREML_CONDA_ENVIRONMENT_PATH=/azureml-envs/train
"""
_APT = """\
RUN apt-get update && \\
    apt-get install -y --no-install-recommends lib{name}-dev=1.{number} && \\
    rm -rf /var/lib/apt/lists/*
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


def dockerfile(count: int) -> str:
    """A Dockerfile of that many lines."""
    lines = _DOCKER_HEAD.splitlines()
    names = _numbered(_PIP)
    at = 0
    while len(lines) < count - 1:
        at += 1
        left = 24 - len(lines) % 24
        if left == 24:
            lines.append(_SLIPS[at % len(_SLIPS)])
            continue
        match at % 6:
            case 0 if min(left, count - len(lines)) > 4:
                lines += _APT.format(name=next(names), number=at).splitlines()
            case 1:
                lines.append(f"# step {at}: what the job needs")
            case 2:
                lines.append(f"ENV STEP_{at}=value{at}")
            case 3:
                lines.append(f"COPY src/part{at % 20:02d} /opt/part{at}/")
            case 4:
                lines.append(f'LABEL org.example.part{at}="{at % 7}.{at % 29}"')
            case _:
                lines.append(f"RUN pip install --no-cache-dir {next(names)}=={at % 4}.{at % 13}.{at % 9}")
    lines.append('CMD ["python", "train.py"]')
    return "\n".join(lines) + "\n"


def inline(count: int) -> str:
    """An environment with its conda specification inside, of that many lines in all."""
    head = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\nname: inline\nversion: 1\n"
    image = "image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240909.v1\nconda_file:\n"
    lines = (head + image).splitlines()
    lines += [f"  {line}" for line in conda(count).splitlines()[: count - len(lines)]]
    return "\n".join(lines) + "\n"


def job(count: int) -> str:
    """A pipeline of that many lines: steps that name an environment, or hold one."""
    lines = [
        "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json",
        "type: pipeline",
        "jobs:",
    ]
    at = 0
    while len(lines) < count - 8:
        at += 1
        lines += [f"  step_{at}:", f"    command: python step.py --seed={at}", "    compute: azureml:cluster"]
        if at % 4:
            lines.append(f"    environment: azureml:train-{at % 9}@latest")
        else:
            image = f"image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:2024{at % 9 + 1:02d}09.v1"
            spec = [f"        dependencies: [python=3.11, pip=24.0, numpy=1.{at % 9}.0]"]
            lines += ["    environment:", f"      {image}", "      conda_file:", *spec]
    return "\n".join(lines) + "\n"


def built(folder: Path, lines: int, name: str) -> None:
    """A repository with an environment that is built from a Dockerfile of that many lines, and what this copies."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    _put(folder / "environment.yml", BUILT.format(name=name))
    _put(folder / "docker" / "Dockerfile", dockerfile(lines))
    for at in range(20):
        _put(folder / "docker" / "src" / f"part{at:02d}" / "main.py", "print(1)\n")


_SMALL_DOCKERFILE = """\
FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240909.v1
WORKDIR /opt/train
ENV AZUREML_CONDA_ENVIRONMENT_PATH=/azureml-envs/train \\
    PIP_NO_CACHE_DIR=1
RUN apt-get update && \\
    apt-get install -y --no-install-recommends libgomp1=12.3.{at} && \\
    apt-get clean && \\
    rm -rf /var/lib/apt/lists/*
COPY conda.yml .
RUN conda env create -p $AZUREML_CONDA_ENVIRONMENT_PATH -f conda.yml -q && \\
    conda clean -afy
ENV PATH=$AZUREML_CONDA_ENVIRONMENT_PATH/bin:$PATH
COPY requirements.txt requirements.txt
RUN pip install -r requirements.txt
LABEL org.example.team="t{at}"
RUN pip install 'inference-schema=={at}.1'{slip}
EXPOSE 5001
CMD ["runsvdir", "/var/runit"]
"""


def _whole(folder: Path, at: int) -> None:
    """A folder of all four kinds of file, each used: environment → Dockerfile → conda and requirements files."""
    _put(folder / "environment.yml", BUILT.format(name=f"env-{at}"))
    slip = " shap" if at % 10 == 0 else ""
    _put(folder / "docker" / "Dockerfile", _SMALL_DOCKERFILE.format(at=at, slip=slip))
    # Each differs from the next: what is said of one entry is not said of all.
    _put(folder / "docker" / "conda.yml", conda(30).replace("numpy", f"numpy-{at}"))
    names = itertools.islice(_numbered(_PIP), 10)
    lines = [f"{name}=={at % 9}.{number}.{at % 5}\n" for number, name in enumerate(names)]
    _put(folder / "docker" / "requirements.txt", "".join(lines))


def write(folder: Path, folders: int = 1000) -> None:
    """Writes all inputs below `folder`. Each conda file is called conda.yml, as users call it."""
    for count in (30, 300, 3000):
        _put(folder / f"conda-{count}" / "conda.yml", conda(count))
    _put(folder / "env-small" / "environment.yml", ENVIRONMENT.format(name="small") + "descripton: a slip\n")
    _put(folder / "env-small" / "conda.yml", conda(30))
    _put(folder / "schema-conda.json", json.dumps(CONDA_SCHEMA))
    _put(folder / "schema-environment.json", json.dumps(ENVIRONMENT_SCHEMA))
    for count in (200, 500, 2000):
        built(folder / f"docker-{count}", count, f"built-{count}")
    _put(folder / "inline-500" / "environment.yml", inline(500))
    _put(folder / "job-500" / "job.yml", job(500))
    (folder / "folders" / ".git").mkdir(parents=True, exist_ok=True)
    for at in range(folders):
        _whole(folder / "folders" / f"env{at:04d}", at)
    # A repository of its own: the cache lies in a folder that the checkout's .gitignore leaves out.
    (folder / "workspace" / ".git").mkdir(parents=True, exist_ok=True)
    for at in range(folders):
        _put(folder / "workspace" / f"env{at:04d}" / "environment.yml", ENVIRONMENT.format(name=f"env-{at}"))
        _put(folder / "workspace" / f"env{at:04d}" / "conda.yml", conda(30))


def _put(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
