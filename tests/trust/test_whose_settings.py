"""Folders that want to choose what only the user may: neither the command line nor the server does what they say."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envlens.core.settings import SETTINGS
from lsp.wire import Wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names of POSIX")

ROOT = Path(__file__).parents[2]
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
SAYS = "setting 'workspace' is the user's own: a project file cannot set it"
WAYS: dict[str, Callable[[str], dict[str, str]]] = {
    "a file of ours": lambda place: {"envlens.toml": f"workspace = '{place}'\n"},
    "a table of pyproject.toml": lambda place: {"pyproject.toml": f"[tool.envlens]\nworkspace = '{place}'\n"},
    "dotted keys": lambda place: {"pyproject.toml": f"tool.envlens.workspace = '{place}'\n"},
    "a quoted key": lambda place: {"envlens.toml": f'"work\\u0073pace" = "{place}"\n'},
    "a table in its place": lambda place: {"envlens.toml": f"[workspace]\nworkspace = '{place}'\n"},
    "further down": lambda place: {"envlens.toml": "", "sub/envlens.toml": f"workspace = '{place}'\n"},
}


@pytest.fixture(params=WAYS)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """The folder, and the place that it wants: a file outside that must stay as it is."""
    folder, place = tmp_path / "project", tmp_path / "outside" / "theirs.db"
    place.parent.mkdir()
    place.write_bytes(b"theirs")
    files = {".git/HEAD": "", **WAYS[request.param](str(place))}
    for name in (*files, "sub/environment.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(files.get(name, f"{SCHEMA}name: demo\nimage: debian:12\nos_type: mac\n"))
    return folder, place


def envlens(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "envlens", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_lint_refuses(hostile: tuple[Path, Path]) -> None:
    folder, place = hostile
    done = envlens(folder, "lint", "--format", "json")
    assert done.returncode == 2
    assert [(each["rule"], SAYS in each["message"]) for each in json.loads(done.stdout)["findings"]] == [
        ("settings-invalid", True)
    ]
    check(place)


def test_no_command_shows_or_takes_the_place(hostile: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, place = hostile
    monkeypatch.delenv("ENVLENS_WORKSPACE")
    named = next(each for each in sorted(folder.rglob("*.toml"), reverse=True) if each.read_text())
    for words in (["sub"], ["sub", "--config", str(named)]):
        done = envlens(folder, "lint", "--show-settings", *words)
        assert done.returncode == 2
        assert SAYS in done.stdout
        assert "\nworkspace: " not in done.stdout
    check(place)


def test_the_server_refuses(hostile: tuple[Path, Path]) -> None:
    folder, place = hostile
    with Wire(folder, settings={"workspace": str(folder.parent / "ours.db")}) as wire:
        uri = wire.open(folder / "sub" / "environment.yml")
        assert "os-type-invalid" in wire.rules(uri)
        found = [
            params["uri"]
            for method, params in wire.notifications
            if method == "textDocument/publishDiagnostics"
            and any(SAYS in each["message"] for each in params["diagnostics"])
        ]
        assert len(found) == 1
        assert found[0].endswith(".toml")
        assert wire.stop() == 0
    check(place)


def check(place: Path) -> None:
    assert place.read_bytes() == b"theirs"
    assert os.listdir(place.parent) == [place.name]


def test_a_setting_of_vscode_is_one_too() -> None:
    """Workspace settings come with a folder: VS Code ignores those of the scope `machine`, ours are of that scope."""
    manifest = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text(encoding="utf-8"))
    properties = manifest["contributes"]["configuration"]["properties"]
    names = {name for name, each in SETTINGS.items() if each.is_user_only}
    assert {name for name in names if properties[f"envlens.{name}"]["scope"] == "machine"} == names
    client = (ROOT / "editors" / "vscode" / "src" / "settings.ts").read_text(encoding="utf-8")
    assert f"USER_ONLY: readonly string[] = {json.dumps(sorted(names))}".replace('"', "'") in client
