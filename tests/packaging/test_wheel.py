"""The wheel, installed as a user would: what it needs is inside, and it works far from any checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04"
BAD = f"name: AzureML-churn\nimage: {BASE}\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a fresh virtual environment that has the wheel and nothing of ours."""
    folder = tmp_path_factory.mktemp("venv") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode and os.environ.get("CI", "").lower() not in {"1", "true"}:
        pytest.skip(f"NOT TESTED: pip cannot install what the wheel needs: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    return programs


def run(installed: Path, *arguments: str, cwd: Path, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [installed / "envlens", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, input=data, capture_output=True, timeout=60, check=False)


def test_what_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    rules = {path.name for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert {name.rpartition("/")[2] for name in names if name.startswith("envlens/pages/")} >= rules
    for schema in ("environment", "settings"):
        assert f"envlens/schemas/{schema}.schema.json" in names
    assert "envlens/py.typed" in names
    for path in (ROOT / "server" / "envlens" / "data").iterdir():
        assert f"envlens/data/{path.name}" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert all(name.startswith(("envlens/", "envlens-")) for name in names)
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_lint(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(BAD, encoding="utf-8")
    done = run(installed, "lint", "--format", "json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert [each["rule"] for each in findings] == ["reserved-name-prefix", "image-no-tag-or-digest"]
    assert findings[1]["fixes"], "the catalogue of base images is inside"


def test_explain(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "explain", "reserved-name-prefix", cwd=tmp_path)
    assert done.stdout.startswith(b"# reserved-name-prefix\n")


def frame(method: str, params: Any, number: int | None = None) -> bytes:
    message = {"jsonrpc": "2.0", "method": method, "params": params} | ({"id": number} if number else {})
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def receive(process: subprocess.Popen[bytes]) -> Any:
    """The next message, but for those about the workspace, which come when they come."""
    assert process.stdout
    while True:
        length = 0
        while line := process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert length, "the server is gone"
        message = json.loads(process.stdout.read(length))
        if message.get("method") != "envlens/environmentsChanged":
            return message


def test_server(installed: Path, tmp_path: Path) -> None:
    uri = (tmp_path / "environment.yml").as_uri()
    folders = [{"uri": tmp_path.as_uri(), "name": "project"}]
    hello = {"processId": None, "rootUri": None, "capabilities": {}, "workspaceFolders": folders}
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": BAD}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    with subprocess.Popen(
        [installed / "envlens", "server"], cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        try:
            process.stdin.write(frame("initialize", hello, 1) + frame("initialized", {}))
            process.stdin.write(frame("textDocument/didOpen", {"textDocument": document}))
            process.stdin.flush()
            assert receive(process)["result"]["serverInfo"]["name"] == "envlens"
            published = receive(process)["params"]
            assert published["uri"] == uri
            assert [each["code"] for each in published["diagnostics"]] == [
                "reserved-name-prefix",
                "image-no-tag-or-digest",
            ]
            page = published["diagnostics"][0]["codeDescription"]["href"]
            assert Path(page.removeprefix("file://")).is_relative_to(installed.parent), "the page is the installed one"
            assert Path(page.removeprefix("file://")).exists()
            process.stdin.write(frame("shutdown", None, 2))
            process.stdin.flush()
            assert receive(process)["id"] == 2
            process.stdin.write(frame("exit", None))
            process.stdin.flush()
            assert process.wait(20) == 0
        finally:
            process.kill()
