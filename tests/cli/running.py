"""What the tests of the command line share: files to check, and the real command."""

import subprocess
import sys
from pathlib import Path
from typing import Any

BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04"
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
BAD = f"{SCHEMA}name: churn 🚗\nimage: {BASE}\ndescripton: x\nos_type: mac\nconda_file: conda.yml\n"
GOOD = f"{SCHEMA}name: churn\nimage: {BASE}:20251130.v1\n"
CONDA = "channels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy\n  - scipy\n  - numpy\n"
ENVLENS = [sys.executable, "-m", "envlens"]


def run(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*ENVLENS, *arguments], cwd=folder, capture_output=True, timeout=60, check=False, **options)


def lines(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    return done.stdout.decode().splitlines()


def place(folder: Path, **files: str) -> Path:
    """Files in a folder; a name's double underscore is a slash, a single one a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
