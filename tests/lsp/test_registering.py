"""Registering from an editor: lines, menus, pages, what others register, and what is refused."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .wire import BASE, CONDA, Message, Wire

ENVIRONMENT = f"name: churn\nimage: {BASE}\nconda_file: conda.yml\n"
CAPABILITIES: Message = {
    "workspace": {"codeLens": {"refreshSupport": True}},
    "textDocument": {"codeLens": {"resolveSupport": {"properties": ["command"]}}},
    "window": {"showDocument": {"support": True}},
}
HEAD = {"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 2}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENVLENS_WORKSPACE", str(tmp_path / "own" / "workspace.db"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "environment.yml").write_text(ENVIRONMENT, encoding="utf-8")
    (project / "conda.yml").write_text(CONDA, encoding="utf-8")
    return project


@pytest.fixture
def wire(folder: Path) -> Iterator[Wire]:
    with Wire(folder, capabilities=CAPABILITIES) as made:
        known(made)
        yield made


def known(wire: Wire) -> None:
    """Waits until the server has looked at the workspace."""
    wire.until(lambda: heard(wire), "the workspace is known")


def heard(wire: Wire) -> list[Message]:
    return [params for method, params in wire.notifications if method == "envlens/environmentsChanged"]


def says(wire: Wire, uri: str) -> list[str]:
    return wire.titles(uri, about_hashes=False)


def shown(wire: Wire) -> list[str]:
    return [params["message"] for method, params in wire.notifications if method == "window/showMessage"]


def run(folder: Path, *arguments: str) -> str:
    """The command of another process."""
    command = [sys.executable, "-m", "envlens", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


def test_from_the_line_above(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    (lens,) = wire.lenses(uri, about_hashes=False)
    assert lens["command"]["title"] == "Register churn as 1"
    made = wire.run(lens["command"]["command"], *lens["command"]["arguments"])
    assert (made["status"], made["problem"], made["errors"]) == ("created", None, 0)
    assert made["environment"]["name"] == "churn"
    assert made["environment"]["version"] == "1"
    assert shown(wire) == ["registered churn:1"]
    assert says(wire, uri) == ["registered as 1, unchanged"]
    assert (
        json.loads(run(folder, "show", "churn", "--format", "json"))["environment"]["fingerprint"]
        == (made["environment"]["fingerprint"])
    )


def test_unsaved_text_of_a_conda_file_counts(wire: Wire, folder: Path) -> None:
    uri, conda = wire.open(folder / "environment.yml"), wire.open(folder / "conda.yml")
    wire.run("envlens.register", {"uri": uri, "at": []})
    wire.change(conda, 2, CONDA.replace("pip=24.3.1", "pip=25.0"))
    assert says(wire, uri) == ["changed since 1", "Register churn as 2"]
    wire.change(conda, 3, f"# a comment\n{CONDA}")
    assert says(wire, uri) == ["registered as 1, unchanged"], "the service does not see comments"


def test_what_another_process_registers_arrives(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    assert says(wire, uri) == ["Register churn as 1"]
    asked = len(wire.asked_for("workspace/codeLens/refresh"))
    run(folder, "register", "environment.yml")
    wire.until(lambda: len(wire.asked_for("workspace/codeLens/refresh")) > asked, "lenses are asked for again")
    assert says(wire, uri) == ["registered as 1, unchanged"]
    assert heard(wire)[-1]["names"] == ["churn"]
    run(folder, "archive", "churn")
    wire.until(lambda: says(wire, uri) == ["'churn' is archived"], "it is archived")


def test_a_workspace_that_is_taken_away_is_empty(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    run(folder, "register", "environment.yml")
    wire.until(lambda: says(wire, uri) == ["registered as 1, unchanged"], "it is registered")
    for path in (folder.parent / "own").iterdir():
        path.unlink()
    wire.until(lambda: says(wire, uri) == ["Register churn as 1"], "it is gone")


def test_a_version_in_the_file(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml", ENVIRONMENT.replace("name: churn", 'name: churn\nversion: "3"'))
    assert says(wire, uri) == ["Register churn as 3"]
    wire.run("envlens.register", {"uri": uri, "at": []})
    assert says(wire, uri) == ["registered as 3, unchanged"]
    other = ENVIRONMENT.replace("name: churn", 'name: churn\nversion: "3"\nos_type: windows')
    wire.change(uri, 2, other)
    assert says(wire, uri) == ["changed since 3"], "it cannot be registered as 3 again"
    refused = wire.run("envlens.register", {"uri": uri, "at": []})
    assert refused["status"] == "refused"
    assert "churn:3 is registered already, with another content" in refused["problem"]
    wire.change(uri, 3, other.replace('"3"', '"4"'))
    assert says(wire, uri) == ["changed since 3", "Register churn as 4"]


def test_the_menu(wire: Wire, folder: Path) -> None:
    uri, conda = wire.open(folder / "environment.yml"), wire.open(folder / "conda.yml")
    wire.run("envlens.register", {"uri": uri, "at": []})
    wire.change(conda, 2, CONDA.replace("pip=24.3.1", "pip=25.0"))
    found = {each["title"]: each for each in wire.actions(uri, HEAD) if each["kind"].startswith("envlens.")}
    assert list(found) == [
        "Register churn as 2",
        "Compare with churn:1",
        "Open registered version churn:1",
        "Show the history of churn",
    ]
    below = {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 3}}
    assert not [each for each in wire.actions(uri, below) if each["kind"].startswith("envlens.")]
    assert not [each for each in wire.actions(uri, HEAD, ["quickfix"]) if each["kind"].startswith("envlens.")]
    only = [each["title"] for each in wire.actions(uri, HEAD, ["envlens.register"])]
    assert only == ["Register churn as 2"]

    def page(title: str) -> Any:
        command = found[title]["command"]
        return wire.run(command["command"], *command["arguments"])

    compared = page("Compare with churn:1")
    assert compared["text"].startswith("# churn: another image than in version 1\n")
    assert "`pip` `24.3.1` → `25.0`" in compared["text"]
    opened = page("Open registered version churn:1")
    assert opened["text"].startswith("# churn:1\n")
    assert "pip=24.3.1" in opened["text"]
    history = page("Show the history of churn")
    assert history["text"].startswith("# churn: history\n")
    for each in (compared, opened, history):
        assert wire.request("envlens/document", {"uri": each["uri"]})["text"] == each["text"]
    assert [each["uri"] for each in wire.asked_for("window/showDocument")] == [
        each["uri"] for each in (compared, opened, history)
    ]


def test_errors_stop_it(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml", ENVIRONMENT.replace("name: churn", "name: AzureML-churn"))
    assert says(wire, uri) == []
    refused = wire.run("envlens.register", {"uri": uri, "at": []})
    assert refused["status"] == "refused"
    assert refused["errors"] == 1
    assert "reserved prefix" in refused["problem"]
    assert shown(wire)[-1].startswith("AzureML-churn is not registered: ")


def test_warnings_are_said(wire: Wire, folder: Path) -> None:
    conda = wire.open(folder / "conda.yml", CONDA.replace("pip=24.3.1", "numpy"))
    uri = wire.open(folder / "environment.yml")
    made = wire.run("envlens.register", {"uri": uri, "at": []})
    assert (made["status"], made["warnings"]) == ("created", 1)
    assert shown(wire)[-1] == "registered churn:1, with 1 warning"
    assert wire.diagnostics(conda)


def test_a_credential_in_a_context_is_not_stored(wire: Wire, folder: Path) -> None:
    secret = "Zx81-Qq77-Lm"
    (folder / "docker").mkdir()
    (folder / "docker" / "Dockerfile").write_text(f"FROM {BASE}\n", encoding="utf-8")
    (folder / "docker" / "pip.conf").write_text(f"index-url = https://build:{secret}@pkgs.example.com/simple\n")
    uri = wire.open(folder / "context.yml", "name: ctx\nbuild:\n  path: docker\n")
    wire.until(lambda: says(wire, uri) == ["Register ctx as 1"], "the context is known")
    refused = wire.run("envlens.register", {"uri": uri, "at": []})
    assert refused["status"] == "refused"
    assert "'pip.conf' holds an address with a password" in refused["problem"]
    assert secret not in json.dumps(wire.notifications)
    stored = (
        [path.read_bytes() for path in (folder.parent / "own").glob("*")] if (folder.parent / "own").is_dir() else []
    )
    assert all(secret.encode() not in each for each in stored)
    (folder / "docker" / ".amlignore").write_text("pip.conf\n")
    wire.until(lambda: wire.run("envlens.register", {"uri": uri, "at": []})["status"] == "created", "it is left out")


def test_what_no_command_understands(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    for given in ({}, {"uri": "file:///nowhere.yml"}, {"uri": uri, "at": ["jobs", "x"]}, {"uri": 3}, None):
        refused = wire.run("envlens.register", *([given] if given is not None else []))
        assert refused["environment"] is None
        assert refused["problem"]
    for version in ("", "latest", "a b", "../x"):
        assert wire.run("envlens.register", {"uri": uri, "at": [], "version": version})["status"] == "refused"
    for name, version in (("churn", "9"), ("../../etc", "1"), ("nobody", "1"), ("churn", None)):
        assert wire.run("envlens.openRegistered", {"name": name, "version": version})["text"] is None
    assert wire.run("envlens.showHistory", {"name": "nobody"})["problem"]
    assert "nobody" in wire.request("envlens/document", {"uri": "envlens:/history/nobody/nobody-history.md"})["text"]


def test_inline_it_is_anonymous_and_without_a_line(wire: Wire, folder: Path) -> None:
    job = (
        "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n"
        f"command: python train.py\nenvironment:\n  image: {BASE}\n"
    )
    uri = wire.open(folder / "job.yml", job)
    assert says(wire, uri) == []
    made = wire.run("envlens.register", {"uri": uri, "at": ["environment"]})
    assert made["environment"]["name"] == "CliV2AnonymousEnvironment"
    assert wire.request("envlens/environments", {})["registered"] == []


def test_a_position_beyond_all_files_gets_an_answer(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    for command in ("envlens.register", "envlens.openRegistered", "envlens.showHistory", "envlens.showHash"):
        assert "problem" in wire.run(command, {"uri": uri, "at": {"line": 10**30, "character": 0}})


def test_tags_that_cannot_be_sent_or_are_endless_cost_no_lens_its_answer(wire: Wire, folder: Path) -> None:
    laughs = "  a0: &a0 [x, x]\n" + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    for name, tags in (("keys", "  a: {2020-01-01: x}\n"), ("laughs", laughs)):
        uri = wire.open(folder / f"{name}.yml", f"name: {name}\nimage: {BASE}\ntags:\n{tags}")
        assert len(wire.titles(uri)) == 1
        assert wire.run("envlens.register", {"uri": uri, "at": []})["status"] == "refused"


def test_what_trees_show(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    made = wire.run("envlens.register", {"uri": uri, "at": []})["environment"]
    (folder / "other.yml").write_text(f"name: other\nversion: 2\nimage: {BASE}\n", encoding="utf-8")
    wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": (folder / "other.yml").as_uri(), "type": 1}]})
    found = wire.request("envlens/environments", {})
    first, second = found["definitions"]
    assert (first["uri"], first["at"], first["name"], first["fingerprint"]) == (uri, [], "churn", made["fingerprint"])
    assert (second["name"], second["version"], second["kind"]) == ("other", "2", "user-managed")
    assert found["registered"] == [
        {
            "name": "churn",
            "archived": False,
            "latest": "1",
            "versions": [{"version": "1", "fingerprint": made["fingerprint"], "archived": False}],
        }
    ]
    assert found["workspace"] is True


def test_references_are_checked_and_completed(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    wire.run("envlens.register", {"uri": uri, "at": []})
    (folder / "environment.yml").unlink()
    wire.close(uri)
    job = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: python train.py\n"
    at = wire.open(folder / "job.yml", f"{job}environment: azureml:\n")
    params = {"textDocument": {"uri": at}, "position": {"line": 2, "character": 21}}
    labels = [each["label"] for each in wire.request("textDocument/completion", params)["items"]]
    assert "azureml:churn:1" in labels
    wire.change(at, 2, f"{job}environment: azureml:chrun:1\n")
    assert [each["code"] for each in wire.diagnostics(at)] == ["environment-not-found"]
    wire.change(at, 3, f"{job}environment: azureml:churn:1\n")
    assert wire.diagnostics(at) == []
    run(folder, "archive", "churn:1")
    wire.until(lambda: [each["code"] for each in wire.diagnostics(at)] == ["archived-environment"], "it is archived")


def test_a_client_that_asks_for_no_text_gets_whole_lines(folder: Path) -> None:
    with Wire(folder) as wire:
        known(wire)
        uri = wire.open(folder / "environment.yml")
        found = wire.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert [each["command"]["title"] for each in found][1:] == ["Register churn as 1"]


def test_a_damaged_workspace_is_said_and_nothing_else_suffers(folder: Path) -> None:
    own = folder.parent / "own"
    own.mkdir()
    (own / "workspace.db").write_bytes(b"no database at all, but long enough to be one" * 100)
    with Wire(folder, capabilities=CAPABILITIES) as wire:
        uri = wire.open(folder / "environment.yml")
        assert len(wire.titles(uri)) == 1
        assert says(wire, uri) == []
        refused = wire.run("envlens.register", {"uri": uri, "at": []})
        assert "workspace.db" in refused["problem"]
        assert wire.diagnostics(uri) == []
        assert b"workspace.db" in wire.stderr


def test_opening_a_folder_makes_no_workspace(folder: Path) -> None:
    with Wire(folder, capabilities=CAPABILITIES) as wire:
        known(wire)
        uri = wire.open(folder / "environment.yml")
        assert says(wire, uri) == ["Register churn as 1"]
    assert not (folder.parent / "own").exists()


def test_the_file_is_the_users_own(wire: Wire, folder: Path) -> None:
    uri = wire.open(folder / "environment.yml")
    wire.run("envlens.register", {"uri": uri, "at": []})
    own = folder.parent / "own"
    assert own.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in own.iterdir())
    with sqlite3.connect(f"file:{own / 'workspace.db'}?mode=ro", uri=True) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
