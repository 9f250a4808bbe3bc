"""The real azure-ai-ml, in an environment of its own, asked for the version of an environment used inline.

It is installed once into the tests' cache folder. It reads files only: nothing is sent anywhere.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from editors.toolbox import UnavailableError, install_once, run

RELEASE = "1.35.2"
# The last marshmallow that this release is known to work with, and the PyYAML whose text is hashed.
PACKAGES = (f"azure-ai-ml=={RELEASE}", "marshmallow==3.26.2", "PyYAML==6.0.3")
ANSWER_TIMEOUT = 300.0

_ASK = """
import json, logging, sys, warnings
from pathlib import Path
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
import yaml
from azure.ai.ml.entities import Job

def ask(folder):
    definition = yaml.safe_load((Path(folder) / "env.yml").read_text(encoding="utf-8-sig"))
    job = {"type": "command", "command": "ls", "compute": "azureml:c", "environment": definition}
    # What `load_job` does with a file that it has read.
    environment = Job._load(data=job, yaml_path=Path(folder) / "job.yml").environment
    routes = environment.inference_config
    return {
        "name": environment.name,
        "version": environment.version,
        "tree_hash": environment._upload_hash,
        "conda_text": environment._translated_conda_file,
        "inference_text": yaml.dump(routes, sort_keys=True) if routes else None,
    }

answers = []
for folder in json.load(sys.stdin):
    try:
        answers.append(ask(folder))
    except Exception as error:
        answers.append({"refusal": f"{type(error).__name__}: {error}"})
print("ANSWERS", json.dumps(answers))
"""


class Answer(NamedTuple):
    """What the SDK makes of a definition. `tree_hash` is its digest of a build context; `refusal` is all if refused."""

    name: str | None = None
    version: str | None = None
    tree_hash: str | None = None
    conda_text: str | None = None
    inference_text: str | None = None
    refusal: str | None = None


def interpreter() -> Path:
    """The Python that has the SDK. Raises UnavailableError with the reason where it cannot be had."""

    def install(folder: Path) -> None:
        venv.create(folder, with_pip=True)
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES])

    version = f"{' '.join(PACKAGES)} for Python {sys.version_info.major}.{sys.version_info.minor}"
    return install_once(f"azure-ai-ml-{RELEASE}", version, install) / "bin" / "python"


def ask(python: Path, folders: Sequence[Path]) -> list[Answer]:
    """The answers for folders that each hold an `env.yml`, and what it draws on, in one run of the SDK."""
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        [python, "-c", _ASK],
        input=json.dumps([str(folder) for folder in folders]),
        env=environment,
        capture_output=True,
        timeout=ANSWER_TIMEOUT,
        check=False,
        text=True,
        encoding="utf-8",
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("ANSWERS ")]
    if done.returncode or len(said) != 1:
        raise UnavailableError(f"the SDK does not run: {done.stderr[-2000:]}")
    return [Answer(**each) for each in json.loads(said[0].removeprefix("ANSWERS "))]
