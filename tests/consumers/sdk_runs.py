"""The real azure-ai-ml: pages loaded with it and sent to a workspace on loopback, all in one process."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from editors.toolbox import UnavailableError
from sdk.real_sdk import RELEASE, interpreter

from . import pages
from .loopback import Certificate
from .pages import Outcome

VERSION = f"azure-ai-ml {RELEASE}"
DRIVER = Path(__file__).with_name("sdk_driver.py")
TIMEOUT = 300.0
STAGES = {"load": "when loaded", "send": "when sent"}


class Sent(NamedTuple):
    """What the client made of a page, and the folder in which the workspace keeps what it uploaded."""

    outcome: Outcome
    store: Path


def run_all(rules: Sequence[str], held: Certificate, folder: Path) -> dict[tuple[str, str], Sent]:
    """What the client makes of Bad and Good of each page."""
    keys = [(rule, section) for rule in rules for section in ("Bad", "Good")]
    places = [pages.lay_out(*key, folder / "sent") for key in keys]
    stores = [folder / "stored" / rule / section.lower() for rule, section in keys]
    asked = [
        [str(place), pages.main_file(*key), str(store)] for key, place, store in zip(keys, places, stores, strict=True)
    ]
    said = _drive({"key": str(held.key), "certificate": str(held.certificate), "folders": asked})
    found = {}
    for key, place, store, answer in zip(keys, places, stores, said, strict=True):
        store.mkdir(parents=True, exist_ok=True)
        stage, words = answer or ["", ""]
        outcome = Outcome(answer is not None, pages.cleaned(words, place.resolve()), STAGES.get(stage, ""))
        found[key] = Sent(outcome, store)
    return found


def _drive(asked: dict[str, object]) -> list[list[str] | None]:
    # A proxy of this machine is not to be asked for what is on loopback.
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    environment |= {"REQUESTS_CA_BUNDLE": str(asked["certificate"]), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        [interpreter(), DRIVER],
        input=json.dumps(asked),
        env=environment,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        text=True,
        encoding="utf-8",
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("ANSWERS ")]
    if done.returncode or len(said) != 1:
        raise UnavailableError(f"the SDK does not run: {done.stderr[-2000:]}")
    answers: list[list[str] | None] = json.loads(said[0].removeprefix("ANSWERS "))
    return answers
