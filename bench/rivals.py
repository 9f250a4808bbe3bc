"""Installs what envlens is compared with, into the cache folder, at fixed versions."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from .lsp import Server

YAML_LS = "1.25.0"
YAMLLINT = "1.38.0"
CHECK_JSONSCHEMA = "0.39.0"
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
    shipped, patched = _npm(cache / "yaml-ls"), _npm(cache / "yaml-ls-no-wait")
    file = patched / "out/server/src/yamlSettings.js"
    text = file.read_text()
    file.write_text(text.replace(_WAIT, "this.validationDelayMs = 0;"))
    assert _WAIT in (shipped / "out/server/src/yamlSettings.js").read_text(), "the wait is not where it was"
    return [
        Server("yaml-language-server", ["node", str(shipped / "bin/yaml-language-server"), "--stdio"], settings),
        Server("the same, no wait", ["node", str(patched / "bin/yaml-language-server"), "--stdio"], settings),
    ]


def _npm(folder: Path) -> Path:
    package = folder / "node_modules" / "yaml-language-server"
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([*command, f"yaml-language-server@{YAML_LS}"], check=True)
    return package


def linters(cache: Path) -> dict[str, str]:
    """yamllint and check-jsonschema by name → command. Empty where they cannot be installed."""
    folder = cache / "python"
    names = ("yamllint", "check-jsonschema")
    programs = {name: folder / "bin" / name for name in names}
    if not all(program.exists() for program in programs.values()):
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        wanted = [f"yamllint=={YAMLLINT}", f"check-jsonschema=={CHECK_JSONSCHEMA}"]
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, *wanted], check=False, capture_output=True).returncode:
            return {}
    return {name: str(program) for name, program in programs.items()}
