"""Who may import whom: the contracts hold, and each one fails when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    each["name"]
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
]
# For each contract a module and an import that it must not have.
OFFENCES = {
    "adapters over core": ("host/disk.py", "from envlens.lsp import convert"),
    "inside the core": ("core/text/span.py", "from envlens.core.features import pages"),
    "the core is pure": ("core/features/links.py", "import subprocess"),
    "only the composition root knows adapters": ("host/scan.py", "from envlens.workspaces import sqlite"),
    "only the server speaks LSP": ("host/scope.py", "import lsprotocol.types"),
    "rules do not know each other": (
        "core/rules/image_latest_tag.py",
        "from envlens.core.rules import wrong_type",
    ),
}


def lint(package: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).with_name("lint-imports")
    if not script.exists():
        pytest.fail("import-linter is not installed: it is in the dev dependency group")
    environment = {
        **os.environ,
        "PYTHONPATH": str(package / "server"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "200",
    }
    return subprocess.run(
        [script, "--no-cache"],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def copy(to: Path) -> Path:
    shutil.copytree(ROOT / "server", to / "server", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def test_contracts_hold(tmp_path: Path) -> None:
    done = lint(copy(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_its_offence() -> None:
    assert set(OFFENCES) == set(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_broken_contract_fails(contract: str, tmp_path: Path) -> None:
    module, offence = OFFENCES[contract]
    path = copy(tmp_path) / "server" / "envlens" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{offence}\n", encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())


def test_a_new_layer_of_the_core_must_be_placed(tmp_path: Path) -> None:
    new = copy(tmp_path) / "server" / "envlens" / "core" / "somewhere"
    new.mkdir()
    (new / "__init__.py").write_text('"""A layer that no contract names."""\n')
    assert lint(tmp_path).returncode == 1
