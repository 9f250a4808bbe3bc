from __future__ import annotations

import json
import re
import shlex
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from git_maker import needs_git

from .document import (
    BAD_NAME,
    LENS,
    NAME_RULE,
    OTHER_RULES,
    PROJECT,
    envlens,
    server_command,
    write_colleague,
    write_context,
    write_project,
    write_repository,
    write_workspace,
)
from .vscode import VSCode

COMMAND = "envlens.server.command"


def test_package_holds_what_it_needs_and_nothing_else(extension: Path) -> None:
    with zipfile.ZipFile(extension) as archive:
        names = set(archive.namelist())
        manifest: dict[str, Any] = json.loads(archive.read("extension/package.json"))
    assert names == {
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/changelog.md",
        "extension/dist/THIRD-PARTY-NOTICES.txt",
        "extension/dist/extension.js",
        "extension/package.json",
        "extension/readme.md",
    }
    assert "extensionDependencies" not in manifest
    assert manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] == [COMMAND]


def test_finding_hover_fix_and_rule_page(trusting_vscode: VSCode, tmp_path: Path) -> None:
    file = write_workspace(tmp_path / "workspace")
    report = trusting_vscode("fix", file, {COMMAND: server_command()})
    assert NAME_RULE in report["hover"]
    assert any(re.search("rename", title, re.IGNORECASE) for title in report["actions"])
    assert BAD_NAME not in file.read_text(encoding="utf-8")
    problems = "\n".join(report["problems"])
    assert NAME_RULE not in problems
    assert all(rule in problems for rule in OTHER_RULES)
    assert report["rulePage"].endswith(".md")
    assert report["toasts"] == []


@needs_git
def test_lens_hash_and_comparison(trusting_vscode: VSCode, tmp_path: Path) -> None:
    file = write_repository(tmp_path / "workspace")
    report = trusting_vscode("lens", file, {COMMAND: server_command()})
    assert report["lens"].endswith(f" · {LENS}")
    assert "conda key" in report["hover"]
    assert "CliV2AnonymousEnvironment" in report["hover"]
    page = "\n".join(report["page"]).replace("\u00a0", " ")
    assert page.startswith("# churn: another image than in HEAD")
    assert "`pandas` `2.1.4` → `2.2.3`" in page
    assert report["toasts"] == []


def test_registering(trusting_vscode: VSCode, tmp_path: Path) -> None:
    theirs = write_colleague(tmp_path / "theirs" / PROJECT)
    envlens("register", theirs.with_name("old.yml"), "--allow-errors")
    envlens("archive", "old")
    file = write_project(tmp_path / PROJECT)
    report = trusting_vscode("register", file, {COMMAND: server_command()}, beside=theirs.parent)
    assert [each[1:] for each in map(said, (report[key] for key in ("unregistered", "registered", "edited")))] == [
        ["Register churn as 1"],
        ["registered as 1, unchanged"],
        ["changed since 1", "Register churn as 2"],
    ]
    assert said(report["overtaken"])[1:] == ["changed since 3", "Register churn as 4"]
    compared = "\n".join(said(report["compared"]))
    assert compared.startswith("# churn: another image than in version 3")
    assert "`mlflow` `2.20.1` → `2.19.0`" in compared
    assert {
        "Register churn as 4",
        "Compare with churn:3",
        "Open registered version churn:3",
        "Show the history of churn",
    } <= set(said(report["actions"]))
    history = "\n".join(said(report["history"]))
    by = r"## Version 3\n.* by grace: .*another image.*## Version 2\n.* by ada: .*another image.*## Version 1\n"
    assert re.search(by, history, re.DOTALL)
    assert any("churn:3" in each for each in said(report["completion"]))
    problems = "\n".join(said(report["problems"]))
    assert "called 'chrun'; did you mean 'churn'?" in problems
    assert "'old' is archived in the workspace" in problems


def said(texts: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ").strip() for text in texts if text.strip()]


def test_dockerfile_and_what_it_draws_on(trusting_vscode: VSCode, tmp_path: Path) -> None:
    file = write_context(tmp_path / "workspace")
    report = trusting_vscode("context", file, {COMMAND: server_command()}, tmp_path / "workspace")
    assert report["toasts"] == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["no-such-envlens", "server"], "the command 'no-such-envlens' was not found"),
        ([sys.executable, "-c", "raise SystemExit('broken')"], "before it was ready"),
    ],
    ids=["not-found", "ends-at-once"],
)
def test_server_that_does_not_start_is_reported_once(
    command: list[str], message: str, trusting_vscode: VSCode, tmp_path: Path
) -> None:
    file = write_workspace(tmp_path / "workspace")
    report = trusting_vscode("broken", file, {COMMAND: command})
    assert len(report["toasts"]) == 1
    assert message in report["toasts"][0]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell")
def test_no_workspace_says_where_the_embedded_workspace_is(trusting_vscode: VSCode, tmp_path: Path) -> None:
    file = write_workspace(tmp_path / "workspace")
    sent = tmp_path / "sent"
    (file.parent / ".vscode").mkdir()
    theirs = {"envlens.workspace": "/their/one.db", "envlens": {"workspace": "/their/two.db"}}
    (file.parent / ".vscode" / "settings.json").write_text(json.dumps(theirs), encoding="utf-8")
    command = ["/bin/sh", "-c", f"tee '{sent}' | {shlex.join(server_command())}"]
    report = trusting_vscode("look", file, {COMMAND: command, "envlens.workspace": "/our/own.db"})
    assert report["toasts"] == []
    assert b"/our/own.db" in sent.read_bytes()
    assert b"/their/" not in sent.read_bytes()


@pytest.mark.parametrize("is_nested", [False, True], ids=["its-key", "an-object"])
def test_untrusted_workspace_cannot_choose_the_program(
    is_nested: bool, wary_vscode: VSCode, tmp_path: Path
) -> None:
    file = write_workspace(tmp_path / "workspace")
    trace = tmp_path / "the-workspace-ran-a-program"
    chosen = [sys.executable, "-c", f"open({str(trace)!r}, 'w')"]
    (file.parent / ".vscode").mkdir()
    theirs = {"envlens": {"server": {"command": chosen}}} if is_nested else {COMMAND: chosen}
    (file.parent / ".vscode" / "settings.json").write_text(json.dumps(theirs), encoding="utf-8")
    report = wary_vscode("look", file, {COMMAND: server_command()})
    assert report["restricted"] == 1
    assert report["toasts"] == []
    assert not trace.exists()
