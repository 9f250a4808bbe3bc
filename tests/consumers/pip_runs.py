"""The pip of these tests, asked to install what a page lists. What conda gives pip is given to pip as conda does."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pip

from . import pages, stub_wheel
from .loopback import Certificate, index
from .pages import Outcome

VERSION = f"pip {pip.__version__}"
TIMEOUT = 120.0
Key = tuple[str, str]


def run_all(rules: Sequence[str], held: Certificate, folder: Path) -> dict[Key, Outcome]:
    """What pip makes of Bad and Good of each page."""
    named = {each for rule in rules for each in pages.packages(rule)} | stub_wheel.BROUGHT
    wheels = dict(stub_wheel.make(*each) for each in named)
    keys = [(rule, section) for rule in rules for section in ("Bad", "Good")]
    with index(held, wheels) as proxy, ThreadPoolExecutor(2) as pool:
        outcomes = pool.map(lambda key: _install(*key, proxy, held, folder), keys)
        return dict(zip(keys, outcomes, strict=True))


def _install(rule: str, section: str, proxy: str, held: Certificate, folder: Path) -> Outcome:
    place = pages.lay_out(rule, section, folder)
    listed = requirements(rule, section)
    if "environment.yml" in pages.files(rule, section):
        # The service gets the text of the conda file, and nothing that lies beside it.
        place = folder / rule / f"{section.lower()}-of-the-service"
        place.mkdir()
    (place / "requirements.txt").write_text(listed, encoding="utf-8")
    network = ["--proxy", proxy, "--cert", str(held.certificate), "--index-url", "https://index.example.com/simple"]
    options = ["--dry-run", "--ignore-installed", "--no-cache-dir", "--disable-pip-version-check", "--retries", "0"]
    if version := python(rule, section):
        options += ["--python-version", version, "--only-binary=:all:", "--target", "none"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, *network, "-r", "requirements.txt"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        env={**_environment(), "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        text=True,
    )
    return Outcome(done.returncode != 0, pages.cleaned(done.stderr + done.stdout, place.resolve()))


def _environment() -> dict[str, str]:
    """Nothing of this machine's settings for pip, for proxies or of whom to trust."""
    told = {name for name in os.environ if name.upper().startswith("PIP_") or name.upper().endswith("_PROXY")}
    told |= {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}
    return {name: value for name, value in os.environ.items() if name not in told}


def requirements(rule: str, section: str) -> str:
    """The requirements file of a page, or the one that conda writes of the conda file's `pip:` list."""
    found = pages.files(rule, section)
    if "requirements.txt" in found:
        return found["requirements.txt"].decode()
    (listed,) = [each["pip"] for each in _conda(rule, section)["dependencies"] if isinstance(each, dict)]
    return "".join(f"{each}\n" for each in listed)


def python(rule: str, section: str) -> str:
    """The Python of a page's conda file, for which pip then looks; empty where it names none."""
    if "requirements.txt" in pages.files(rule, section):
        return ""
    listed = [each for each in _conda(rule, section)["dependencies"] if isinstance(each, str)]
    return next((each.removeprefix("python=") for each in listed if each.startswith("python=")), "")


def _conda(rule: str, section: str) -> Mapping[str, Any]:
    conda: Mapping[str, Any] = (
        pages.parsed(rule, section, "conda.yml")
        if "conda.yml" in pages.files(rule, section)
        else pages.parsed(rule, section, "environment.yml")["conda_file"]
    )
    return conda
