"""Times runs over 1,000 folders that hold an environment, its Dockerfile, its conda file and its requirements each."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import cli, rivals

LIMIT = 600.0
FIRST, FILLING, AGAIN = "envlens lint --no-cache", "envlens lint, the first time", "envlens lint, once more"
READING = "reading the same files"
AZURE, HADOLINT = "azure-ai-ml load_environment", "hadolint, one call for all"
HADOLINT_EACH = "hadolint, a call for each"

_READ = """\
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            file.read()
"""
_LOAD = """\
import pathlib, sys
from azure.ai.ml import load_environment
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/environment.yml")):
    load_environment(source=path)
"""
_EACH = """\
import subprocess, sys
for path in sys.argv[2:]:
    subprocess.run([sys.argv[1], "--no-fail", path], stdout=subprocess.DEVNULL, check=True)
"""


def compare(envlens: str, cache: Path, folder: Path, rounds: int) -> list[cli.Row]:
    """All in turns, `rounds` times; hadolint, which takes longest, once."""

    def forget() -> None:
        shutil.rmtree(os.environ["ENVLENS_CACHE_DIR"], ignore_errors=True)

    commands: dict[str, Sequence[str]] = {
        FIRST: [envlens, "lint", "--no-cache", str(folder)],
        FILLING: [envlens, "lint", str(folder)],
        AGAIN: [envlens, "lint", str(folder)],
        READING: [sys.executable, "-c", _READ, str(folder)],
    }
    azure = rivals.azure(cache)
    if azure is not None:
        commands[AZURE] = [azure, "-c", _LOAD, str(folder)]
    rows = cli.compare(commands, rounds, LIMIT, before={FILLING: forget})
    hadolint = rivals.hadolint(cache)
    if hadolint is not None:
        files = [str(each) for each in sorted(folder.glob("*/docker/Dockerfile"))]
        slow: Mapping[str, Sequence[str]] = {
            HADOLINT: [hadolint, "--no-fail", *files],
            HADOLINT_EACH: [sys.executable, "-c", _EACH, hadolint, *files],
        }
        rows += cli.compare(slow, 1, LIMIT, warm=False)
    assert {each.code for row in rows[3:] for each in row.runs} == {0}, "a command failed"
    return rows
