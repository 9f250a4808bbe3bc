"""What a console fixture cannot show: the JSON shape, what is imported, and that files are written whole or not."""

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from .running import BAD, BASE, ENVLENS, GOOD, run

# JSON

PLACE = {
    "type": "object",
    "required": ["line", "column"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
TEXT = {"type": "string", "minLength": 1}
EDIT = {"path": TEXT, "start": PLACE, "end": PLACE, "text": {"type": "string"}}
RELATED = {"path": TEXT, "start": PLACE, "end": PLACE, "message": TEXT}


def exactly(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


FIX = {"title": TEXT, "safe": {"type": "boolean"}, "edits": list_of(exactly(EDIT)) | {"minItems": 1}}
FINDING = {
    "path": TEXT,
    "rule": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "severity": {"enum": ["error", "warning", "info"]},
    "message": TEXT,
    "start": PLACE,
    "end": PLACE,
    "help": TEXT,
    "fixes": list_of(exactly(FIX)),
    "related": list_of(exactly(RELATED)),
}
REPORT = exactly(
    {
        "version": TEXT,
        "files_checked": {"type": "integer", "minimum": 0},
        "findings": list_of(exactly(FINDING)),
        "not_run": list_of(exactly({"rule": TEXT, "reason": TEXT})),
    }
)


def test_json_has_the_shape_that_is_promised(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "environment.yml").write_text(BAD, encoding="utf-8")
    (tmp_path / "deep" / "conda.yml").write_text("- a list\n", encoding="utf-8")
    (tmp_path / "broken.yml").write_text(GOOD + "tags: {a", encoding="utf-8")
    (tmp_path / "latin.yml").write_bytes(GOOD.encode() + b"description: \xff\n")
    done = run(tmp_path, "lint", "--format", "json", ".")
    report = json.loads(done.stdout)
    jsonschema.validate(report, REPORT)
    assert done.returncode == 1
    assert report["files_checked"] == 4
    assert {each["path"] for each in report["findings"]} >= {"deep/environment.yml", "broken.yml", "latin.yml"}
    assert any(each["related"] for each in report["findings"])
    assert all(each["help"] == each["rule"] for each in report["findings"])
    assert report["version"] in run(tmp_path, "--version").stdout.decode()


def test_json_columns_count_code_points(tmp_path: Path) -> None:
    text = f'{{"$schema": "x/environment.schema.json", name: "🚗é", image: "{BASE}:1", os_type: "mac"}}\n'
    (tmp_path / "environment.yml").write_text(text, encoding="utf-8")
    (found,) = [
        each
        for each in json.loads(run(tmp_path, "lint", "--format", "json").stdout)["findings"]
        if each["rule"] == "os-type-invalid"
    ]
    start, end = found["start"]["column"] - 1, found["end"]["column"] - 1
    assert text[start:end].strip('"') == "mac"


# Diff and fix


@pytest.mark.skipif(not shutil.which("patch"), reason="needs patch")
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["with a last line end", "without"])
def test_the_diff_is_what_fix_does(end: str, last: bool, tmp_path: Path) -> None:
    text = BAD if last else BAD.rstrip()
    for name in ("diffed", "fixed"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "environment.yml").write_bytes(text.replace("\n", end).encode())
    diff = run(tmp_path / "diffed", "lint", "--diff", "--unsafe-fixes")
    assert diff.returncode == 1
    patch = ["patch", "-p0", "--binary"]
    subprocess.run(patch, cwd=tmp_path / "diffed", input=diff.stdout, check=True, capture_output=True)
    run(tmp_path / "fixed", "lint", "--fix", "--unsafe-fixes")
    results = [(tmp_path / name / "sub" / "environment.yml").read_bytes() for name in ("diffed", "fixed")]
    assert results[0] == results[1]
    assert b"description: x" in results[0]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_fix_changes_nothing_else(mark: bytes, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    old = mark + BAD.encode().replace(b"\n", end)
    path.write_bytes(old)
    path.chmod(0o640)
    run(tmp_path, "lint", "--fix")
    assert path.read_bytes() == old.replace(b"descripton", b"description")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["environment.yml"], "nothing is left over"


def test_fix_keeps_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yml").write_text(BAD, encoding="utf-8")
    (tmp_path / "environment.yml").symlink_to("real.yml")
    run(tmp_path, "lint", "--fix", "environment.yml")
    assert (tmp_path / "environment.yml").is_symlink()
    assert "description" in (tmp_path / "real.yml").read_text(encoding="utf-8")


def test_fix_does_not_write_outside(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "envlens.toml").touch()
    (tmp_path / "outside.yml").write_text(BAD, encoding="utf-8")
    (tmp_path / "project" / "environment.yml").symlink_to("../outside.yml")
    run(tmp_path / "project", "lint", "--fix", "environment.yml")
    assert (tmp_path / "outside.yml").read_text(encoding="utf-8") == BAD


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_fix_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    filler = "".join(f"# line {number} of a file that takes a while to write\n" for number in range(20_000))
    old, new = BAD + filler, BAD.replace("descripton", "description") + filler
    path.write_text(old, encoding="utf-8")
    begin = time.monotonic()
    run(tmp_path, "lint", "--fix", "--quiet")
    whole = time.monotonic() - begin
    assert path.read_text(encoding="utf-8") == new
    rng = random.Random("envlens")
    left: list[bool] = []
    for _ in range(30):
        path.write_text(old, encoding="utf-8")
        with subprocess.Popen(
            [*ENVLENS, "lint", "--fix", "--quiet"], cwd=tmp_path, stdout=subprocess.DEVNULL
        ) as process:
            time.sleep(whole * rng.uniform(0.4, 1.0))
            process.send_signal(signal.SIGKILL)
        text = path.read_text(encoding="utf-8")
        assert text in {old, new}, "the file is neither the old nor the new one"
        left.append(text == new)
    assert not all(left), "every run was over before it was killed: the test proves nothing"


# What a run costs


def imported(folder: Path, *arguments: str) -> set[str]:
    """The top-level modules that a run imports."""
    command = [sys.executable, "-X", "importtime", "-m", "envlens", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


HEAVY = {"pygls", "lsprotocol", "docker", "azure", "asyncio", "cattrs", "jsonschema", "importlib_resources", "requests"}


def test_a_clean_run_imports_little(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "conda.yml").write_text("channels: [a]\ndependencies: [python=3.12, pip=24]\n", encoding="utf-8")
    assert imported(tmp_path, "lint", "--as-of", "2026-11-21") & HEAVY == set()


def test_a_run_with_findings_imports_no_server(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(BAD, encoding="utf-8")
    modules = imported(tmp_path, "lint")
    assert modules & (HEAVY - {"jsonschema"}) == set()


@pytest.mark.parametrize("command", [["--version"], ["rules"], ["explain", "wrong-type"]], ids=lambda each: each[0])
def test_other_commands_import_little(command: list[str], tmp_path: Path) -> None:
    assert imported(tmp_path, *command) & HEAVY == set()


# A terminal


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_colour", [False, True], ids=["colours", "NO_COLOR"])
def test_colours_on_a_terminal(no_colour: bool, tmp_path: Path) -> None:
    import pty

    (tmp_path / "environment.yml").write_text(BAD, encoding="utf-8")
    master, slave = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    if no_colour:
        environment["NO_COLOR"] = "1"
    command = [*ENVLENS, "lint", "--select", "os-type-invalid"]
    subprocess.run(command, cwd=tmp_path, stdout=slave, env=environment, timeout=60, check=False)
    os.close(slave)
    output = os.read(master, 1 << 16)
    os.close(master)
    assert b"os-type-invalid" in output
    assert (b"\x1b[" in output) is not no_colour
